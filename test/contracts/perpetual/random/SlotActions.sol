// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualOrders} from "../../../../contracts/perpetual/IPerpetualOrders.sol";
import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {PerpetualRules} from "../../../../contracts/perpetual/PerpetualRules.sol";
import {ClaimRules} from "./ClaimRules.sol";
import {ClosingRules} from "./ClosingRules.sol";
import {Moods} from "./Moods.sol";

/// @notice Slots are claimed, and closed or cut without any actor.
abstract contract SlotActions is ClaimRules, ClosingRules, Moods {
    /// @param nonce Of the claim; `version` of the order.
    struct Offer {
        uint256 slot;
        uint64 provider;
        address caller;
        bool controls;
        uint64 nonce;
        uint32 version;
        uint128 minPrice;
        uint256 value;
    }

    function claim(uint256 seed) external moody(_mix(seed)) {
        if (orderCount != 0) _claimAny(_mix(seed));
    }

    function abandon(uint256 seed) external moody(_mix(seed)) {
        seed = _mix(seed);
        if (orderCount == 0) return;
        if (seed & 0x100 == 0) _claimAny(seed >> 16);
        uint256 slot = _pick(seed, IPerpetualSlots.SlotState.Claimed);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory claimed = perpetual.getSlot(slot);
        if ((seed >> 32) % 4 == 0) {
            uint64 fetch = perpetual.getOrder(slot / SEATS).terms.fetchEpochs;
            _rollTo(claimed.claimedEpoch + fetch + ((seed >> 40) % 2));
        }
        (address caller, bool controls) = _actor(seed >> 48, claimed.provider);
        Due memory due = _dueOfAbandon(claimed, controls);
        if (isSpoilt()) due.uncertain = true;
        if (_act(slot, caller, abi.encodeCall(perpetual.abandon, (slot)), due)) _happened("abandon");
    }

    function lapse(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        if (seed & 0x100 == 0) _claimAny(seed >> 64);
        uint256 slot = _pick(seed, IPerpetualSlots.SlotState.Claimed);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory claimed = perpetual.getSlot(slot);
        if ((seed >> 32) % 2 == 0) _rollTo(claimed.claimBy + ((seed >> 40) % 4 == 0 ? 0 : 1));
        bytes memory call = abi.encodeCall(perpetual.lapse, (slot));
        if (!_act(slot, account((seed >> 48) % SINK_INDEX), call, _dueOfLapse(claimed))) return;

        _mustBar(claimed);
        _happened("lapse");
    }

    /// @notice A seat is claimed as soon as its time is over.
    function takeOver(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        if (seed & 0x100 == 0) _claimAny(seed >> 64);
        bool lapsed = seed & 0x200 == 0;
        uint256 slot = _pick(seed, lapsed ? IPerpetualSlots.SlotState.Claimed : IPerpetualSlots.SlotState.Active);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory old = perpetual.getSlot(slot);
        if (old.state == IPerpetualSlots.SlotState.Claimed) _rollTo(old.claimBy + 1);
        else _rollTo(old.end + PerpetualRules.GRACE);
        for (uint256 i = 0; i < 3; ++i) {
            if (_claim(slot, _mix(seed) | 1 | (uint256(1) << 80)) != 0) return;
        }
    }

    function cut(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        uint256 slot = _pick(seed, IPerpetualSlots.SlotState.Active);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory active = perpetual.getSlot(slot);
        uint64 gap = perpetual.getOrder(slot / SEATS).terms.gapEpochs;
        if ((seed >> 32) % 2 == 0) _rollTo(active.provenTo + gap + ((seed >> 40) % 3));
        bytes memory call = abi.encodeCall(perpetual.cut, (slot));
        if (_act(slot, account((seed >> 48) % SINK_INDEX), call, _dueOfCut(active))) _happened("cut");
    }

    function resign(uint256 seed) external moody(_mix(seed)) {
        seed = _mix(seed);
        if (orderCount == 0 || seed % 3 != 0) return;
        uint256 slot = _pick(seed >> 8, IPerpetualSlots.SlotState.Active);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory active = perpetual.getSlot(slot);
        if ((seed >> 32) % 8 == 0) _rollTo(active.end - 1 + ((seed >> 40) % 2));
        (address caller, bool controls) = _actor(seed >> 48, active.provider);
        Due memory due = _dueOfResign(active, controls);
        if (isSpoilt()) due.uncertain = true;
        if (_act(slot, caller, abi.encodeCall(perpetual.resign, (slot)), due)) _happened("resign");
    }

    function release(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        uint256 slot = _pick(seed, IPerpetualSlots.SlotState.Active);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory active = perpetual.getSlot(slot);
        if ((seed >> 32) % 4 == 0) _rollTo(active.end + PerpetualRules.GRACE - ((seed >> 40) % 4 == 0 ? 1 : 0));
        bytes memory call = abi.encodeCall(perpetual.release, (slot));
        if (_act(slot, account((seed >> 48) % SINK_INDEX), call, _dueOfRelease(active))) _happened("release");
    }

    // ---- claiming

    /// @dev Mostly what the contract offers, by one who may.
    function _claimAny(uint256 seed) internal returns (uint256) {
        uint256 orderId = _pickOrder(seed);
        (IPerpetualSlots.OpenSlot[] memory open, ) = perpetual.openSlotsOf(orderId);
        uint256 slot = orderId * SEATS + ((seed >> 8) % 3) + ((seed >> 16) % 2) * PAIRS;
        if (open.length != 0 && (seed >> 24) % 8 != 0) slot = open[(seed >> 32) % open.length].slot;
        return _claim(slot, seed >> 40);
    }

    /// @return The slot if it is claimed now, else 0.
    function _claim(uint256 slot, uint256 seed) internal returns (uint256) {
        Opening memory opening = _openingOf(slot);
        Offer memory offer = _offer(slot, opening, seed);
        Snap memory before = _snap(slot);
        Due memory due = _dueOfClaim(before, opening, offer);
        uint256 bad = actors.badAnswers();
        bytes memory call = abi.encodeCall(
            perpetual.claim,
            (slot, offer.nonce, offer.version, offer.minPrice, offer.provider)
        );
        if (!_call(offer.caller, offer.value, call)) {
            _mustHaveFailed(due.refused || due.uncertain || isSpoilt(), "who may claim what is open can");
            return 0;
        }
        _must(!due.refused, "what is not open, or not to him, is not claimed");
        _must(actors.badAnswers() == bad, "an answer that is none changes nothing");
        Snap memory later = _snap(slot);
        _checkMoney(before, later, due, offer.caller);
        _checkClaim(before, later, opening, offer);
        _noteClaim(before, opening);
        return slot;
    }

    function _offer(uint256 slot, Opening memory opening, uint256 seed) private view returns (Offer memory offer) {
        IPerpetualOrders.OrderView memory order = perpetual.getOrder(slot / SEATS);
        offer.slot = slot;
        offer.provider = seed % 64 == 0 ? FALSE_MINER : miner(seed >> 8);
        if (opening.incumbent != 0 && (seed >> 16) % 2 == 0) offer.provider = opening.incumbent;
        (offer.caller, offer.controls) =
            offer.provider == FALSE_MINER ? (owner(0), true) : _actor(seed >> 24, offer.provider);
        bool wrong = (seed >> 80) % 8 == 0;
        offer.nonce = _slotOf(slot).nonce + 1 - (wrong && (seed >> 88) % 4 == 0 ? 1 : 0);
        offer.version = order.version - (wrong && (seed >> 88) % 4 == 1 ? 1 : 0);
        offer.minPrice = uint128(opening.price + (wrong && (seed >> 88) % 4 == 2 ? 1 : 0));
        offer.value = order.terms.collateral - (wrong && (seed >> 88) % 4 == 3 ? 1 : 0);
    }

    /// @dev Whoever sat there is closed on the way, and is barred if that was a lapse.
    function _dueOfClaim(
        Snap memory before,
        Opening memory opening,
        Offer memory offer
    ) private view returns (Due memory due) {
        IPerpetualSlots.SlotView memory here = before.slot;
        bool lapsed = here.state == IPerpetualSlots.SlotState.Claimed;
        if (lapsed) due = _dueOfLapse(here);
        if (here.state == IPerpetualSlots.SlotState.Active) due = _dueOfRelease(here);
        bool own = lapsed && (here.provider == offer.provider || here.owner == actors.ownerOf(offer.provider));
        bool right =
            offer.nonce == here.nonce + 1 &&
                offer.version == before.order.version &&
                offer.value == before.order.terms.collateral &&
                offer.minPrice <= opening.price;
        if (opening.price == 0 || !right || !offer.controls || own) return _refused();
        if (!_mayTake(offer.slot, offer.provider, opening)) return _refused();
        due.fromOrder = opening.price * before.order.terms.maxTermEpochs;
        if (before.order.free + due.toOrder < due.fromOrder) return _refused();
        due.uncertain = before.order.free < due.fromOrder;
    }

    function _checkClaim(Snap memory before, Snap memory later, Opening memory opening, Offer memory offer) private {
        IPerpetualSlots.SlotView memory slot = later.slot;
        IPerpetualOrders.OrderView memory order = before.order;
        _must(slot.state == IPerpetualSlots.SlotState.Claimed, "what is claimed is Claimed");
        _must(slot.nonce == before.slot.nonce + 1, "every claim has its own nonce");
        _must(slot.price == opening.price && slot.claimBy == opening.claimBy, "a claim is of what was offered");
        _must(slot.maxTermEpochs == order.terms.maxTermEpochs, "a claim fixes the term");
        _must(slot.orderEnd == order.endEpoch, "a claim fixes the order's end");
        _must(slot.collateral == offer.value && slot.poster == offer.caller, "who put the collateral down is noted");
        _must(
            slot.provider == offer.provider && slot.owner == actors.ownerOf(offer.provider),
            "a claim is a provider's and its owner's"
        );
        _must(slot.paid == 0 && slot.end == 0 && slot.faultSince == 0, "a claim begins anew");
        if (before.slot.state == IPerpetualSlots.SlotState.Claimed) _mustBar(before.slot);
    }

    function _noteClaim(Snap memory before, Opening memory opening) private {
        _happened("claim");
        if (before.slot.nonce != 0) _happened("claim of a seat that was used");
        if (before.slot.state == IPerpetualSlots.SlotState.Claimed) _happened("lapse by the next claim");
        if (before.slot.state == IPerpetualSlots.SlotState.Active) _happened("release by the next claim");
        if (opening.incumbent == 0) return;
        _happened("claim of a successor");
        if (opening.price > before.order.price) _happened("claim at a risen price");
        if (opening.incumbentOnly) _happened("claim by the incumbent alone");
    }

    function _mustBar(IPerpetualSlots.SlotView memory lapsed) private {
        uint256 orderId = lapsed.slot / SEATS;
        uint64 until = _now() + PerpetualRules.BARRED;
        _must(
            perpetual.barredUntil(orderId, lapsed.provider) == until &&
                perpetual.barredUntil(orderId, lapsed.owner) == until,
            "a lapse bars the provider and its owner"
        );
    }
}
