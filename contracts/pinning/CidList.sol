// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MarketActor} from "../filecoin/MarketActor.sol";
import {AggregatedDeal} from "./Frc0087.sol";

/// @title CidList
/// @notice Every CID that was asked for, and the deals proven for it, each once however many requests it served.
abstract contract CidList {
    struct Entry {
        bytes cid;
        AggregatedDeal[] deals;
        mapping(uint64 dealId => bool) listed;
    }

    mapping(bytes32 cidHash => Entry) internal _entries;
    bytes32[] internal _hashes;

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
}
