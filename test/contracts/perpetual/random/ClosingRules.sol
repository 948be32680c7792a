// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {PerpetualRules} from "../../../../contracts/perpetual/PerpetualRules.sol";
import {PerpetualBooks} from "./PerpetualBooks.sol";

/// @notice Who gets what when a slot is closed or cut without any actor: the rules in words.
abstract contract ClosingRules is PerpetualBooks {
    function _refused() internal pure returns (Due memory due) {
        due.refused = true;
    }

    function _dueOfAbandon(IPerpetualSlots.SlotView memory slot, bool controls) internal view returns (Due memory due) {
        uint64 last = slot.claimedEpoch + perpetual.getOrder(slot.slot / SEATS).terms.fetchEpochs;
        bool over = _now() > _min(last, slot.claimBy);
        if (slot.state != IPerpetualSlots.SlotState.Claimed || !controls || over) return _refused();
        due.state = IPerpetualSlots.SlotState.Abandoned;
        due.toOrder = uint256(slot.price) * slot.maxTermEpochs;
        due.toSink = (slot.collateral * PerpetualRules.ABANDON_FEE_PERCENT) / 100;
        due.toPoster = slot.collateral - due.toSink;
    }

    function _dueOfLapse(IPerpetualSlots.SlotView memory slot) internal view returns (Due memory due) {
        if (slot.state != IPerpetualSlots.SlotState.Claimed || _now() <= slot.claimBy) return _refused();
        due.state = IPerpetualSlots.SlotState.Lapsed;
        due.toOrder = uint256(slot.price) * slot.maxTermEpochs;
        due.toSink = slot.collateral;
    }

    function _dueOfCut(IPerpetualSlots.SlotView memory slot) internal view returns (Due memory due) {
        if (slot.state != IPerpetualSlots.SlotState.Active) return _refused();
        uint64 limit = _min(_now(), slot.end);
        uint64 gap = perpetual.getOrder(slot.slot / SEATS).terms.gapEpochs;
        if (limit <= slot.provenTo || limit - slot.provenTo <= gap) return _refused();
        due.state = slot.state;
        due.faultSince = slot.faultSince;
        due.provenTo = limit - gap;
        due.toOrder = uint256(slot.price) * (due.provenTo - slot.provenTo);
    }

    function _dueOfResign(IPerpetualSlots.SlotView memory slot, bool controls) internal view returns (Due memory due) {
        if (slot.state != IPerpetualSlots.SlotState.Active || !controls || _now() >= slot.end) return _refused();
        due.state = IPerpetualSlots.SlotState.Resigned;
        due.forfeit = slot.collateral;
        due.toOrder = _unearned(slot) + due.forfeit;
    }

    function _dueOfRelease(IPerpetualSlots.SlotView memory slot) internal view returns (Due memory due) {
        bool over = slot.state == IPerpetualSlots.SlotState.Active && _now() >= slot.end + PerpetualRules.GRACE;
        if (!over) return _refused();
        due.state = IPerpetualSlots.SlotState.Ended;
        due.toOrder = _unearned(slot);
        due.toPoster = slot.collateral;
    }

    /// @dev The bounty is the caller's.
    function _dueOfLoss(IPerpetualSlots.SlotView memory slot) internal pure returns (Due memory due) {
        due.state = IPerpetualSlots.SlotState.Lost;
        due.toCaller = (slot.collateral * PerpetualRules.BOUNTY_PERCENT) / 100;
        due.forfeit = slot.collateral - due.toCaller;
        due.toOrder = _unearned(slot) + due.forfeit;
    }

    function _unearned(IPerpetualSlots.SlotView memory slot) internal pure returns (uint256) {
        return uint256(slot.price) * (slot.end - slot.provenTo);
    }
}
