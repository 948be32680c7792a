// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason} from "./FailReason.sol";
import {IOracleCallback} from "./IOracleCallback.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title OracleCaller: what {OracleClient} stands on
/// @notice Asks, and takes each answer once, in order, and only for what this contract asked: from the registry as a callback, or from
/// anybody who brings an answer that the registry says is final ({sync}). Inherit it, rather than {OracleClient}, to keep money of
/// many users in a ledger of your own.
abstract contract OracleCaller is IOracleCallback {
    /// @param asker Whose call asked.
    /// @param nextStage The stage whose answer is awaited.
    /// @param over A failure was taken, or an answer undone: nothing follows.
    /// @param reclaimed What {_reclaim} has told of so far, attoFIL.
    struct Asked {
        address asker;
        uint8 nextStage;
        bool over;
        uint256 reclaimed;
    }

    IOracleRegistry public immutable registry;
    uint256 public immutable providerId;

    mapping(uint256 id => Asked) private _asked;

    /// @dev While an answer is taken: who brought it, and whose call had asked.
    address private transient _bringer;
    address private transient _answered;

    error NotTheRegistry(address registry, address caller);
    error NeverAsked(uint256 id);
    error StageOutOfOrder(uint256 id, uint8 expected, uint8 actual);
    error AlreadyOver(uint256 id);
    error NotFinal(uint256 id, uint8 stage);
    error NotTheAnswer(bytes32 expected, bytes32 actual);

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
    /// @dev A stage that was taken before (by {sync}) is taken as done and changes nothing.
    function onOracleAnswer(uint256 id, uint8 stage, bool ok, bytes calldata data) external {
        _onlyRegistry();
        if (stage < _known(id).nextStage) return;

        _take(id, stage, ok, data);
    }

    /// @inheritdoc IOracleCallback
    function onOracleAnswerCancelled(uint256 id, uint8 stage) external {
        _onlyRegistry();
        Asked storage asked = _known(id);
        if (stage >= asked.nextStage) revert StageOutOfOrder(id, asked.nextStage, stage);

        asked.nextStage = stage;
        asked.over = true;

        (address bringer, address answered) = _bring(msg.sender, asked.asker);
        _onAnswerCancelled(id, stage);
        _bring(bringer, answered);
    }

    /// @notice Takes an answer that is final without the registry's callback, and with all the gas of this transaction: anyone may,
    /// with the answer's data at hand.
    /// @dev Reverts with {NeverAsked}, {NotFinal}, {NotTheAnswer}, {AlreadyOver}, {StageOutOfOrder}.
    function sync(uint256 id, uint8 stage, bytes calldata data) external {
        _known(id);
        IOracleRequests.AnswerView memory answer = registry.getAnswer(id, stage);
        if (answer.standing != IOracleRequests.AnswerStanding.Final) revert NotFinal(id, stage);
        bytes32 actual = keccak256(abi.encode(answer.ok, data));
        if (actual != answer.answerHash) revert NotTheAnswer(answer.answerHash, actual);

        _take(id, stage, answer.ok, data);
    }

    /// @notice Asks the provider; this contract pays `fee` out of its balance. What is asked on while an answer is taken is asked for
    /// whoever's call asked that was answered: anybody may bring an answer ({sync}), and a refund is not theirs.
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

        _asked[id].asker = msg.sender == _bringer ? _answered : msg.sender;
    }

    /// @notice Takes back what a request did not spend; after its deadline it ends the request first. Each attoFIL is told of once:
    /// an answer that is undone later gives more back, and the next call tells of that.
    /// @dev Reverts with {NeverAsked}, and as {IOracleRequests-refund} does while the request can still be answered. Others may have
    /// had the registry pay this contract before; the amount is the same. What came back is known only after the calls to the
    /// registry, which calls nothing but {receive} meanwhile.
    /// @return amount What this contract now holds for this request beyond earlier calls, attoFIL; 0 if nothing came back since.
    function _reclaim(uint256 id) internal returns (uint256 amount) {
        Asked storage asked = _known(id);
        if (registry.getRequest(id).state == IOracleRequests.RequestState.Open) registry.refund(id);
        if (registry.creditOf(address(this)) != 0) registry.withdraw();

        uint256 refunded = registry.getRequest(id).refunded;
        amount = refunded - asked.reclaimed;
        asked.reclaimed = refunded;
    }

    /// @notice Whose call asked; reverts with {NeverAsked}.
    function _askerOf(uint256 id) internal view returns (address) {
        return _known(id).asker;
    }

    /// @notice A stage was answered. What reverts here is not lost: anyone can have the answer delivered again.
    /// @param stage From 0, each once, in order.
    /// @param data The answer, encoded as the job says.
    function _onAnswer(uint256 id, uint8 stage, bytes calldata data) internal virtual;

    /// @notice The operators agreed that the request cannot be served; nothing follows, and what was not spent can be reclaimed.
    function _onFailure(uint256 id, uint8 stage, FailReason reason) internal virtual {}

    /// @notice An answer that was taken early was undone, and with it every later one; nothing follows.
    function _onAnswerCancelled(uint256 id, uint8 stage) internal virtual {}

    function _take(uint256 id, uint8 stage, bool ok, bytes calldata data) private {
        Asked storage asked = _asked[id];
        if (asked.over) revert AlreadyOver(id);
        if (stage != asked.nextStage) revert StageOutOfOrder(id, asked.nextStage, stage);

        asked.nextStage = stage + 1;
        asked.over = !ok;

        (address bringer, address answered) = _bring(msg.sender, asked.asker);
        if (ok) _onAnswer(id, stage, data);
        else _onFailure(id, stage, abi.decode(data, (FailReason)));
        _bring(bringer, answered);
    }

    /// @return The same of an answer that is being taken already, to go on with after this one.
    function _bring(address bringer, address asker) private returns (address, address) {
        (address outerBringer, address outerAnswered) = (_bringer, _answered);
        (_bringer, _answered) = (bringer, asker);
        return (outerBringer, outerAnswered);
    }

    function _known(uint256 id) private view returns (Asked storage asked) {
        asked = _asked[id];
        if (asked.asker == address(0)) revert NeverAsked(id);
    }

    function _onlyRegistry() private view {
        if (msg.sender != address(registry)) revert NotTheRegistry(address(registry), msg.sender);
    }
}
