// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Page} from "../Page.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {IPerpetualViews} from "./IPerpetualViews.sol";
import {Openings} from "./Openings.sol";

/// @title SlotViews: what is open, who holds what, what is due when
abstract contract SlotViews is Openings, IPerpetualViews {
    uint256 private constant EPOCHS_PER_YEAR = 365 * 2880;
    uint256 private constant GIB = 1 << 30;

    /// @inheritdoc IPerpetualViews
    function openSlots(
        uint256 cursor,
        uint256 limit
    ) external view returns (IPerpetualSlots.OpenSlot[] memory slots, uint256 next) {
        if (limit > Page.MAX_COUNT) limit = Page.MAX_COUNT;
        slots = new IPerpetualSlots.OpenSlot[](limit + SEATS);
        uint256 count = 0;
        next = cursor == 0 ? 1 : cursor;
        uint256 last = next + Page.MAX_COUNT;
        while (next <= _orderCount && next < last && count < limit) {
            count = _listOpen(next, _orders[next], slots, count);
            ++next;
        }
        if (next > _orderCount) next = 0;
        _truncate(slots, count);
    }

    /// @inheritdoc IPerpetualViews
    function openSlotsOf(
        uint256 orderId
    ) external view returns (IPerpetualSlots.OpenSlot[] memory slots, uint64 nextEpoch) {
        Order storage order = _order(orderId);
        slots = new IPerpetualSlots.OpenSlot[](SEATS);
        uint256 count = _listOpen(orderId, order, slots, 0);
        _truncate(slots, count);
        if (count == 0) nextEpoch = _nextOpening(orderId, order);
    }

    /// @inheritdoc IPerpetualViews
    function getSlot(uint256 slot) external view returns (IPerpetualSlots.SlotView memory) {
        (Order storage order, Slot storage taken) = _slot(slot);
        return _view(slot, order, taken);
    }

    /// @inheritdoc IPerpetualViews
    function slotsOf(uint256 orderId) external view returns (IPerpetualSlots.SlotView[] memory slots) {
        Order storage order = _order(orderId);
        slots = new IPerpetualSlots.SlotView[](SEATS);
        uint256 count = 0;
        for (uint256 seat = 0; seat < SEATS; ++seat) {
            uint256 slot = _slotId(orderId, seat);
            if (_slots[slot].nonce != 0) slots[count++] = _view(slot, order, _slots[slot]);
        }
        _truncate(slots, count);
    }

    /// @inheritdoc IPerpetualViews
    function slotsOfProvider(
        uint64 provider,
        uint256 start,
        uint256 count
    ) external view returns (IPerpetualSlots.SlotView[] memory slots, uint256 total) {
        uint256[] storage claims = _claimsOf[provider];
        total = claims.length;
        slots = new IPerpetualSlots.SlotView[](Page.sizeAt(total, start, count));
        uint256 found = 0;
        for (uint256 i = 0; i < slots.length; ++i) {
            uint256 slot = claims[start + i] >> 64;
            Slot storage taken = _slots[slot];
            if (taken.nonce == uint64(claims[start + i]) && _isLive(taken))
                slots[found++] = _view(slot, _orders[_orderIdOf(slot)], taken);
        }
        _truncate(slots, found);
    }

    /// @inheritdoc IPerpetualViews
    function payPerGibYear(uint256 orderId) external view returns (uint256) {
        Order storage order = _order(orderId);
        return (order.price * EPOCHS_PER_YEAR * GIB) / order.pieceSize;
    }

    /// @inheritdoc IPerpetualViews
    function barredUntil(uint256 orderId, uint64 actorId) external view returns (uint64) {
        return _order(orderId).barredUntil[actorId];
    }

    /// @dev Adds what is open in an order, as much as it wants and can pay: successors first.
    function _listOpen(
        uint256 orderId,
        Order storage order,
        IPerpetualSlots.OpenSlot[] memory slots,
        uint256 count
    ) private view returns (uint256) {
        if (order.status != IPerpetualOrders.OrderStatus.Live) return count;
        Survey memory survey = _survey(orderId, order);
        if (survey.covered >= order.replicas) return count;

        uint256 wanted = order.replicas - survey.covered;
        uint256 money = order.free;
        for (uint256 pass = 0; pass < 2; ++pass) {
            for (uint256 seat = 0; seat < SEATS && wanted > 0; ++seat) {
                // A pair's two seats follow one another, so that the lowest pair is the first.
                uint256 slot = _slotId(orderId, (seat >> 1) | (seat & 1 == 0 ? 0 : PAIR_BIT));
                Opening memory opening = _opening(slot, order, survey);
                uint256 need = uint256(opening.price) * order.terms.maxTermEpochs;
                if (!opening.open || (opening.incumbent != 0) != (pass == 0) || need > money) continue;
                slots[count++] = _openSlot(slot, order, opening);
                money -= need;
                --wanted;
            }
            // What is leaving is there still: it is no vacancy.
            if (pass == 0 && wanted > 0) wanted = _vacancies(order, survey);
        }
        return count;
    }

    function _vacancies(Order storage order, Survey memory survey) private view returns (uint256) {
        uint256 held = survey.covered + survey.leaving;
        return order.replicas > held ? order.replicas - held : 0;
    }

    function _openSlot(
        uint256 slot,
        Order storage order,
        Opening memory opening
    ) private view returns (IPerpetualSlots.OpenSlot memory) {
        return
            IPerpetualSlots.OpenSlot({
                slot: slot,
                nonce: _slots[slot].nonce + 1,
                orderVersion: order.version,
                incumbent: opening.incumbent,
                incumbentOnlyUntil: opening.incumbent != 0 && _now() < opening.onlyUntil ? opening.onlyUntil : 0,
                claimBy: opening.claimBy,
                pieceSize: order.pieceSize,
                minTermEpochs: order.terms.minTermEpochs,
                maxTermEpochs: order.terms.maxTermEpochs,
                price: opening.price,
                collateral: order.terms.collateral,
                pieceDigest: order.pieceDigest
            });
    }

    function _isLive(Slot storage taken) private view returns (bool) {
        return taken.state == IPerpetualSlots.SlotState.Claimed || taken.state == IPerpetualSlots.SlotState.Active;
    }

    function _view(
        uint256 slot,
        Order storage order,
        Slot storage taken
    ) private view returns (IPerpetualSlots.SlotView memory seen) {
        seen.slot = slot;
        seen.nonce = taken.nonce;
        seen.state = taken.state;
        seen.kind = taken.kind;
        seen.provider = taken.provider;
        seen.owner = taken.owner;
        seen.poster = taken.poster;
        seen.price = taken.price;
        seen.collateral = taken.collateral;
        seen.maxTermEpochs = taken.maxTermEpochs;
        seen.orderEnd = taken.orderEnd;
        seen.claimedEpoch = taken.claimedEpoch;
        seen.claimBy = taken.claimBy;
        seen.start = taken.start;
        seen.end = taken.end;
        seen.provenTo = taken.provenTo;
        seen.faultSince = taken.faultSince;
        if (taken.state == IPerpetualSlots.SlotState.Active) seen.settleBy = taken.provenTo + order.terms.gapEpochs;
        seen.dealId = taken.dealId;
        seen.sector = taken.sector;
        seen.paid = taken.paid;
    }

    function _truncate(IPerpetualSlots.OpenSlot[] memory slots, uint256 count) private pure {
        assembly ("memory-safe") {
            mstore(slots, count)
        }
    }

    function _truncate(IPerpetualSlots.SlotView[] memory slots, uint256 count) private pure {
        assembly ("memory-safe") {
            mstore(slots, count)
        }
    }
}
