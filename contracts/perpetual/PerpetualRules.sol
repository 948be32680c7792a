// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Epochs} from "../filecoin/Epochs.sol";

/// @title PerpetualRules: every bound, written down
/// @dev 2 · {MAX_RENEWAL} + {GRACE} < {MIN_TERM}: at most two generations of a pair's replicas overlap, so two seats are enough.
library PerpetualRules {
    uint16 internal constant MAX_REPLICAS = 16;

    uint64 internal constant MIN_TERM = Epochs.MIN_DEAL_DURATION;
    uint64 internal constant MAX_TERM = Epochs.MAX_DEAL_DURATION;
    uint64 internal constant MIN_CLAIM = Epochs.DAY;
    uint64 internal constant MAX_CLAIM = 30 * Epochs.DAY;
    uint64 internal constant MIN_FETCH = Epochs.DAY / 24;
    uint64 internal constant MIN_GAP = Epochs.DAY;
    uint64 internal constant MAX_GAP = 30 * Epochs.DAY;
    uint64 internal constant MIN_RENEWAL = 3 * Epochs.DAY;
    uint64 internal constant MAX_RENEWAL = 60 * Epochs.DAY;
    uint64 internal constant MIN_EVICT = Epochs.DAY;
    /// @dev The market terminates what is faulty for 42 days.
    uint64 internal constant MAX_EVICT = 42 * Epochs.DAY - 1;
    uint128 internal constant MIN_COLLATERAL = 0.1 ether;

    /// @dev Money is summed in uint256; a price in this range times {MAX_TERM} times 32 seats cannot overflow a uint128.
    uint128 internal constant MAX_PRICE = type(uint96).max;

    /// @notice Epochs after a term's end in which evidence can still be shown.
    uint64 internal constant GRACE = 7 * Epochs.DAY;
    /// @notice A successor is proven so many epochs before the end of the replica it succeeds, at the latest.
    uint64 internal constant HANDOVER_MARGIN = Epochs.DAY;
    /// @notice Epochs for which a lapse bars a provider and its owner from the order.
    uint64 internal constant BARRED = 30 * Epochs.DAY;
    /// @notice Claims that one owner's providers may have to prove at the same time, in all orders.
    uint32 internal constant MAX_CLAIMS = 64;

    /// @notice Of the collateral: what abandoning costs, and what whoever shows a loss earns, in hundredths.
    uint128 internal constant ABANDON_FEE_PERCENT = 5;
    uint128 internal constant BOUNTY_PERCENT = 10;

    uint256 internal constant MAX_SEED_LENGTH = 1024;
    uint256 internal constant MAX_LISTED = 200;
    uint256 internal constant MAX_CALLS = 64;

    uint64 internal constant DEFAULT_MAX_TERM = 360 * Epochs.DAY;
    uint64 internal constant DEFAULT_CLAIM = 7 * Epochs.DAY;
    uint64 internal constant DEFAULT_FETCH = Epochs.DAY;
    uint64 internal constant DEFAULT_GAP = 7 * Epochs.DAY;
    uint64 internal constant DEFAULT_RENEWAL = 30 * Epochs.DAY;
    uint64 internal constant DEFAULT_EVICT = 14 * Epochs.DAY;
    /// @dev Of the pay for so many epochs, if that is more than {MIN_COLLATERAL}.
    uint64 internal constant DEFAULT_COLLATERAL_EPOCHS = 30 * Epochs.DAY;
}
