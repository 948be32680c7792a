// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleCallback} from "./IOracleCallback.sol";
import {FailReason, IOracleRegistry} from "./IOracleRegistry.sol";

/// @title OracleClient: inherit it to ask the oracle
/// @notice Call {_ask}, override {_onAnswer} and, if failures matter, {_onFailure}. Only the registry can deliver, only to a
/// request that this contract made, each stage once and in order. What a request did not spend is taken back by {_reclaim}.
abstract contract OracleClient is IOracleCallback {
    /// @param nextStage The stage whose delivery is awaited.
    /// @param over A failure was delivered: nothing follows.
    struct Asked {
        bool exists;
        uint8 nextStage;
        bool over;
        bool reclaimed;
    }

    IOracleRegistry public immutable registry;
    uint256 public immutable providerId;

    mapping(uint256 id => Asked) private _asked;

    error NotTheRegistry(address registry, address caller);
    error NeverAsked(uint256 id);
    error StageOutOfOrder(uint256 id, uint8 expected, uint8 actual);
    error AlreadyOver(uint256 id);
    error AlreadyReclaimed(uint256 id);

    /// @param registry_ The OracleRegistry that is asked and believed.
    /// @param providerId_ The provider, as the registry numbers it.
    constructor(IOracleRegistry registry_, uint256 providerId_) {
        registry = registry_;
        providerId = providerId_;
    }

    /// @notice Takes what the registry pays; nobody else can pay in by mistake.
    receive() external payable virtual {
        _onlyRegistry();
    }

    /// @inheritdoc IOracleCallback
    function onOracleAnswer(uint256 id, uint8 stage, bool ok, bytes calldata data) external {
        Asked storage asked = _asked[id];
        _onlyRegistry();
        if (!asked.exists) revert NeverAsked(id);
        if (asked.over) revert AlreadyOver(id);
        if (stage != asked.nextStage) revert StageOutOfOrder(id, asked.nextStage, stage);

        asked.nextStage = stage + 1;
        asked.over = !ok;

        if (ok) _onAnswer(id, stage, data);
        else _onFailure(id, stage, abi.decode(data, (FailReason)));
    }

    /// @notice Asks the provider; this contract pays `fee` out of its balance.
    /// @param job The job's number ({EdgeJobs} for the Edge provider).
    /// @param payload What is asked, encoded as the job says.
    /// @param maxBytes The largest content, in bytes of its CAR, that the operators are to handle.
    /// @param fee Exactly what the registry's quote says, attoFIL.
    /// @param deadlineEpoch The last epoch, inclusive, at which an answer is accepted.
    /// @return id The request, as answers will name it.
    function _ask(
        uint32 job,
        bytes memory payload,
        uint64 maxBytes,
        uint256 fee,
        uint64 deadlineEpoch
    ) internal returns (uint256 id) {
        id = registry.request{value: fee}(providerId, job, payload, maxBytes, deadlineEpoch);

        _asked[id].exists = true;
    }

    /// @notice Takes back what a request did not spend, once: after its deadline it ends the request first.
    /// @dev Reverts with {NeverAsked}, {AlreadyReclaimed}, and as {IOracleRegistry-refund} does while the request can still be
    /// answered. Others may have had the registry pay this contract before; the amount is the same.
    /// @return amount What this contract now holds for this request, attoFIL.
    function _reclaim(uint256 id) internal returns (uint256 amount) {
        Asked storage asked = _asked[id];
        if (!asked.exists) revert NeverAsked(id);
        if (asked.reclaimed) revert AlreadyReclaimed(id);

        asked.reclaimed = true;

        if (registry.getRequest(id).state == IOracleRegistry.RequestState.Open) registry.refund(id);
        if (registry.creditOf(address(this)) != 0) registry.withdraw();
        return registry.getRequest(id).refunded;
    }

    /// @notice A stage was answered. What reverts here is not lost: anyone can have the answer delivered again.
    /// @param stage From 0, each once, in order.
    /// @param data The answer, encoded as the job says.
    function _onAnswer(uint256 id, uint8 stage, bytes calldata data) internal virtual;

    /// @notice The operators agreed that the request cannot be served; nothing follows, and what was not spent can be reclaimed.
    function _onFailure(uint256 id, uint8 stage, FailReason reason) internal virtual {}

    function _onlyRegistry() private view {
        if (msg.sender != address(registry)) revert NotTheRegistry(address(registry), msg.sender);
    }
}
