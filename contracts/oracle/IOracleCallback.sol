// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title What a contract that asks {IOracleRegistry} is called with
interface IOracleCallback {
    /// @notice Delivers the answer to one stage of a request that this contract made.
    /// @dev Called by the registry with the provider's gas ceiling and value 0, once per stage that succeeds, in order.
    /// A revert is recorded and anyone may have the call made again by {IOracleRegistry-deliver}.
    /// @param id The request, as {IOracleRegistry-request} returned it.
    /// @param stage The stage that is answered, from 0.
    /// @param ok True for an answer, false for a failure, which is the request's last stage.
    /// @param data The answer, encoded as the job says ({EdgeJobs}); for a failure `abi.encode(FailReason)`.
    function onOracleAnswer(uint256 id, uint8 stage, bool ok, bytes calldata data) external;
}
