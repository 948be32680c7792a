// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MethodNumber} from "../../../../contracts/local/MethodNumber.sol";
import {IPerpetualOrders} from "../../../../contracts/perpetual/IPerpetualOrders.sol";
import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {PerpetualRules} from "../../../../contracts/perpetual/PerpetualRules.sol";
import {ClosingRules} from "./ClosingRules.sol";
import {MoodyActors} from "./MoodyActors.sol";

/// @notice What settling must bring, by what the actors would say of the deal and the sector now: the rules in words.
abstract contract SettleRules is ClosingRules {
    int256 private constant DEAL_REMOVED = 32;

    /// @param readable The market says when the deal was activated.
    /// @param removed It says that the deal is over.
    /// @param holds The miner says that the sector is what the caller claims.
    /// @param unclear The miner's answer is none.
    struct Evidence {
        bool readable;
        bool removed;
        bool holds;
        bool unclear;
    }

    function _dueOfSettle(
        IPerpetualSlots.SlotView memory slot,
        IPerpetualSlots.SectorClaim status,
        bytes memory location
    ) internal view returns (Due memory due) {
        if (slot.state != IPerpetualSlots.SlotState.Active || _now() < slot.provenTo) return _refused();
        Evidence memory shown = _evidence(slot, status, location);
        bool before = _now() < slot.end;
        if (slot.kind == IPerpetualSlots.Kind.Deal) {
            if (shown.removed && before) return _dueOfLoss(slot);
            if (!shown.removed && !shown.readable) return _refused();
        }
        due = before ? _dueBefore(slot, status, shown) : _dueAfter(slot, status, shown);
        if (shown.unclear) due.uncertain = true;
    }

    function _dueBefore(
        IPerpetualSlots.SlotView memory slot,
        IPerpetualSlots.SectorClaim status,
        Evidence memory shown
    ) private view returns (Due memory due) {
        IPerpetualOrders.Terms memory terms = perpetual.getOrder(slot.slot / SEATS).terms;
        if (status == IPerpetualSlots.SectorClaim.None) {
            if (terms.liveness != IPerpetualOrders.Liveness.Deal || !shown.readable) return _refused();
        } else if (!shown.holds) {
            return _refused();
        }
        if (status == IPerpetualSlots.SectorClaim.Dead) return _dueOfLoss(slot);

        due.state = slot.state;
        due.provenTo = _now();
        if (status == IPerpetualSlots.SectorClaim.Faulty) {
            due.faultSince = slot.faultSince == 0 ? _now() : slot.faultSince;
            if (_now() - due.faultSince >= terms.evictEpochs) return _dueOfLoss(slot);
            due.toOrder = uint256(slot.price) * (_now() - slot.provenTo);
            return due;
        }
        _share(slot, _now(), due);
    }

    function _dueAfter(
        IPerpetualSlots.SlotView memory slot,
        IPerpetualSlots.SectorClaim status,
        Evidence memory shown
    ) private view returns (Due memory due) {
        bool alive = status == IPerpetualSlots.SectorClaim.Active && shown.holds;
        if (shown.readable || alive) {
            due.state = IPerpetualSlots.SlotState.Ended;
            due.toPoster = slot.collateral;
            _share(slot, slot.end, due);
            return due;
        }
        return _dueOfRelease(slot);
    }

    /// @dev One gap at most is paid, to the order if the replica was faulty; what is older is the order's.
    function _share(IPerpetualSlots.SlotView memory slot, uint64 limit, Due memory due) private view {
        uint64 gap = perpetual.getOrder(slot.slot / SEATS).terms.gapEpochs;
        uint64 epochs = limit - slot.provenTo;
        uint64 paid = slot.faultSince != 0 ? 0 : _min(epochs, gap);
        due.toMiner = uint256(slot.price) * paid;
        due.toOrder = uint256(slot.price) * (epochs - paid);
    }

    function _evidence(
        IPerpetualSlots.SlotView memory slot,
        IPerpetualSlots.SectorClaim status,
        bytes memory location
    ) private view returns (Evidence memory shown) {
        if (slot.kind == IPerpetualSlots.Kind.Deal) {
            MoodyActors.Deal memory deal = actors.dealOf(slot.dealId);
            bool spoilt = actors.spoils(MethodNumber.GET_DEAL_ACTIVATION);
            bool exits = spoilt && actors.mood() == MoodyActors.Mood.Exit;
            shown.removed = exits ? actors.moodExit() == DEAL_REMOVED : !spoilt && deal.removed;
            shown.readable = !spoilt && deal.known && !deal.removed && deal.activated > 0;
        }
        if (status == IPerpetualSlots.SectorClaim.None) return shown;
        shown.unclear = actors.spoils(MethodNumber.VALIDATE_SECTOR_STATUS);
        if (shown.unclear || keccak256(location) != keccak256(LOCATION)) return shown;
        (uint8 actual, ) = actors.sectors(slot.provider, slot.sector);
        uint8 claimed = status == IPerpetualSlots.SectorClaim.Dead ? 0 : uint8(status);
        shown.holds = actual == claimed;
    }
}
