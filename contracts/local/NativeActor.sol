// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorMessage} from "./ActorMessage.sol";
import {ExitCode} from "./ExitCode.sol";
import {INativeActor} from "./INativeActor.sol";
import {MethodNumber} from "./MethodNumber.sol";

/// @notice Ends a message with `exitCode`, undoing what it wrote. An ordinary transaction to a stand-in reverts with it.
error ActorExit(uint32 exitCode);

/// @title NativeActor
/// @notice What all stand-ins of built-in actors share: the gate before their methods, and exit codes in place of reverts.
abstract contract NativeActor is INativeActor {
    uint32 private constant ASSERTION_FAILED = 24;

    /// @inheritdoc INativeActor
    function handle_filecoin_method(
        uint64 method,
        uint64 codec,
        bytes calldata params
    ) external payable returns (uint32 exitCode, uint64 returnCodec, bytes memory data) {
        if (method == MethodNumber.SEND) return (ExitCode.OK, 0, "");
        if (method < MethodNumber.FIRST_EXPORTED) return (ExitCode.FORBIDDEN, 0, "");

        // Its own call frame, so that an exit code undoes what the method wrote; DELEGATECALL keeps sender and value.
        (bool success, bytes memory answer) = address(this).delegatecall(
            abi.encodeCall(this.run, (method, codec != 0, params))
        );
        if (!success) return (_exitCodeOf(answer), 0, "");

        data = abi.decode(answer, (bytes));
        return (ExitCode.OK, data.length == 0 ? 0 : ActorMessage.CBOR, data);
    }

    /// @notice Runs `method` and reverts with {ActorExit} where the actor would exit; for {handle_filecoin_method} alone.
    function run(uint64 method, bool hasParams, bytes calldata params) external payable returns (bytes memory) {
        return _run(method, hasParams, params);
    }

    /// @dev Answers with CBOR, or nothing. Reverts with {ActorExit}.
    function _run(uint64 method, bool hasParams, bytes calldata params) internal virtual returns (bytes memory);

    /// @dev A method that takes parameters exits 16 without them, and one that takes none exits 16 with them.
    function _expectParams(bool expected, bool given) internal pure {
        if (expected != given) revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);
    }

    function _exitCodeOf(bytes memory reason) private pure returns (uint32) {
        // A write in a read-only message halts its frame without a reason.
        if (reason.length == 0) return ExitCode.READ_ONLY;
        if (bytes4(reason) != ActorExit.selector || reason.length != 36) return ASSERTION_FAILED;

        uint256 exitCode;
        assembly ("memory-safe") {
            exitCode := mload(add(reason, 36))
        }
        return uint32(exitCode);
    }
}
