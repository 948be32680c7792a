// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ActorCall} from "../filecoin/ActorCall.sol";
import {MarketActor} from "../filecoin/MarketActor.sol";
import {MinerActor} from "../filecoin/MinerActor.sol";
import {Claims} from "./Claims.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";

/// @title Settling: an active slot is paid, cut, faulted, lost, or brought to its end
/// @dev Before the term's end a deal that is gone is lost: nobody can have it removed sooner but by terminating its sector. From the end
/// on anybody can, so only what is positively shown counts. What an actor answers otherwise changes nothing.
abstract contract Settling is Claims {
    /// @inheritdoc IPerpetualSlots
    function settle(uint256 slot, SectorClaim status, bytes calldata location) external nonReentrant {
        (Order storage order, Slot storage taken) = _slotIn(slot, SlotState.Active);
        if (_now() < taken.provenTo) revert NotStarted(taken.provenTo, _now());
        _cut(slot, order, taken);
        (bool dealRuns, bool dealGone) = _deal(taken);

        if (_now() >= taken.end) return _finish(slot, order, taken, dealRuns, status, location);
        if (dealGone) return _lose(slot, order, taken);
        if (status == SectorClaim.None) {
            if (order.terms.liveness != IPerpetualOrders.Liveness.Deal || !dealRuns) revert Unproven(slot);
            return _payOrRecover(slot, order, taken);
        }
        if (!_holds(taken, status, location)) revert Unproven(slot);
        if (status == SectorClaim.Active) return _payOrRecover(slot, order, taken);
        if (status == SectorClaim.Dead) return _lose(slot, order, taken);
        _fault(slot, order, taken);
    }

    /// @inheritdoc IPerpetualSlots
    function cut(uint256 slot) external nonReentrant {
        (Order storage order, Slot storage taken) = _slotIn(slot, SlotState.Active);

        if (_cut(slot, order, taken) == 0) revert NothingToCut(slot);
    }

    /// @inheritdoc IPerpetualSlots
    function resign(uint256 slot) external nonReentrant {
        (Order storage order, Slot storage taken) = _slotIn(slot, SlotState.Active);
        _requireControlling(taken.provider);
        if (_now() >= taken.end) revert TermOver(taken.end, _now());

        _resign(slot, order, taken);
    }

    /// @inheritdoc IPerpetualSlots
    function release(uint256 slot) external nonReentrant {
        (Order storage order, Slot storage taken) = _slotIn(slot, SlotState.Active);
        if (_now() < _releaseEpoch(taken)) revert NotReleasable(_releaseEpoch(taken), _now());

        _end(slot, order, taken);
    }

    /// @dev Time that nobody proved and that is older than the gap is the order's again.
    function _cut(uint256 slot, Order storage order, Slot storage taken) private returns (uint64 excess) {
        uint64 limit = uint64(Math.min(_now(), taken.end));
        uint64 oldest = taken.provenTo + order.terms.gapEpochs;
        if (limit <= oldest) return 0;

        excess = limit - oldest;
        _returnUpTo(slot, order, taken, taken.provenTo + excess);
    }

    /// @dev The epochs up to `epoch` are not paid.
    function _returnUpTo(uint256 slot, Order storage order, Slot storage taken, uint64 epoch) private {
        uint128 amount = taken.price * (epoch - taken.provenTo);
        taken.provenTo = epoch;
        order.reserved -= amount;
        _giveBack(_orderIdOf(slot), order, amount);

        emit SlotCut(slot, taken.provider, taken.nonce, epoch, amount);
    }

    /// @dev The epochs up to `epoch` are the provider's.
    function _payUpTo(uint256 slot, Order storage order, Slot storage taken, uint64 epoch) private {
        uint128 amount = taken.price * (epoch - taken.provenTo);
        taken.provenTo = epoch;
        taken.paid += amount;
        order.reserved -= amount;
        _earned[taken.provider] += amount;

        emit SlotPaid(slot, taken.provider, taken.nonce, epoch, amount);
    }

    /// @dev Shown alive. After a fault nothing says since when: only the clock starts again.
    function _payOrRecover(uint256 slot, Order storage order, Slot storage taken) private {
        if (taken.faultSince == 0) return _payUpTo(slot, order, taken, _now());

        taken.faultSince = 0;
        _returnUpTo(slot, order, taken, _now());

        emit SlotRecovered(slot, taken.provider, taken.nonce);
    }

    function _fault(uint256 slot, Order storage order, Slot storage taken) private {
        _returnUpTo(slot, order, taken, _now());
        if (taken.faultSince == 0) {
            taken.faultSince = _now();
            emit SlotFaulty(slot, taken.provider, taken.nonce, _now());
        } else if (_now() - taken.faultSince >= order.terms.evictEpochs) _lose(slot, order, taken);
    }

    function _finish(
        uint256 slot,
        Order storage order,
        Slot storage taken,
        bool dealRuns,
        SectorClaim status,
        bytes calldata location
    ) private {
        bool done = dealRuns || (status == SectorClaim.Active && _holds(taken, status, location));
        if (!done && _now() < _releaseEpoch(taken)) revert Unproven(slot);
        if (done && taken.faultSince == 0) _payUpTo(slot, order, taken, taken.end);

        _end(slot, order, taken);
    }

    /// @dev Whether the miner actor confirms what is said of the sector (FIP-0112).
    function _holds(Slot storage taken, SectorClaim status, bytes calldata location) private view returns (bool) {
        uint8 asked = MinerActor.SECTOR_DEAD;
        if (status == SectorClaim.Active) asked = MinerActor.SECTOR_ACTIVE;
        if (status == SectorClaim.Faulty) asked = MinerActor.SECTOR_FAULTY;
        (int256 exitCode, bool holds) = MinerActor.validateSectorStatus(taken.provider, taken.sector, asked, location);
        return exitCode == 0 && holds;
    }

    /// @return runs The deal can be read, and is activated.
    /// @return gone It was removed: terminated, or settled after its end.
    function _deal(Slot storage taken) private view returns (bool runs, bool gone) {
        if (taken.kind != Kind.Deal) return (false, false);
        (int256 exitCode, MarketActor.Activation memory activation) = MarketActor.getDealActivation(taken.dealId);
        if (exitCode == MarketActor.DEAL_EXPIRED) return (false, true);
        if (exitCode != 0 || activation.activated <= 0) revert ActorCall.ActorUnclear(exitCode);
        return (true, false);
    }
}
