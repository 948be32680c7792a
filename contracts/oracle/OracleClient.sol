// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";
import {OracleCaller} from "./OracleCaller.sol";

/// @title OracleClient: inherit it to ask the oracle
/// @notice Call {_ask}, override {_onAnswer} and, if failures matter, {_onFailure}. Whoever's call asked takes back what the request
/// did not spend by {refundTo}.
abstract contract OracleClient is OracleCaller {
    event RefundedTo(uint256 indexed id, address indexed to, uint256 amount);

    error NotAsker(address asker, address caller);
    error NothingToRefund(uint256 id);
    error RefundFailed(address to, uint256 amount);

    constructor(IOracleRegistry registry_, uint256 providerId_) OracleCaller(registry_, providerId_) {}

    /// @notice Pays `to` what a request did not spend: after its deadline, a failure, a cancellation, or an answer that was undone.
    /// Only the account whose call asked; again when more came back.
    /// @dev Emits {RefundedTo}. Reverts with {NeverAsked}, {NotAsker}, {NothingToRefund}, {RefundFailed}, and as
    /// {IOracleRequests-refund} does while the request can still be answered.
    /// @return amount attoFIL paid.
    function refundTo(uint256 id, address payable to) external returns (uint256 amount) {
        address asker = _askerOf(id);
        if (msg.sender != asker) revert NotAsker(asker, msg.sender);

        amount = _reclaim(id);
        if (amount == 0) revert NothingToRefund(id);

        emit RefundedTo(id, to, amount);

        if (!LowLevelCall.callNoReturn(to, amount, "")) revert RefundFailed(to, amount);
    }
}
