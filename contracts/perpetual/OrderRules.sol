// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cid} from "../filecoin/Cid.sol";
import {PieceCid} from "../filecoin/PieceCid.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {PerpetualRules} from "./PerpetualRules.sol";

/// @title OrderRules: what a client may ask for
library OrderRules {
    uint256 private constant MAINNET = 314;
    /// @dev What a miner needs to take part in mainnet's consensus.
    uint128 private constant MAINNET_MIN_POWER = 10 << 40;

    /// @dev Reverts with {IPerpetualOrders-OutOfBounds}, {IPerpetualOrders-BadPieceSize}, {IPerpetualOrders-TextTooLong},
    /// {IPerpetualOrders-TooManyProviders}, {PieceCid-NotAPieceCid}, {Cid-InvalidCid}.
    /// @return digest Of the piece.
    function requireValid(IPerpetualOrders.NewOrder memory order) internal view returns (bytes32 digest) {
        if (!PieceCid.isPieceSize(order.pieceSize)) revert IPerpetualOrders.BadPieceSize(order.pieceSize);
        digest = PieceCid.decode(order.pieceCid);
        if (order.payloadCid.length != 0) Cid.requireValid(order.payloadCid);
        requireSeed(order.seed);
        requireReplicas(order.replicas);
        requirePrices(order.price, order.ceiling);
        requireEnd(order.endEpoch);
        requireListable(order.providers.length);
        requireTerms(order.terms);
    }

    function requireTerms(IPerpetualOrders.Terms memory terms) internal pure {
        _within("maxTermEpochs", PerpetualRules.MIN_TERM, PerpetualRules.MAX_TERM, terms.maxTermEpochs);
        _within("minTermEpochs", PerpetualRules.MIN_TERM, terms.maxTermEpochs, terms.minTermEpochs);
        _within("claimEpochs", PerpetualRules.MIN_CLAIM, PerpetualRules.MAX_CLAIM, terms.claimEpochs);
        _within("fetchEpochs", PerpetualRules.MIN_FETCH, terms.claimEpochs, terms.fetchEpochs);
        _within("gapEpochs", PerpetualRules.MIN_GAP, PerpetualRules.MAX_GAP, terms.gapEpochs);
        _within("renewalEpochs", PerpetualRules.MIN_RENEWAL, PerpetualRules.MAX_RENEWAL, terms.renewalEpochs);
        _within("evictEpochs", PerpetualRules.MIN_EVICT, PerpetualRules.MAX_EVICT, terms.evictEpochs);
        _within("collateral", PerpetualRules.MIN_COLLATERAL, type(uint96).max, terms.collateral);
    }

    function requireReplicas(uint16 replicas) internal pure {
        _within("replicas", 1, PerpetualRules.MAX_REPLICAS, replicas);
    }

    function requirePrices(uint128 price, uint128 ceiling) internal pure {
        _within("price", 1, PerpetualRules.MAX_PRICE, price);
        _within("ceiling", price, PerpetualRules.MAX_PRICE, ceiling);
    }

    /// @dev An end that no slot could reach is a mistake, not a wish; {IPerpetualOrders-suspend} says that.
    function requireEnd(uint64 endEpoch) internal view {
        if (endEpoch != 0) _within("endEpoch", block.number + 1, type(uint32).max, endEpoch);
    }

    function requireSeed(bytes memory seed) internal pure {
        if (seed.length > PerpetualRules.MAX_SEED_LENGTH)
            revert IPerpetualOrders.TextTooLong(PerpetualRules.MAX_SEED_LENGTH, seed.length);
    }

    function requireListable(uint256 count) internal pure {
        if (count > PerpetualRules.MAX_LISTED)
            revert IPerpetualOrders.TooManyProviders(PerpetualRules.MAX_LISTED, count);
    }

    function defaultTerms(uint128 price) internal view returns (IPerpetualOrders.Terms memory terms) {
        terms.minTermEpochs = PerpetualRules.MIN_TERM;
        terms.maxTermEpochs = PerpetualRules.DEFAULT_MAX_TERM;
        terms.claimEpochs = PerpetualRules.DEFAULT_CLAIM;
        terms.fetchEpochs = PerpetualRules.DEFAULT_FETCH;
        terms.gapEpochs = PerpetualRules.DEFAULT_GAP;
        terms.renewalEpochs = PerpetualRules.DEFAULT_RENEWAL;
        terms.evictEpochs = PerpetualRules.DEFAULT_EVICT;
        uint256 collateral = uint256(price) * PerpetualRules.DEFAULT_COLLATERAL_EPOCHS;
        if (collateral < PerpetualRules.MIN_COLLATERAL) collateral = PerpetualRules.MIN_COLLATERAL;
        if (collateral > type(uint96).max) collateral = type(uint96).max;
        terms.collateral = uint128(collateral);
        if (block.chainid == MAINNET) terms.minPower = MAINNET_MIN_POWER;
    }

    function _within(string memory what, uint256 minimum, uint256 maximum, uint256 actual) private pure {
        if (actual < minimum || actual > maximum) revert IPerpetualOrders.OutOfBounds(what, minimum, maximum, actual);
    }
}
