// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ActorCall} from "../filecoin/ActorCall.sol";
import {DealCheck} from "../filecoin/DealCheck.sol";
import {MarketActor} from "../filecoin/MarketActor.sol";
import {MinerActor} from "../filecoin/MinerActor.sol";
import {Podsi} from "../filecoin/Podsi.sol";
import {InclusionProof} from "../pinning/Frc0087.sol";
import {Extension} from "../Extension.sol";
import {Control} from "./Control.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualProofs} from "./IPerpetualProofs.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {Purse} from "./Purse.sol";
import {SlotLabel} from "./SlotLabel.sol";

/// @title Proving: a claimed slot becomes an active one
abstract contract Proving is Purse, Control, Extension, IPerpetualProofs {
    /// @dev What stands behind a proof.
    /// @param start First epoch from which it can be paid; `end` the first from which not.
    struct Replica {
        IPerpetualSlots.Kind kind;
        uint64 dealId;
        uint64 sector;
        uint64 start;
        uint64 end;
    }

    /// @inheritdoc IPerpetualProofs
    function proveDeal(uint256 slot, uint64 dealId, bytes calldata location) external onlyDelegated nonReentrant {
        (Order storage order, Slot storage taken) = _provable(slot);

        _proveDeal(slot, order, taken, dealId, order.pieceDigest, order.pieceSize, location);
    }

    /// @inheritdoc IPerpetualProofs
    function proveAggregatedDeal(
        uint256 slot,
        uint64 dealId,
        InclusionProof calldata proof,
        bytes calldata location
    ) external onlyDelegated nonReentrant {
        (Order storage order, Slot storage taken) = _provable(slot);
        (bytes32 digest, uint64 size) = Podsi.verify(order.pieceDigest, order.pieceSize, proof);

        _proveDeal(slot, order, taken, dealId, digest, size, location);
    }

    /// @inheritdoc IPerpetualProofs
    function proveSector(uint256 slot, bytes calldata location) external onlyDelegated nonReentrant {
        (Order storage order, Slot storage taken) = _provable(slot);
        if (taken.kind != IPerpetualSlots.Kind.Sector) revert NotBound(slot);
        _requireActive(taken.provider, taken.sector, location);

        _activate(slot, order, taken, Replica(IPerpetualSlots.Kind.Sector, 0, taken.sector, _now(), taken.end));
    }

    /// @inheritdoc IPerpetualProofs
    function proveExtension(uint256 slot, bytes calldata location) external onlyDelegated nonReentrant {
        (Order storage order, Slot storage taken) = _provable(slot);
        Slot storage old = _slots[slot ^ PAIR_BIT];
        if (!_succeedsItself(taken, old)) revert NothingToExtend(slot);
        _requireControlling(taken.provider);
        (int256 exitCode, int64 expiration) = MinerActor.getNominalSectorExpiration(taken.provider, old.sector);
        if (exitCode != 0 || expiration < 0) revert ActorCall.ActorUnclear(exitCode);
        _requireActive(taken.provider, old.sector, location);

        _activate(slot, order, taken, Replica(IPerpetualSlots.Kind.Sector, 0, old.sector, _now(), uint64(expiration)));
    }

    /// @dev Whether the same provider's replica runs in the pair's other seat.
    function _succeedsItself(Slot storage taken, Slot storage old) private view returns (bool) {
        return old.state == IPerpetualSlots.SlotState.Active && _now() < old.end && old.provider == taken.provider;
    }

    function _provable(uint256 slot) private view returns (Order storage order, Slot storage taken) {
        (order, taken) = _slotIn(slot, IPerpetualSlots.SlotState.Claimed);
        if (_now() > taken.claimBy) revert ClaimOver(taken.claimBy, _now());
    }

    /// @param digest What the deal must store, with `size`: the piece, or the aggregate in which it lies.
    function _proveDeal(
        uint256 slot,
        Order storage order,
        Slot storage taken,
        uint64 dealId,
        bytes32 digest,
        uint64 size,
        bytes calldata location
    ) private {
        uint64 provider = taken.provider;
        DealCheck.requireCommitment(dealId, digest, size);
        DealCheck.requireProvider(dealId, provider);
        _requireTheProviders(slot, taken, dealId);
        DealCheck.requireActivated(dealId, 0);
        (uint64 start, uint64 end) = DealCheck.term(dealId);
        if (start > taken.claimBy) revert StartsTooLate(taken.claimBy, start);
        (int256 exitCode, uint64 sector) = MarketActor.getDealSector(dealId);
        if (exitCode != 0) revert ActorCall.ActorUnclear(exitCode);
        if (order.terms.liveness == IPerpetualOrders.Liveness.Sector) _requireActive(provider, sector, location);

        _activate(slot, order, taken, Replica(IPerpetualSlots.Kind.Deal, dealId, sector, start, end));
    }

    /// @dev Whose deal it is may be said by the deal (its label), by the market when it told of it, or by the caller.
    function _requireTheProviders(uint256 slot, Slot storage taken, uint64 dealId) private view {
        if (taken.kind == IPerpetualSlots.Kind.Deal && taken.dealId == dealId) return;
        (int256 exitCode, bytes memory label, ) = MarketActor.getDealLabel(dealId);
        if (exitCode != 0) revert ActorCall.ActorUnclear(exitCode);
        (bool ok, uint256 labelled, uint64 nonce) = SlotLabel.parse(label);
        if (ok && labelled == slot && nonce == taken.nonce) return;
        if (!_isControlling(taken.provider)) revert NotTheProviders(slot, dealId);
    }

    function _requireActive(uint64 provider, uint64 sector, bytes calldata location) private view {
        (int256 exitCode, bool active) = MinerActor.validateSectorStatus(
            provider,
            sector,
            MinerActor.SECTOR_ACTIVE,
            location
        );
        if (exitCode != 0 || !active) revert SectorNotActive(provider, sector);
    }

    function _activate(uint256 slot, Order storage order, Slot storage taken, Replica memory replica) private {
        (uint64 start, uint64 end) = _termOf(slot, order, taken, replica);
        _takeReplica(slot, order, taken, replica.sector);
        bool isNew = taken.kind != replica.kind || taken.dealId != replica.dealId || taken.sector != replica.sector;
        uint128 returned = taken.price * (taken.maxTermEpochs - (end - start));

        --_openClaims[taken.owner];
        taken.state = IPerpetualSlots.SlotState.Active;
        taken.kind = replica.kind;
        taken.dealId = replica.dealId;
        taken.sector = replica.sector;
        taken.start = start;
        taken.end = end;
        taken.provenTo = start;
        order.reserved -= returned;
        _giveBack(_orderIdOf(slot), order, returned);

        if (isNew) _emitBound(slot, taken, replica);
        emit IPerpetualSlots.SlotProven(
            slot,
            taken.provider,
            taken.nonce,
            replica.kind,
            replica.dealId,
            replica.sector,
            start,
            end,
            returned
        );
    }

    function _emitBound(uint256 slot, Slot storage taken, Replica memory replica) private {
        uint64 commitment = replica.kind == IPerpetualSlots.Kind.Sector ? replica.end : 0;
        emit IPerpetualSlots.SlotBound(
            slot,
            taken.provider,
            taken.nonce,
            replica.kind,
            replica.dealId,
            replica.sector,
            commitment
        );
    }

    /// @dev The epochs that are paid. A provider that succeeds itself is not paid twice for the same ones.
    function _termOf(
        uint256 slot,
        Order storage order,
        Slot storage taken,
        Replica memory replica
    ) private view returns (uint64 start, uint64 end) {
        Slot storage old = _slots[slot ^ PAIR_BIT];
        start = uint64(Math.max(_now(), replica.start));
        if (_succeedsItself(taken, old)) start = uint64(Math.max(start, old.end));
        end = uint64(Math.min(replica.end, uint256(start) + taken.maxTermEpochs));
        if (taken.orderEnd != 0) end = uint64(Math.min(end, taken.orderEnd));

        uint64 term = end > start ? end - start : 0;
        if (term < order.terms.minTermEpochs) revert SlotTermTooShort(order.terms.minTermEpochs, term);
    }

    /// @dev The piece in one sector is paid once. A provider's successor may go on in the sector of the replica before it.
    function _takeReplica(uint256 slot, Order storage order, Slot storage taken, uint64 sector) private {
        bytes32 key = _replicaKey(taken.provider, sector, order.pieceDigest);
        uint256 holder = _replicas[key];
        bool handedOver = holder == slot ^ PAIR_BIT && _succeedsItself(taken, _slots[holder]);
        if (holder != 0 && !handedOver) revert ReplicaAlreadyPaid(taken.provider, sector, holder);

        _replicas[key] = slot;
    }
}
