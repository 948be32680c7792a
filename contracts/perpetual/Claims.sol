// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ActorCall} from "../filecoin/ActorCall.sol";
import {PowerActor} from "../filecoin/PowerActor.sol";
import {Closings} from "./Closings.sol";
import {Control} from "./Control.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {Openings} from "./Openings.sol";
import {PerpetualRules} from "./PerpetualRules.sol";

/// @title Claims: a provider takes a seat, or gives it back before it is proven
abstract contract Claims is Closings, Openings, Control, IPerpetualSlots {
    /// @inheritdoc IPerpetualSlots
    function claim(
        uint256 slot,
        uint64 nonce,
        uint32 orderVersion,
        uint128 minPrice,
        uint64 provider
    ) external payable nonReentrant returns (bytes memory seed, uint64[] memory holders) {
        (Order storage order, Slot storage taken) = _slot(slot);
        uint256 orderId = _orderIdOf(slot);
        if (order.status != IPerpetualOrders.OrderStatus.Live)
            revert IPerpetualOrders.WrongOrderStatus(orderId, order.status);
        if (orderVersion != order.version) revert StaleVersion(orderId, order.version, orderVersion);
        if (nonce != taken.nonce + 1) revert StaleNonce(slot, taken.nonce + 1, nonce);
        _closeOverdue(slot, order, taken);
        Opening memory opening = _opening(slot, order, _survey(orderId, order));
        if (!opening.open) revert SlotNotOpen(slot, _nextOpening(orderId, order));
        if (opening.price < minPrice) revert PriceTooLow(minPrice, opening.price);
        if (msg.value != order.terms.collateral) revert WrongValue(order.terms.collateral, msg.value);
        if (provider != opening.incumbent && opening.incumbent != 0 && _now() < opening.onlyUntil)
            revert IncumbentOnly(slot, opening.incumbent, opening.onlyUntil);
        uint64 owner = _requireWelcome(slot, orderId, order, provider);

        _take(order, taken, opening);
        taken.provider = provider;
        taken.owner = owner;
        ++_openClaims[owner];
        _claimsOf[provider].push((slot << 64) | nonce);

        emit SlotClaimed(
            slot,
            provider,
            nonce,
            owner,
            msg.sender,
            taken.price,
            taken.maxTermEpochs,
            taken.orderEnd,
            taken.claimBy,
            taken.collateral
        );
        return (order.seed, _holders(orderId, order));
    }

    /// @inheritdoc IPerpetualSlots
    function abandon(uint256 slot) external nonReentrant {
        (Order storage order, Slot storage taken) = _slotIn(slot, SlotState.Claimed);
        _requireControlling(taken.provider);
        uint64 lastEpoch = uint64(Math.min(taken.claimedEpoch + order.terms.fetchEpochs, taken.claimBy));
        if (_now() > lastEpoch) revert FetchWindowOver(lastEpoch, _now());

        _abandon(slot, order, taken);
    }

    /// @inheritdoc IPerpetualSlots
    function lapse(uint256 slot) external nonReentrant {
        (Order storage order, Slot storage taken) = _slotIn(slot, SlotState.Claimed);
        if (_now() <= taken.claimBy) revert NotLapsed(taken.claimBy, _now());

        _lapse(slot, order, taken);
    }

    /// @dev Makes room in a seat whose time ran out.
    function _closeOverdue(uint256 slot, Order storage order, Slot storage taken) private {
        if (!_reusable(taken)) return;
        if (taken.state == SlotState.Claimed) _lapse(slot, order, taken);
        else if (taken.state == SlotState.Active) _end(slot, order, taken);
    }

    /// @dev Reserves the money and begins the seat anew.
    function _take(Order storage order, Slot storage taken, Opening memory opening) private {
        uint64 maxTermEpochs = order.terms.maxTermEpochs;
        uint128 reserved = opening.price * maxTermEpochs;
        order.free -= reserved;
        order.reserved += reserved;

        taken.state = SlotState.Claimed;
        taken.kind = Kind.None;
        ++taken.nonce;
        taken.poster = msg.sender;
        taken.collateral = _hold(msg.value);
        taken.price = opening.price;
        taken.maxTermEpochs = maxTermEpochs;
        taken.orderEnd = order.endEpoch;
        taken.claimedEpoch = _now();
        taken.claimBy = opening.claimBy;
        taken.start = 0;
        taken.end = 0;
        taken.provenTo = 0;
        taken.faultSince = 0;
        taken.dealId = 0;
        taken.sector = 0;
        taken.paid = 0;
    }

    /// @dev Holds that the caller may claim for this provider, and that it may have a slot in this order.
    /// @return owner Actor id of the provider's owner.
    function _requireWelcome(
        uint256 slot,
        uint256 orderId,
        Order storage order,
        uint64 provider
    ) private view returns (uint64 owner) {
        if (!PowerActor.isMiner(provider)) revert NotAMiner(provider);
        _requireControlling(provider);
        IPerpetualOrders.Access access = order.terms.access;
        if (
            access != IPerpetualOrders.Access.Everyone &&
            order.listed[provider] != (access == IPerpetualOrders.Access.Listed)
        ) revert ProviderNotAllowed(orderId, provider);
        _requirePower(order.terms.minPower, provider);

        owner = _ownerOf(provider);
        _requireNotBarred(orderId, order, provider);
        _requireNotBarred(orderId, order, owner);
        _requireOnlySlot(slot, orderId, order, provider, owner);
        if (_openClaims[owner] >= PerpetualRules.MAX_CLAIMS) revert TooManyClaims(owner, PerpetualRules.MAX_CLAIMS);
    }

    function _requirePower(uint128 required, uint64 provider) private view {
        if (required == 0) return;
        (int256 exitCode, uint256 raw, ) = PowerActor.minerRawPower(provider);
        if (exitCode != 0) revert ActorCall.ActorUnclear(exitCode);
        if (raw < required) revert PowerTooLow(required, raw);
    }

    function _requireNotBarred(uint256 orderId, Order storage order, uint64 actorId) private view {
        uint64 untilEpoch = order.barredUntil[actorId];
        if (_now() < untilEpoch) revert ProviderBarred(orderId, actorId, untilEpoch);
    }

    /// @dev One replica per provider and per owner; the one that is succeeded aside. A claim that lapsed counts until it is closed.
    function _requireOnlySlot(
        uint256 slot,
        uint256 orderId,
        Order storage order,
        uint64 provider,
        uint64 owner
    ) private view {
        for (uint256 pair = 0; pair < order.pairs; ++pair) {
            uint256 first = _slotId(orderId, pair);
            _requireOther(slot, orderId, first, provider, owner);
            _requireOther(slot, orderId, first | PAIR_BIT, provider, owner);
        }
    }

    function _requireOther(uint256 slot, uint256 orderId, uint256 seat, uint64 provider, uint64 owner) private view {
        Slot storage other = _slots[seat];
        bool live = other.state == SlotState.Claimed;
        if (other.state == SlotState.Active) live = _now() < other.end && seat != slot ^ PAIR_BIT;
        if (!live) return;
        if (other.provider == provider) revert AlreadyLive(orderId, provider, seat);
        if (other.owner == owner) revert AlreadyLive(orderId, owner, seat);
    }

    /// @dev The providers whose replicas are active now, each once.
    function _holders(uint256 orderId, Order storage order) private view returns (uint64[] memory holders) {
        holders = new uint64[](2 * order.pairs);
        uint256 count = 0;
        for (uint256 pair = 0; pair < order.pairs; ++pair) {
            uint64 first = _holder(_slots[_slotId(orderId, pair)]);
            uint64 second = _holder(_slots[_slotId(orderId, pair) | PAIR_BIT]);
            if (first != 0) holders[count++] = first;
            if (second != 0 && second != first) holders[count++] = second;
        }
        assembly ("memory-safe") {
            mstore(holders, count)
        }
    }

    function _holder(Slot storage taken) private view returns (uint64) {
        return taken.state == SlotState.Active && _now() < taken.end ? taken.provider : 0;
    }
}
