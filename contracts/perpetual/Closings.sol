// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {PerpetualRules} from "./PerpetualRules.sol";
import {Purse} from "./Purse.sol";

/// @title Closings: every way in which a slot ends, and who gets what
abstract contract Closings is Purse {
    /// @dev How a collateral is split; what is not named goes to the sink.
    struct Split {
        uint128 toPoster;
        uint128 toOrder;
        uint128 toCaller;
    }

    function _abandon(uint256 slot, Order storage order, Slot storage taken) internal {
        uint128 fee = (taken.collateral * PerpetualRules.ABANDON_FEE_PERCENT) / 100;
        _close(slot, order, taken, IPerpetualSlots.SlotState.Abandoned, Split(taken.collateral - fee, 0, 0));
    }

    function _lapse(uint256 slot, Order storage order, Slot storage taken) internal {
        uint64 untilEpoch = _now() + PerpetualRules.BARRED;
        order.barredUntil[taken.provider] = untilEpoch;
        order.barredUntil[taken.owner] = untilEpoch;
        _close(slot, order, taken, IPerpetualSlots.SlotState.Lapsed, Split(0, 0, 0));

        emit IPerpetualSlots.Barred(_orderIdOf(slot), taken.provider, taken.owner, untilEpoch);
    }

    function _lose(uint256 slot, Order storage order, Slot storage taken) internal {
        uint128 bounty = (taken.collateral * PerpetualRules.BOUNTY_PERCENT) / 100;
        _close(slot, order, taken, IPerpetualSlots.SlotState.Lost, Split(0, taken.collateral - bounty, bounty));
    }

    function _resign(uint256 slot, Order storage order, Slot storage taken) internal {
        _close(slot, order, taken, IPerpetualSlots.SlotState.Resigned, Split(0, taken.collateral, 0));
    }

    /// @dev The term is over; what is unpaid still is the order's.
    function _end(uint256 slot, Order storage order, Slot storage taken) internal {
        _close(slot, order, taken, IPerpetualSlots.SlotState.Ended, Split(taken.collateral, 0, 0));
    }

    /// @dev What a live slot can still earn, all of which is reserved.
    function _unearned(Slot storage taken) internal view returns (uint128) {
        return
            taken.state == IPerpetualSlots.SlotState.Claimed
                ? taken.price * taken.maxTermEpochs
                : taken.price * (taken.end - taken.provenTo);
    }

    function _close(
        uint256 slot,
        Order storage order,
        Slot storage taken,
        IPerpetualSlots.SlotState state,
        Split memory split
    ) private {
        uint256 orderId = _orderIdOf(slot);
        uint128 returned = _unearned(taken);
        uint128 toSink = taken.collateral - split.toPoster - split.toOrder - split.toCaller;

        if (taken.state == IPerpetualSlots.SlotState.Claimed) --_openClaims[taken.owner];
        else _freeReplica(slot, order, taken);
        taken.state = state;
        order.reserved -= returned;
        _giveBack(orderId, order, returned + split.toOrder);
        _credit(taken.poster, orderId, split.toPoster);
        _credit(msg.sender, orderId, split.toCaller);
        _credit(_sink, orderId, toSink);

        emit IPerpetualSlots.SlotClosed(
            slot,
            taken.provider,
            taken.nonce,
            state,
            returned,
            split.toPoster,
            split.toOrder,
            split.toCaller,
            toSink
        );
    }

    /// @dev A successor in the same sector holds the replica already; one that leaves before it began gives it back.
    function _freeReplica(uint256 slot, Order storage order, Slot storage taken) private {
        bytes32 key = _replicaKey(taken.provider, taken.sector, order.pieceDigest);
        if (_replicas[key] != slot) return;

        Slot storage other = _slots[slot ^ PAIR_BIT];
        bool goesOn =
            other.state == IPerpetualSlots.SlotState.Active &&
                other.provider == taken.provider &&
                other.sector == taken.sector;
        _replicas[key] = goesOn ? slot ^ PAIR_BIT : 0;
    }
}
