// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualOrders} from "../../../../contracts/perpetual/IPerpetualOrders.sol";
import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {ClosingRules} from "./ClosingRules.sol";

/// @notice What a claim becomes when its replica is shown: the rules in words.
abstract contract ProofRules is ClosingRules {
    /// @param start Of the deal; 0: of none.
    /// @param end Of the deal, or until when the sector is committed.
    /// @param fits It is the order's piece, with that provider, alive, and shown by whom or what names the slot.
    struct Replica {
        IPerpetualSlots.Kind kind;
        uint64 dealId;
        uint64 sector;
        uint64 start;
        uint64 end;
        bool fits;
    }

    function _dueOfProof(
        IPerpetualSlots.SlotView memory slot,
        Replica memory replica
    ) internal view returns (Due memory due) {
        if (slot.state != IPerpetualSlots.SlotState.Claimed || _now() > slot.claimBy) return _refused();
        if (!replica.fits || replica.start > slot.claimBy) return _refused();
        (uint64 start, uint64 end) = _termOf(slot, replica);
        if (end < start + perpetual.getOrder(slot.slot / SEATS).terms.minTermEpochs) return _refused();
        if (_isPaidElsewhere(slot, replica)) return _refused();
        due.state = IPerpetualSlots.SlotState.Active;
        due.provenTo = start;
        due.toOrder = uint256(slot.price) * (slot.maxTermEpochs - (end - start));
    }

    /// @dev It begins now, when the deal does, or when the same provider's replica before it ends: whichever is last.
    function _termOf(
        IPerpetualSlots.SlotView memory slot,
        Replica memory replica
    ) internal view returns (uint64 start, uint64 end) {
        start = _max(_now(), _max(replica.start, _predecessorEnd(slot)));
        end = _min(replica.end, start + slot.maxTermEpochs);
        if (slot.orderEnd != 0) end = _min(end, slot.orderEnd);
    }

    /// @dev End of the same provider's live replica in the pair's other seat; 0: there is none.
    function _predecessorEnd(IPerpetualSlots.SlotView memory slot) internal view returns (uint64) {
        IPerpetualSlots.SlotView memory other = _slotOf(_other(slot.slot));
        bool same = other.provider == slot.provider && other.state == IPerpetualSlots.SlotState.Active;
        return same && _isLive(other) ? other.end : 0;
    }

    /// @dev Whether an active slot of an order of the same piece names that very sector, the one that it succeeds left out.
    function _isPaidElsewhere(
        IPerpetualSlots.SlotView memory slot,
        Replica memory replica
    ) private view returns (bool) {
        bytes32 digest = perpetual.getOrder(slot.slot / SEATS).pieceDigest;
        for (uint256 id = 1; id <= orderCount; ++id) {
            if (perpetual.getOrder(id).pieceDigest != digest) continue;
            IPerpetualSlots.SlotView[] memory slots = _slotsOf(id);
            for (uint256 i = 0; i < slots.length; ++i) {
                IPerpetualSlots.SlotView memory other = slots[i];
                if (other.state != IPerpetualSlots.SlotState.Active) continue;
                if (other.provider != slot.provider || other.sector != replica.sector) continue;
                if (other.slot != _other(slot.slot) || _predecessorEnd(slot) == 0) return true;
            }
        }
        return false;
    }

    function _liveness(uint256 slot) internal view returns (IPerpetualOrders.Liveness) {
        return perpetual.getOrder(slot / SEATS).terms.liveness;
    }
}
