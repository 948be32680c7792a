// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title ExitCode
/// @notice What a message to an actor ends with: 0, an exit code above it, or a syscall's error number below it.
library ExitCode {
    uint32 internal constant OK = 0;
    uint32 internal constant ILLEGAL_ARGUMENT = 16;
    uint32 internal constant NOT_FOUND = 17;
    uint32 internal constant FORBIDDEN = 18;
    uint32 internal constant INSUFFICIENT_FUNDS = 19;
    uint32 internal constant ILLEGAL_STATE = 20;
    uint32 internal constant SERIALIZATION = 21;
    uint32 internal constant UNHANDLED_MESSAGE = 22;
    uint32 internal constant READ_ONLY = 25;

    /// @notice The market's own: the deal was removed (terminated, settled after its end, or timed out).
    uint32 internal constant DEAL_EXPIRED = 32;
    /// @notice The market's own: the deal is not in a sector yet.
    uint32 internal constant DEAL_NOT_ACTIVATED = 33;
    /// @notice The EVM actor's own: the contract reverted.
    uint32 internal constant EVM_REVERTED = 33;

    int256 internal constant SYS_INSUFFICIENT_FUNDS = -5;
    int256 internal constant SYS_NOT_FOUND = -6;
    int256 internal constant SYS_READ_ONLY = -13;
}
