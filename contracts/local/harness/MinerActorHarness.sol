// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MinerActor} from "../../filecoin/MinerActor.sol";

/// @title MinerActorHarness
/// @notice {MinerActor} as calls.
contract MinerActorHarness {
    uint8 public constant SECTOR_DEAD = MinerActor.SECTOR_DEAD;
    uint8 public constant SECTOR_ACTIVE = MinerActor.SECTOR_ACTIVE;
    uint8 public constant SECTOR_FAULTY = MinerActor.SECTOR_FAULTY;

    function getOwner(uint64 miner) external view returns (int256 exitCode, bytes memory owner, bytes memory proposed) {
        return MinerActor.getOwner(miner);
    }

    function isControllingAddress(
        uint64 miner,
        bytes memory filAddress
    ) external view returns (int256 exitCode, bool controlling) {
        return MinerActor.isControllingAddress(miner, filAddress);
    }

    function getSectorSize(uint64 miner) external view returns (int256 exitCode, uint64 size) {
        return MinerActor.getSectorSize(miner);
    }

    function getBeneficiary(
        uint64 miner
    ) external view returns (int256 exitCode, MinerActor.Beneficiary memory active) {
        return MinerActor.getBeneficiary(miner);
    }

    function validateSectorStatus(
        uint64 miner,
        uint64 sector,
        uint8 status,
        bytes memory location
    ) external view returns (int256 exitCode, bool holds) {
        return MinerActor.validateSectorStatus(miner, sector, status, location);
    }

    function generateSectorLocation(
        uint64 miner,
        uint64 sector
    ) external view returns (int256 exitCode, uint64 status, bytes memory location) {
        return MinerActor.generateSectorLocation(miner, sector);
    }

    function getNominalSectorExpiration(
        uint64 miner,
        uint64 sector
    ) external view returns (int256 exitCode, int64 expiration) {
        return MinerActor.getNominalSectorExpiration(miner, sector);
    }
}
