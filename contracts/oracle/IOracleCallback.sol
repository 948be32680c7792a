// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title What a contract that asks {IOracleRegistry} is called with
/// @dev Called by the registry with the version's gas ceiling and value 0.
interface IOracleCallback {
    /// @notice Delivers the answer to one stage of a request that this contract made, once per stage that succeeds, in order: when
    /// the answer is final, or at its quorum if this contract asked for that ({IOracleRequests-allowEarly}).
    /// @dev A revert is recorded and anyone may have the call made again by {IOracleRequests-deliver}.
    /// @param id The request, as {IOracleRequests-request} returned it.
    /// @param stage The stage that is answered, from 0.
    /// @param ok True for an answer, false for a failure, which is the request's last stage.
    /// @param data The answer, encoded as the job says; for a failure `abi.encode(FailReason)`.
    function onOracleAnswer(uint256 id, uint8 stage, bool ok, bytes calldata data) external;

    /// @notice An answer that was delivered early was undone, and so was every later one; nothing follows for this request.
    /// @dev Called once, and again if an answer before it is undone later; a revert is recorded, the request's state tells the same.
    /// @param stage The first stage that is undone.
    function onOracleAnswerCancelled(uint256 id, uint8 stage) external;
}
