// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualOrders} from "../../../../contracts/perpetual/IPerpetualOrders.sol";
import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {InclusionProof} from "../../../../contracts/pinning/Frc0087.sol";
import {TwoPieceAggregate} from "../../helpers/TwoPieceAggregate.sol";
import {Messages} from "./Messages.sol";
import {MoodyActors} from "./MoodyActors.sol";
import {ProofRules} from "./ProofRules.sol";
import {SlotActions} from "./SlotActions.sol";

/// @notice Claims are proven by deals, alone or in an aggregate, and by the sector of the replica before them; what is shown is right in
/// most of its parts.
abstract contract ProofActions is ProofRules, SlotActions {
    /// @dev What may be wrong with a deal that is shown, one of them at a time.
    uint256 private constant OTHER_PROVIDER = 1;
    uint256 private constant OTHER_PIECE = 2;
    uint256 private constant OTHER_SIZE = 3;
    uint256 private constant NOT_ACTIVATED = 4;
    uint256 private constant TOO_LATE = 5;
    uint256 private constant TOO_SHORT = 6;
    uint256 private constant FAULTY = 7;
    uint256 private constant REMOVED = 8;
    uint256 private constant STALE_LABEL = 9;
    uint256 private constant SAME_SECTOR = 10;
    uint256 private constant FAULTS = 13;

    /// @notice A deal that somebody made elsewhere.
    function proveDeal(uint256 seed) external moody(_mix(seed)) {
        seed = _mix(seed);
        uint256 slot = _claimed(seed);
        if (slot == 0) return;
        if ((seed >> 8) % 8 == 0) _rollTo(perpetual.getSlot(slot).claimBy + ((seed >> 16) % 2));
        _proveByDeal(slot, seed >> 24);
    }

    /// @notice The provider's sector of the term before is committed for longer.
    function proveExtension(uint256 seed) external moody(_mix(seed)) {
        seed = _mix(seed);
        uint256 slot = _successor(seed);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory claimed = perpetual.getSlot(slot);
        IPerpetualSlots.SlotView memory before = _slotOf(_other(slot));
        Replica memory replica;
        replica.kind = IPerpetualSlots.Kind.Sector;
        replica.sector = before.sector;
        uint64 minTerm = perpetual.getOrder(slot / SEATS).terms.minTermEpochs;
        replica.end = before.end + minTerm + uint64((seed >> 16) % 100_000) - ((seed >> 40) % 8 == 0 ? 100_000 : 0);
        (uint8 status, ) = actors.sectors(claimed.provider, before.sector);
        if (status != 0) actors.setSector(claimed.provider, before.sector, status, int64(replica.end));
        (address caller, bool controls) = _actor(seed >> 48, claimed.provider);
        replica.fits = controls && status == 1 && _predecessorEnd(claimed) != 0;
        if (_prove(claimed, replica, caller, abi.encodeCall(perpetual.proveExtension, (slot, LOCATION))))
            _happened("prove by extension");
    }

    /// @notice A successor is claimed at any time of the window, and mostly proven.
    function succeed(uint256 seed) external {
        seed = _mix(seed);
        uint256 slot = orderCount == 0 ? 0 : _pick(seed, IPerpetualSlots.SlotState.Active);
        if (slot == 0) return;
        uint64 renewal = perpetual.getOrder(slot / SEATS).terms.renewalEpochs;
        uint64 end = perpetual.getSlot(slot).end;
        if (end > renewal) _rollTo(end - renewal + ((seed >> 16) % renewal));
        for (uint256 i = 0; i < 2; ++i) {
            uint256 next = _claim(_other(slot), _mix(seed) | 1 | (uint256(1) << 80));
            if (next == 0) continue;
            if ((seed >> 8) % 4 != 0) _proveByDeal(next, _mix(seed) | 1);
            return;
        }
    }

    // ---- parts that other actions share

    /// @dev A claimed slot: one that is there, or a new one.
    function _claimed(uint256 seed) internal returns (uint256 slot) {
        if (orderCount == 0) return 0;
        if ((seed >> 200) % 2 == 0) slot = _claimAny(seed >> 64);
        if (slot != 0) return slot;
        slot = _pick(seed, IPerpetualSlots.SlotState.Claimed);
    }

    function _proveByDeal(uint256 slot, uint256 seed) internal returns (bool) {
        IPerpetualSlots.SlotView memory claimed = perpetual.getSlot(slot);
        if (claimed.state != IPerpetualSlots.SlotState.Claimed) return false;
        uint256 wrong = seed % 4 == 0 ? (seed >> 8) % FAULTS : 0;
        if (wrong > SAME_SECTOR) wrong = SAME_SECTOR;
        bool packed = (seed >> 16) % 8 == 0;
        uint64 dealId = actors.setDeal(0, _makeDeal(claimed, seed >> 24, wrong, packed));
        (address caller, bool controls) = _actor(seed >> 128, claimed.provider);
        Replica memory replica = _replicaOf(claimed, dealId, controls, wrong);
        if (!_prove(claimed, replica, caller, _callFor(slot, dealId, packed))) {
            if (wrong == SAME_SECTOR) _happened("a sector is shown twice");
            return false;
        }
        _happened(packed ? "prove by an aggregate" : "prove by a deal");
        if (_predecessorEnd(claimed) != 0) _happened("prove a successor of the same provider");
        return true;
    }

    function _replicaOf(
        IPerpetualSlots.SlotView memory claimed,
        uint64 dealId,
        bool controls,
        uint256 wrong
    ) private view returns (Replica memory replica) {
        MoodyActors.Deal memory deal = actors.dealOf(dealId);
        replica.kind = IPerpetualSlots.Kind.Deal;
        replica.dealId = dealId;
        replica.sector = deal.sector;
        replica.start = uint64(deal.start);
        replica.end = uint64(deal.start + deal.duration);
        bool named = keccak256(deal.label) == keccak256(Messages.label(claimed.slot, claimed.nonce));
        // Without a sector to look at, the market's word is enough.
        if (wrong == FAULTY && _liveness(claimed.slot) == IPerpetualOrders.Liveness.Deal) wrong = 0;
        bool other = wrong == TOO_LATE || wrong == TOO_SHORT || wrong == STALE_LABEL || wrong >= SAME_SECTOR;
        replica.fits = (controls || named) && (wrong == 0 || other);
    }

    function _callFor(uint256 slot, uint64 dealId, bool packed) private view returns (bytes memory) {
        if (!packed) return abi.encodeCall(perpetual.proveDeal, (slot, dealId, LOCATION));
        return abi.encodeCall(perpetual.proveAggregatedDeal, (slot, dealId, _inclusion(slot), LOCATION));
    }

    function _prove(
        IPerpetualSlots.SlotView memory claimed,
        Replica memory replica,
        address caller,
        bytes memory call
    ) internal returns (bool) {
        Due memory due = _dueOfProof(claimed, replica);
        if (isSpoilt()) due.uncertain = true;
        (uint64 start, uint64 end) = _termOf(claimed, replica);
        if (!_act(claimed.slot, caller, call, due)) return false;

        IPerpetualSlots.SlotView memory active = perpetual.getSlot(claimed.slot);
        _must(active.start == start && active.provenTo == start, "a replica is paid from when the rules say");
        _must(active.end == end, "a replica is paid until when the rules say");
        _must(
            active.kind == replica.kind && active.dealId == replica.dealId && active.sector == replica.sector,
            "a slot names what proved it"
        );
        return true;
    }

    /// @dev A claimed slot whose provider has the replica before it: one that is there, or one claimed now.
    function _successor(uint256 seed) internal returns (uint256) {
        for (uint256 id = 1; id <= orderCount; ++id) {
            IPerpetualSlots.SlotView[] memory slots = _slotsOf(id);
            for (uint256 i = 0; i < slots.length; ++i) {
                if (slots[i].state != IPerpetualSlots.SlotState.Active || !_isLive(slots[i])) continue;
                uint256 slot = _other(slots[i].slot);
                if (_slotOf(slot).state == IPerpetualSlots.SlotState.Claimed) return slot;
                uint64 renewal = perpetual.getOrder(id).terms.renewalEpochs;
                if ((seed >> (8 + i)) % 4 == 0) _rollTo(slots[i].end - renewal + ((seed >> 96) % (renewal / 3)));
                // Bits that name neither a stranger nor a wrong offer; the incumbent claims.
                if (
                    _openingOf(slot).price != 0 &&
                    _claim(slot, (seed | 0xff00000000000000000001) & ~uint256(0x10000)) != 0
                ) return slot;
            }
        }
        return 0;
    }

    function _makeDeal(
        IPerpetualSlots.SlotView memory claimed,
        uint256 seed,
        uint256 wrong,
        bool packed
    ) private returns (MoodyActors.Deal memory deal) {
        uint256 slot = claimed.slot;
        deal.known = true;
        deal.provider = wrong == OTHER_PROVIDER ? miner(claimed.provider - FIRST_MINER + 1) : claimed.provider;
        (deal.digest, deal.size) = _contentOf(slot, packed);
        if (wrong == OTHER_PIECE) deal.digest = (keccak256(abi.encode(seed)) >> 8) << 8;
        if (wrong == OTHER_SIZE) deal.size *= 2;
        uint64 start = _now() + uint64(seed % 4 == 0 ? 0 : (seed >> 8) % 2_000) - uint64((seed >> 24) % 1_000);
        start = wrong == TOO_LATE ? claimed.claimBy + 1 : _min(start, claimed.claimBy);
        uint64 begin = _max(_now(), _max(start, _predecessorEnd(claimed)));
        uint64 minTerm = perpetual.getOrder(slot / SEATS).terms.minTermEpochs;
        uint64 end = begin + minTerm + uint64((seed >> 40) % 120_000);
        if (wrong == TOO_SHORT) end = begin + minTerm - 1;
        deal.start = int64(start);
        deal.duration = int64(end - start);
        deal.activated = wrong == NOT_ACTIVATED ? -1 : int64(_now());
        deal.removed = wrong == REMOVED;
        deal.label = Messages.label(slot, claimed.nonce - (wrong == STALE_LABEL ? 1 : 0));
        if ((seed >> 64) % 3 == 0) deal.label = "";
        uint64 other = wrong == SAME_SECTOR ? _activeSectorOf(claimed.provider) : 0;
        deal.sector = other != 0 ? other : actors.setSector(claimed.provider, 0, wrong == FAULTY ? 2 : 1, int64(end));
    }

    function _contentOf(uint256 slot, bool packed) private view returns (bytes32 digest, uint64 size) {
        if (!packed) return (perpetual.getOrder(slot / SEATS).pieceDigest, TwoPieceAggregate.PIECE_SIZE);
        (digest, ) = TwoPieceAggregate.build(_pieces, 0);
        return (digest, TwoPieceAggregate.SIZE);
    }

    function _inclusion(uint256 slot) private view returns (InclusionProof memory proof) {
        uint64 at = perpetual.getOrder(slot / SEATS).pieceDigest == _pieces[0] ? 0 : 1;
        (, proof) = TwoPieceAggregate.build(_pieces, at);
    }

    /// @dev A sector of the provider's that is alive and paid already; 0: none.
    function _activeSectorOf(uint64 provider) private view returns (uint64) {
        for (uint256 id = 1; id <= orderCount; ++id) {
            IPerpetualSlots.SlotView[] memory slots = _slotsOf(id);
            for (uint256 i = 0; i < slots.length; ++i) {
                if (slots[i].provider != provider || slots[i].state != IPerpetualSlots.SlotState.Active) continue;
                (uint8 status, ) = actors.sectors(provider, slots[i].sector);
                if (status == 1) return slots[i].sector;
            }
        }
        return 0;
    }
}
