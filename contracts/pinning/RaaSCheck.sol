// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualOrders} from "../perpetual/IPerpetualOrders.sol";
import {PerpetualRules} from "../perpetual/PerpetualRules.sol";
import {IPinningRequests} from "./IPinningRequests.sol";

/// @title RaaSCheck
/// @notice What of submitRaaS makes an order that PerpetualStorage accepts: held when it is asked, so that opening the order later
/// cannot fail for it.
library RaaSCheck {
    /// @dev The price may double, and is then still one of {PerpetualRules}.
    uint128 private constant MAX_PRICE = PerpetualRules.MAX_PRICE / 2;

    /// @notice The order's terms: `paid` less `fee` is what it begins with, and pays every replica for the longest term.
    /// @dev Reverts with {IPinningRequests-BadReplicas}, {IPinningRequests-FeeTooLow} (which names the least value),
    /// {IPerpetualOrders-OutOfBounds}.
    function termsOf(
        uint256 replicas,
        uint256 evictEpochs,
        uint256 renewalEpochs,
        uint256 paid,
        uint256 fee
    ) internal pure returns (IPinningRequests.PerpetualTerms memory terms) {
        if (replicas == 0 || replicas > PerpetualRules.MAX_REPLICAS)
            revert IPinningRequests.BadReplicas(PerpetualRules.MAX_REPLICAS, replicas);
        terms.evictEpochs = _bounded(
            "repairThreshold",
            evictEpochs,
            PerpetualRules.MIN_EVICT,
            PerpetualRules.MAX_EVICT,
            PerpetualRules.DEFAULT_EVICT
        );
        terms.renewalEpochs = _bounded(
            "renewThreshold",
            renewalEpochs,
            PerpetualRules.MIN_RENEWAL,
            PerpetualRules.MAX_RENEWAL,
            PerpetualRules.DEFAULT_RENEWAL
        );

        uint256 replicaEpochs = replicas * PerpetualRules.DEFAULT_MAX_TERM;
        if (paid < fee + replicaEpochs) revert IPinningRequests.FeeTooLow(fee + replicaEpochs, paid);
        uint256 price = (paid - fee) / replicaEpochs;
        if (price > MAX_PRICE) revert IPerpetualOrders.OutOfBounds("price", 1, MAX_PRICE, price);
        terms.price = uint128(price);
    }

    function _bounded(
        string memory what,
        uint256 given,
        uint64 minimum,
        uint64 maximum,
        uint64 default_
    ) private pure returns (uint64) {
        if (given == 0) return default_;
        if (given < minimum || given > maximum) revert IPerpetualOrders.OutOfBounds(what, minimum, maximum, given);
        return uint64(given);
    }
}
