// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit} from "../NativeActor.sol";
import {ExitCode} from "../ExitCode.sol";

/// @notice How far a deal is. What was removed leaves nothing but its id below the next one.
enum Stage {
    None,
    Published,
    Active
}

/// @notice A deal. `activated` and `settledTo` are −1 until they are epochs.
struct Deal {
    Stage stage;
    bytes32 digest;
    uint64 size;
    bool verified;
    bool labelIsText;
    uint64 client;
    uint64 provider;
    uint64 sector;
    int64 startEpoch;
    int64 endEpoch;
    int64 activated;
    int64 settledTo;
    uint256 pricePerEpoch;
    uint256 providerCollateral;
    uint256 clientCollateral;
    bytes32 proposalHash;
    bytes label;
}

/// @notice An actor's money at the market, attoFIL; `locked` is part of `balance`.
struct Escrow {
    uint256 balance;
    uint256 locked;
}

/// @notice All that the market keeps.
struct MarketState {
    uint64 nextDealId;
    mapping(uint64 dealId => Deal) deals;
    mapping(uint64 actorId => Escrow) escrow;
    mapping(bytes32 proposalHash => bool) pending;
    mapping(uint64 provider => mapping(uint64 sector => uint64[] dealIds)) sectorDeals;
}

/// @title Deals
/// @notice Finds and removes deals.
library Deals {
    /// @notice The deal `dealId`; exit 32 when it was removed, 17 when it never was.
    function get(MarketState storage s, uint64 dealId) internal view returns (Deal storage deal) {
        deal = s.deals[dealId];
        if (deal.stage != Stage.None) return deal;
        revert ActorExit(dealId < s.nextDealId ? ExitCode.DEAL_EXPIRED : ExitCode.NOT_FOUND);
    }

    /// @notice Removes the deal `dealId`, and frees its proposal to be published again.
    function remove(MarketState storage s, uint64 dealId) internal {
        delete s.pending[s.deals[dealId].proposalHash];
        delete s.deals[dealId];
    }

    /// @notice What the client pays over the whole term, attoFIL.
    function totalPrice(Deal storage deal) internal view returns (uint256) {
        return deal.pricePerEpoch * uint64(deal.endEpoch - deal.startEpoch);
    }
}
