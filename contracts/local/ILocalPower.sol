// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title ILocalPower
/// @notice What a local chain can tell the stand-in of the power actor (f04), beside its messages.
interface ILocalPower {
    /// @notice Counts the actor `id` as a miner from now on; for anyone, any number of times.
    function addMiner(uint64 id) external;

    /// @notice Whether the actor `id` is a miner.
    function isMiner(uint64 id) external view returns (bool);
}
