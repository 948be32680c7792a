// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Extension} from "../Extension.sol";
import {DealCheck} from "../filecoin/DealCheck.sol";
import {CidList} from "./CidList.sol";
import {AggregatedDeal} from "./Frc0087.sol";
import {Page} from "../Page.sol";

/// @title CidCatalogue: the enumerable part of FRC-0087
/// @notice What each function does is written in {IAggregatorOracle}.
abstract contract CidCatalogue is CidList, Extension {
    function getAllCIDs(uint64 startIndex, uint64 count) external view onlyDelegated returns (bytes[] memory cids) {
        cids = new bytes[](Page.sizeAt(_hashes.length, startIndex, count));
        for (uint256 i = 0; i < cids.length; ++i) cids[i] = _cidOf(_hashes[startIndex + i]);
    }

    function getAllDeals(
        bytes memory cid,
        uint64 startIndex,
        uint64 count
    ) external view onlyDelegated returns (AggregatedDeal[] memory deals) {
        AggregatedDeal[] storage all = _entries[keccak256(cid)].deals;
        deals = new AggregatedDeal[](Page.sizeAt(all.length, startIndex, count));
        for (uint256 i = 0; i < deals.length; ++i) deals[i] = _at(all, startIndex + i);
    }

    function getActiveDeals(bytes memory cid) external view onlyDelegated returns (AggregatedDeal[] memory) {
        return _running(cid, type(uint64).max);
    }

    function getExpiringDeals(
        bytes memory cid,
        uint64 epochs
    ) external view onlyDelegated returns (AggregatedDeal[] memory) {
        return _running(cid, epochs);
    }

    function _at(AggregatedDeal[] storage all, uint256 i) private view returns (AggregatedDeal memory) {
        return all[i];
    }

    function _running(bytes memory cid, uint64 atMost) private view returns (AggregatedDeal[] memory running) {
        AggregatedDeal[] storage all = _entries[keccak256(cid)].deals;
        uint256 start = Page.startOfNewest(all.length);
        running = new AggregatedDeal[](all.length - start);
        uint256 found = 0;
        for (uint256 i = start; i < all.length; ++i) {
            uint64 remaining = DealCheck.remainingEpochs(all[i].dealId);
            if (remaining != 0 && remaining <= atMost) running[found++] = _at(all, i);
        }
        assembly ("memory-safe") {
            mstore(running, found)
        }
    }
}
