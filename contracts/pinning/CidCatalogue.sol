// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {DealCheck} from "../filecoin/DealCheck.sol";
import {MarketActor} from "../filecoin/MarketActor.sol";
import {AggregatedDeal} from "./Frc0087.sol";
import {IAggregatorOracle} from "./IAggregatorOracle.sol";
import {Page} from "./Page.sol";

/// @title CidCatalogue
/// @notice The enumerable part of FRC-0087: every CID that was asked for, and the deals proven for it, each once however many
/// requests it served.
abstract contract CidCatalogue is IAggregatorOracle {
    struct Entry {
        bytes cid;
        AggregatedDeal[] deals;
        mapping(uint64 dealId => bool) listed;
    }

    mapping(bytes32 cidHash => Entry) private _entries;
    bytes32[] private _hashes;

    /// @inheritdoc IAggregatorOracle
    function getAllCIDs(uint64 startIndex, uint64 count) external view returns (bytes[] memory cids) {
        cids = new bytes[](Page.sizeAt(_hashes.length, startIndex, count));
        for (uint256 i = 0; i < cids.length; ++i) cids[i] = _cidOf(_hashes[startIndex + i]);
    }

    /// @inheritdoc IAggregatorOracle
    function getAllDeals(
        bytes memory cid,
        uint64 startIndex,
        uint64 count
    ) external view returns (AggregatedDeal[] memory deals) {
        AggregatedDeal[] storage all = _entries[keccak256(cid)].deals;
        deals = new AggregatedDeal[](Page.sizeAt(all.length, startIndex, count));
        for (uint256 i = 0; i < deals.length; ++i) deals[i] = _at(all, startIndex + i);
    }

    /// @inheritdoc IAggregatorOracle
    function getActiveDeals(bytes memory cid) external view returns (AggregatedDeal[] memory) {
        return _running(cid, type(uint64).max);
    }

    /// @inheritdoc IAggregatorOracle
    function getExpiringDeals(bytes memory cid, uint64 epochs) external view returns (AggregatedDeal[] memory) {
        return _running(cid, epochs);
    }

    /// @return cidHash The key under which the CID is listed from now on.
    function _list(bytes memory cid) internal returns (bytes32 cidHash) {
        cidHash = keccak256(cid);
        Entry storage entry = _entries[cidHash];
        if (entry.cid.length != 0) return cidHash;

        entry.cid = cid;
        _hashes.push(cidHash);
    }

    function _listDeal(bytes32 cidHash, uint64 dealId, uint64 providerId) internal {
        Entry storage entry = _entries[cidHash];
        if (entry.listed[dealId]) return;

        entry.listed[dealId] = true;
        AggregatedDeal storage deal = entry.deals.push();
        deal.dealId = dealId;
        deal.providerId = providerId;
        deal.marketActorId = MarketActor.ID;
    }

    function _cidOf(bytes32 cidHash) internal view returns (bytes memory) {
        return _entries[cidHash].cid;
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
