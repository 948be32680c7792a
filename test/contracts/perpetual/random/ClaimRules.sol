// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualOrders} from "../../../../contracts/perpetual/IPerpetualOrders.sol";
import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {PerpetualRules} from "../../../../contracts/perpetual/PerpetualRules.sol";
import {PerpetualBooks} from "./PerpetualBooks.sol";

/// @notice When a seat can be claimed, for how much and by whom: the rules in words.
abstract contract ClaimRules is PerpetualBooks {
    /// @param price 0: it cannot be claimed.
    /// @param incumbent Provider of the replica that it succeeds; 0: none.
    struct Opening {
        uint256 price;
        uint64 claimBy;
        uint64 incumbent;
        bool incumbentOnly;
    }

    /// @dev What can be claimed in a seat now, were there money enough.
    function _openingOf(uint256 slot) internal view returns (Opening memory opening) {
        IPerpetualOrders.OrderView memory order = perpetual.getOrder(slot / SEATS);
        IPerpetualSlots.SlotView memory here = _slotOf(slot);
        IPerpetualSlots.SlotView memory other = _slotOf(_other(slot));
        if (order.status != IPerpetualOrders.OrderStatus.Live || !_isReusable(here)) return opening;
        // There are as many pairs of seats as there were ever replicas to be.
        if ((slot % SEATS) % PAIRS >= _books[slot / SEATS].highestReplicas) return opening;
        (uint256 settled, uint256 inWindow) = _pairs(slot / SEATS, order.terms.renewalEpochs);
        uint64 epoch = _now();
        opening.claimBy = epoch + order.terms.claimEpochs;
        uint64 begin = opening.claimBy;
        if (_isLive(other)) {
            if (!_isInWindow(other, order.terms.renewalEpochs) || settled >= order.replicas) return opening;
            uint64 last = other.end - PerpetualRules.HANDOVER_MARGIN;
            if (epoch + PerpetualRules.MIN_CLAIM > last) return opening;
            uint64 elapsed = epoch + order.terms.renewalEpochs - other.end;
            opening.claimBy = _min(opening.claimBy, last);
            begin = _max(begin, other.end);
            opening.incumbent = other.provider;
            opening.incumbentOnly = 3 * uint256(elapsed) < order.terms.renewalEpochs;
            opening.price =
                opening.incumbentOnly
                    ? order.price
                    : order.price + ((order.ceiling - order.price) * uint256(elapsed)) / order.terms.renewalEpochs;
        } else {
            bool second = slot % SEATS >= PAIRS;
            if (settled + inWindow >= order.replicas || (second && _isReusable(other))) return opening;
            opening.price = order.price;
        }
        if (order.endEpoch != 0 && begin + order.terms.minTermEpochs > order.endEpoch) opening.price = 0;
    }

    /// @dev Whether a provider may take what is open: its own replica's successor, or the order has none of its owner's.
    function _mayTake(uint256 slot, uint64 provider, Opening memory opening) internal view returns (bool) {
        IPerpetualOrders.OrderView memory order = perpetual.getOrder(slot / SEATS);
        if (!actors.isMiner(provider) || actors.powerOf(provider) < order.terms.minPower) return false;
        if (opening.incumbentOnly && opening.incumbent != provider) return false;
        if (order.terms.access != IPerpetualOrders.Access.Everyone) {
            bool listed = order.terms.access == IPerpetualOrders.Access.Listed;
            if (perpetual.isListed(slot / SEATS, provider) != listed) return false;
        }
        uint64 ownerNow = actors.ownerOf(provider);
        uint64 until = _max(
            perpetual.barredUntil(slot / SEATS, provider),
            perpetual.barredUntil(slot / SEATS, ownerNow)
        );
        if (_now() < until) return false;
        IPerpetualSlots.SlotView[] memory slots = _slotsOf(slot / SEATS);
        for (uint256 i = 0; i < slots.length; ++i) {
            // What is succeeded is no second replica; a claim that lapsed counts until it is closed.
            bool before = slots[i].slot == _other(slot) && slots[i].state == IPerpetualSlots.SlotState.Active;
            bool claimed = slots[i].state == IPerpetualSlots.SlotState.Claimed && slots[i].slot != slot;
            bool own = slots[i].provider == provider || slots[i].owner == ownerNow;
            if (own && (claimed || _isLive(slots[i])) && !before) return false;
        }
        return true;
    }

    /// @dev Pairs with a live seat outside its window, and pairs whose live seat is in its window.
    function _pairs(uint256 orderId, uint64 renewalEpochs) internal view returns (uint256 settled, uint256 inWindow) {
        IPerpetualSlots.SlotView[] memory slots = _slotsOf(orderId);
        uint8[PAIRS] memory pairs;
        for (uint256 i = 0; i < slots.length; ++i) {
            if (!_isLive(slots[i])) continue;
            uint256 pair = (slots[i].slot % SEATS) % PAIRS;
            pairs[pair] |= _isInWindow(slots[i], renewalEpochs) ? 1 : 2;
        }
        for (uint256 pair = 0; pair < PAIRS; ++pair) {
            if (pairs[pair] > 1) ++settled;
            else if (pairs[pair] == 1) ++inWindow;
        }
    }

    function _isInWindow(IPerpetualSlots.SlotView memory slot, uint64 renewalEpochs) internal view returns (bool) {
        if (slot.state != IPerpetualSlots.SlotState.Active) return false;
        return slot.end <= _now() + renewalEpochs && _now() < slot.end;
    }

    function _isReusable(IPerpetualSlots.SlotView memory slot) internal view returns (bool) {
        if (slot.state == IPerpetualSlots.SlotState.Claimed) return _now() > slot.claimBy;
        return slot.state != IPerpetualSlots.SlotState.Active || _now() >= slot.end + PerpetualRules.GRACE;
    }
}
