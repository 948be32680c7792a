// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {PerpetualRules} from "../../../../contracts/perpetual/PerpetualRules.sol";
import {SettleRules} from "./SettleRules.sol";
import {Moods} from "./Moods.sol";
import {MoodyActors} from "./MoodyActors.sol";

/// @notice Slots are settled by anybody, with what is true or is not, while sectors live, fail and end.
abstract contract SettleActions is SettleRules, Moods {
    /// @notice What somebody says of the sector, mostly the truth.
    function settle(uint256 seed) external moody(_mix(seed)) {
        seed = _mix(seed);
        uint256 slot = orderCount == 0 ? 0 : _pick(seed, IPerpetualSlots.SlotState.Active);
        if (slot == 0) return;
        if ((seed >> 16) % 2 == 0) _rollNear(slot, seed >> 24);
        _settle(slot, seed >> 64);
    }

    /// @notice One sample after another, a gap apart.
    function keepUp(uint256 seed) external {
        seed = _mix(seed);
        uint256 slot = orderCount == 0 ? 0 : _pick(seed, IPerpetualSlots.SlotState.Active);
        if (slot == 0) return;
        uint64 gap = perpetual.getOrder(slot / SEATS).terms.gapEpochs;
        for (uint256 i = 0; i < 3; ++i) {
            _rollTo(perpetual.getSlot(slot).provenTo + gap);
            _settle(slot, (seed >> (32 + 8 * i)) | 0xff00);
        }
    }

    /// @notice A sector fails, recovers or ends; its deal ends with it.
    function happen(uint256 seed) external {
        seed = _mix(seed);
        uint256 slot = orderCount == 0 ? 0 : _pick(seed, IPerpetualSlots.SlotState.Active);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory active = perpetual.getSlot(slot);
        (uint8 status, int64 expiration) = actors.sectors(active.provider, active.sector);
        if (status == 0) return;
        bool ends = (seed >> 16) % 4 == 0;
        uint8 next = ends ? 0 : 3 - status;
        actors.setSector(active.provider, active.sector, next, expiration);
        if (ends && active.dealId != 0) actors.removeDeal(active.dealId);
        _happened(
            ends
                ? "termination"
                : next == 2
                    ? "fault"
                    : "recovery"
        );
        if ((seed >> 24) % 2 == 0) _settle(slot, (seed >> 32) | 0xff00);
    }

    /// @notice Faulty, shown so, and again: after the time in which it could have recovered, when it has, or at the end.
    function neglect(uint256 seed) external {
        seed = _mix(seed);
        uint256 slot = orderCount == 0 ? 0 : _pick(seed, IPerpetualSlots.SlotState.Active);
        if (slot == 0 || seed % 3 != 0) return;
        IPerpetualSlots.SlotView memory active = perpetual.getSlot(slot);
        (uint8 status, int64 expiration) = actors.sectors(active.provider, active.sector);
        if (status == 1) actors.setSector(active.provider, active.sector, 2, expiration);
        _settle(slot, (seed >> 32) | 0xff00);
        if (seed & 0x300 == 0) {
            actors.setSector(active.provider, active.sector, 1, expiration);
            _rollTo(_now() + ((seed >> 24) % 1_000));
        } else if (seed & 0x300 == 0x100) _rollTo(active.end);
        else _rollTo(_now() + perpetual.getOrder(slot / SEATS).terms.evictEpochs - ((seed >> 24) % 2));
        _settle(slot, (seed >> 32) | 0xff00);
    }

    /// @notice After its end anybody can have a deal removed; now and then its sector is gone too.
    function settleTheDeal(uint256 seed) external {
        seed = _mix(seed);
        uint256 slot = orderCount == 0 ? 0 : _pick(seed, IPerpetualSlots.SlotState.Active);
        if (slot == 0 || seed % 3 != 0) return;
        IPerpetualSlots.SlotView memory active = perpetual.getSlot(slot);
        MoodyActors.Deal memory deal = actors.dealOf(active.dealId);
        if (active.dealId == 0) return;
        _rollTo(active.end);
        if (_now() < uint64(deal.start + deal.duration)) return;
        actors.removeDeal(active.dealId);
        if ((seed >> 16) % 2 == 0) actors.setSector(active.provider, active.sector, 0, 0);
        _happened("the market settles a deal at its end");
        if ((seed >> 24) % 2 == 0) _settle(slot, (seed >> 32) | 0xff00);
    }

    /// @dev To an edge of a slot's time, or one epoch beside it.
    function _rollNear(uint256 slot, uint256 seed) internal {
        IPerpetualSlots.SlotView memory s = perpetual.getSlot(slot);
        uint64 renewal = perpetual.getOrder(slot / SEATS).terms.renewalEpochs;
        uint64 gap = perpetual.getOrder(slot / SEATS).terms.gapEpochs;
        uint256 to;
        uint256 edge = seed % 8;
        if (s.state == IPerpetualSlots.SlotState.Claimed) to = s.claimBy;
        else if (edge < 2) to = s.provenTo + gap;
        else if (edge == 2) to = s.provenTo + gap / 2;
        else if (edge == 3) to = s.end - renewal;
        else if (edge == 4) to = s.end - renewal + renewal / 3;
        else if (edge == 5) to = s.end - ((seed >> 8) % renewal);
        else if (edge == 6) to = s.end;
        else to = s.end + ((seed >> 8) % 2) * PerpetualRules.GRACE;
        _rollTo(to + ((seed >> 32) % 3) - 1);
    }

    function _settle(uint256 slot, uint256 seed) internal {
        IPerpetualSlots.SlotView memory s = perpetual.getSlot(slot);
        (uint8 actual, ) = actors.sectors(s.provider, s.sector);
        IPerpetualSlots.SectorClaim status =
            actual == 0 ? IPerpetualSlots.SectorClaim.Dead : IPerpetualSlots.SectorClaim(actual);
        if ((seed >> 8) % 4 == 0) status = IPerpetualSlots.SectorClaim((seed >> 16) % 4);
        bytes memory location = (seed >> 11) % 32 == 0 ? bytes(hex"820103") : LOCATION;
        Due memory due = _dueOfSettle(s, status, location);
        bytes memory call = abi.encodeCall(perpetual.settle, (slot, status, location));
        if (!_act(slot, account((seed >> 24) % SINK_INDEX), call, due)) return;
        _noteSettlement(s, due);
    }

    function _noteSettlement(IPerpetualSlots.SlotView memory s, Due memory due) private {
        if (due.toMiner != 0) _happened("pay");
        if (due.state == IPerpetualSlots.SlotState.Lost) _happened("lose");
        if (due.state == IPerpetualSlots.SlotState.Lost && s.faultSince != 0) _happened("evict");
        if (due.state == IPerpetualSlots.SlotState.Ended) _happened(due.toMiner != 0 ? "finish" : "finish unpaid");
        if (due.state != IPerpetualSlots.SlotState.Active) return;
        if (due.toOrder != 0 && due.toMiner != 0) _happened("pay of one gap only");
        if (due.faultSince != 0) _happened("shown faulty");
        if (s.faultSince != 0 && due.faultSince == 0) _happened("shown recovered");
    }
}
