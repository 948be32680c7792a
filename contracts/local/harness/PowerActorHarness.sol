// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {PowerActor} from "../../filecoin/PowerActor.sol";

/// @title PowerActorHarness
/// @notice {PowerActor} as calls.
contract PowerActorHarness {
    uint64 public constant ID = PowerActor.ID;

    function isMiner(uint64 actorId) external view returns (bool) {
        return PowerActor.isMiner(actorId);
    }

    function minerPower(uint64 miner) external view returns (int256 exitCode, uint256 raw, uint256 qualityAdjusted) {
        return PowerActor.minerPower(miner);
    }

    function minerRawPower(uint64 miner) external view returns (int256 exitCode, uint256 raw, bool meetsMinimum) {
        return PowerActor.minerRawPower(miner);
    }

    function minerCount() external view returns (int256 exitCode, uint64 count) {
        return PowerActor.minerCount();
    }

    function networkRawPower() external view returns (int256 exitCode, uint256 raw) {
        return PowerActor.networkRawPower();
    }
}
