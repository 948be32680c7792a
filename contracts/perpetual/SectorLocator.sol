// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MarketActor} from "../filecoin/MarketActor.sol";
import {MinerActor} from "../filecoin/MinerActor.sol";
import {ISectorLocator} from "./ISectorLocator.sol";

/// @title SectorLocator
/// @dev No state and no money: what it says is what the actors say now.
contract SectorLocator is ISectorLocator {
    /// @inheritdoc ISectorLocator
    function locate(uint64 provider, uint64 sector) external view returns (Location memory) {
        return _locate(provider, sector);
    }

    /// @inheritdoc ISectorLocator
    function locateDeal(uint64 dealId) external view returns (Location memory found) {
        (int256 exitCode, uint64 provider) = MarketActor.getDealProvider(dealId);
        if (exitCode == 0) {
            uint64 sector;
            (exitCode, sector) = MarketActor.getDealSector(dealId);
            if (exitCode == 0) return _locate(provider, sector);
        }
        found.exitCode = exitCode;
        found.provider = provider;
    }

    function _locate(uint64 provider, uint64 sector) private view returns (Location memory found) {
        found.provider = provider;
        found.sector = sector;
        (found.exitCode, found.status, found.location) = MinerActor.generateSectorLocation(provider, sector);
    }
}
