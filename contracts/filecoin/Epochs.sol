// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Epochs
/// @notice Filecoin's clock: one epoch is 30 seconds, and the EVM's block number is the epoch.
library Epochs {
    uint64 internal constant SECONDS_PER_EPOCH = 30;

    uint64 internal constant DAY = 2880;

    /// @notice Shortest deal the built-in market accepts: 180 days (builtin-actors, market policy).
    uint64 internal constant MIN_DEAL_DURATION = 180 * DAY;

    /// @notice Longest deal the built-in market accepts: 1278 days.
    uint64 internal constant MAX_DEAL_DURATION = 1278 * DAY;

    /// @notice A number that is to be an epoch is beyond what Filecoin can express (a signed 64-bit integer).
    error EpochTooLarge(uint256 max, uint256 actual);

    /// @notice The current epoch.
    function current() internal view returns (int64) {
        return toEpoch(block.number);
    }

    /// @notice `number` as Filecoin's signed epoch.
    /// @dev Reverts with {EpochTooLarge}.
    function toEpoch(uint256 number) internal pure returns (int64) {
        uint256 max = uint256(uint64(type(int64).max));
        if (number > max) revert EpochTooLarge(max, number);
        return int64(uint64(number));
    }
}
