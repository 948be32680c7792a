// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {PerpetualBook} from "./PerpetualBook.sol";
import {PerpetualRules} from "./PerpetualRules.sol";

/// @title Openings: which seats can be claimed now, and at what price
/// @dev Nothing of it is stored: the clock opens and closes seats. A pair of seats is covered by a live slot, or by one in its renewal
/// window, whose successor is claimed in the other seat.
abstract contract Openings is PerpetualBook {
    /// @dev Idle: not live (never taken, closed, or its time ran out). Window: live still, and to be succeeded.
    enum Phase {
        Idle,
        Window,
        Live
    }

    /// @param covered Pairs with a live slot that is not in its window.
    /// @param leaving Pairs whose only live slot is in its window.
    struct Survey {
        uint256 covered;
        uint256 leaving;
    }

    /// @param incumbent 0: the seat succeeds nobody.
    /// @param onlyUntil First epoch at which others than the incumbent may claim.
    struct Opening {
        bool open;
        uint128 price;
        uint64 claimBy;
        uint64 incumbent;
        uint64 onlyUntil;
    }

    function _phase(Order storage order, Slot storage taken) internal view returns (Phase) {
        if (taken.state == IPerpetualSlots.SlotState.Claimed) return _now() <= taken.claimBy ? Phase.Live : Phase.Idle;
        if (taken.state != IPerpetualSlots.SlotState.Active || _now() >= taken.end) return Phase.Idle;
        return _now() + order.terms.renewalEpochs >= taken.end ? Phase.Window : Phase.Live;
    }

    /// @dev Whether a claim can take the seat: it is free, or what holds it can be closed without asking anybody.
    function _reusable(Slot storage taken) internal view returns (bool) {
        if (taken.state == IPerpetualSlots.SlotState.Claimed) return _now() > taken.claimBy;
        return taken.state != IPerpetualSlots.SlotState.Active || _now() >= _releaseEpoch(taken);
    }

    function _survey(uint256 orderId, Order storage order) internal view returns (Survey memory survey) {
        for (uint256 pair = 0; pair < order.pairs; ++pair) {
            uint256 slot = _slotId(orderId, pair);
            Phase first = _phase(order, _slots[slot]);
            Phase second = _phase(order, _slots[slot | PAIR_BIT]);
            if (first == Phase.Live || second == Phase.Live) ++survey.covered;
            else if (first == Phase.Window || second == Phase.Window) ++survey.leaving;
        }
    }

    /// @dev The opening in `slot`, if there is one.
    function _opening(
        uint256 slot,
        Order storage order,
        Survey memory survey
    ) internal view returns (Opening memory opening) {
        if (order.status != IPerpetualOrders.OrderStatus.Live || (_seatOf(slot) & ~PAIR_BIT) >= order.pairs)
            return opening;
        Slot storage taken = _slots[slot];
        Slot storage other = _slots[slot ^ PAIR_BIT];
        if (!_reusable(taken)) return opening;

        Phase otherPhase = _phase(order, other);
        if (otherPhase == Phase.Window) {
            if (survey.covered < order.replicas) opening = _succession(order, other);
        } else if (otherPhase == Phase.Idle && survey.covered + survey.leaving < order.replicas) {
            // One seat of a pair is offered: the first that can be taken.
            if (_seatOf(slot) < PAIR_BIT || !_reusable(other)) opening = _vacancy(order);
        }
        if (opening.open && order.free < opening.price * order.terms.maxTermEpochs) opening.open = false;
    }

    function _vacancy(Order storage order) private view returns (Opening memory opening) {
        opening.price = order.price;
        opening.claimBy = _now() + order.terms.claimEpochs;
        opening.open = _endsInTime(order, opening.claimBy);
    }

    function _succession(Order storage order, Slot storage old) private view returns (Opening memory opening) {
        uint64 window = order.terms.renewalEpochs;
        uint64 opened = old.end - window;
        uint64 elapsed = _now() - opened;
        uint64 latest = old.end - PerpetualRules.HANDOVER_MARGIN;

        opening.incumbent = old.provider;
        opening.onlyUntil = opened + (window + 2) / 3;
        opening.price = order.price;
        if (_now() >= opening.onlyUntil) opening.price += ((order.ceiling - order.price) * elapsed) / window;
        opening.claimBy = uint64(Math.min(_now() + order.terms.claimEpochs, latest));
        opening.open = _now() + PerpetualRules.MIN_CLAIM <= latest && _endsInTime(order, old.end);
    }

    /// @dev Whether a replica that starts as late as `startEpoch`, or as a claim made now allows, has its term before the order ends.
    function _endsInTime(Order storage order, uint64 startEpoch) private view returns (bool) {
        if (order.endEpoch == 0) return true;
        uint256 latest = Math.max(startEpoch, _now() + order.terms.claimEpochs);
        return latest + order.terms.minTermEpochs <= order.endEpoch;
    }

    /// @dev The next epoch at which time alone may open a seat; 0: time alone opens none.
    function _nextOpening(uint256 orderId, Order storage order) internal view returns (uint64 next) {
        if (order.status != IPerpetualOrders.OrderStatus.Live) return 0;
        if (order.free < order.price * order.terms.maxTermEpochs) return 0;

        for (uint256 pair = 0; pair < order.pairs; ++pair) {
            uint256 slot = _slotId(orderId, pair);
            next = _earlier(next, _changeOf(order, _slots[slot]));
            next = _earlier(next, _changeOf(order, _slots[slot | PAIR_BIT]));
        }
        if (order.endEpoch != 0 && next + order.terms.minTermEpochs + order.terms.claimEpochs > order.endEpoch)
            return 0;
    }

    /// @dev When the clock next changes what a seat means for the others; 0: it does not.
    function _changeOf(Order storage order, Slot storage taken) private view returns (uint64) {
        Phase phase = _phase(order, taken);
        if (taken.state == IPerpetualSlots.SlotState.Claimed) return phase == Phase.Live ? taken.claimBy + 1 : 0;
        if (phase == Phase.Live) return taken.end - order.terms.renewalEpochs;
        if (phase == Phase.Window) return taken.end;
        return _reusable(taken) ? 0 : _releaseEpoch(taken);
    }

    function _earlier(uint64 a, uint64 b) private pure returns (uint64) {
        if (a == 0 || b == 0) return a + b;
        return a < b ? a : b;
    }
}
