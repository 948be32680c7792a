// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Vm
/// @notice The cheat codes of Hardhat's Solidity test runner that the tests here use.
interface Vm {
    /// @notice Drops this fuzz run unless `condition` holds.
    function assume(bool condition) external pure;

    /// @notice The next call comes from `sender`.
    function prank(address sender) external;

    /// @notice Calls come from `sender` until {stopPrank}.
    function startPrank(address sender) external;

    function stopPrank() external;

    /// @notice The next call must revert with exactly `revertData`.
    function expectRevert(bytes calldata revertData) external;

    /// @notice The next call must revert with the error of this selector and no arguments.
    function expectRevert(bytes4 revertData) external;

    /// @notice The next call must emit the event that the test emits right behind this.
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data) external;

    /// @notice Sets the block's number: the epoch.
    function roll(uint256 number) external;

    /// @notice Sets the id of the chain.
    function chainId(uint256 newChainId) external;

    /// @notice Sets the block's timestamp in seconds.
    function warp(uint256 timestamp) external;

    /// @notice Sets the code at `target`.
    function etch(address target, bytes calldata code) external;

    /// @notice Calls of `callee` whose data begins with `data` return `returnData`.
    function mockCall(address callee, bytes calldata data, bytes calldata returnData) external;

    /// @notice Sets the balance of `account` in attoFIL.
    function deal(address account, uint256 balance) external;
}

/// @dev Where the runner answers to {Vm}.
Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
