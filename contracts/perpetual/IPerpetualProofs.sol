// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {InclusionProof} from "../pinning/Frc0087.sol";

/// @title Proofs: how a claimed slot becomes an active one
/// @notice Three ways: (a) this contract is the deal's client: it authenticates the proposal and is told of the deal; (b) a deal made
/// elsewhere is shown by its id, alone or in an aggregate (PoDSI, FRC-0058); (c) direct data onboarding: the miner's
/// notification (FIP-0109) binds a sector. Each ends with a proof here that names the sector's location. Verified deals count as any other.
/// @dev A proof is of the provider's (a controlling address), or names the slot: the deal's label or the notification's payload is the
/// slot's label. The replica is paid from max(now, the deal's start, the end of the same provider's replica before it) to
/// min(its own end, start + maxTermEpochs, the order's end).
interface IPerpetualProofs {
    error ClaimOver(uint64 claimBy, uint256 currentEpoch);
    error NotBound(uint256 slot);
    /// @notice The deal is neither labelled with the slot, nor is the caller a controlling address of its provider.
    error NotTheProviders(uint256 slot, uint64 dealId);
    error StartsTooLate(uint64 claimBy, uint64 startEpoch);
    error SlotTermTooShort(uint64 required, uint64 actual);
    error SectorNotActive(uint64 provider, uint64 sector);
    /// @notice The piece in that sector of that provider is paid for by another live slot.
    error ReplicaAlreadyPaid(uint64 provider, uint64 sector, uint256 slot);
    /// @notice Nothing of the same provider runs in the pair's other seat.
    error NothingToExtend(uint256 slot);

    /// @notice Proves the slot by a deal that stores exactly the order's piece; by anyone if the deal's label names the slot.
    /// @dev Emits {SlotBound} (when the binding is new) and {SlotProven}. Reverts with {UnknownSlot}, {WrongSlotState}, {ClaimOver},
    /// {NotTheProviders}, {StartsTooLate}, {SlotTermTooShort}, {SectorNotActive}, {ReplicaAlreadyPaid}, DealCheck's errors, {ActorUnclear}.
    /// @param location Of the deal's sector; of no meaning where the order's liveness is Deal.
    function proveDeal(uint256 slot, uint64 dealId, bytes calldata location) external;

    /// @notice {proveDeal} for a deal that stores an aggregate in which the order's piece lies.
    /// @dev Reverts as {proveDeal} and with Podsi's errors.
    function proveAggregatedDeal(
        uint256 slot,
        uint64 dealId,
        InclusionProof calldata proof,
        bytes calldata location
    ) external;

    /// @notice Proves the slot by the sector that the miner's notification bound to it; by anyone.
    /// @dev Emits {SlotProven}. Reverts with {NotBound} and as {proveDeal}.
    function proveSector(uint256 slot, bytes calldata location) external;

    /// @notice Proves a successor by the sector of the same provider's replica before it, whose expiration was moved out.
    /// @dev Emits {SlotBound} and {SlotProven}. Reverts with {NothingToExtend}, {NotControlling} and as {proveDeal}.
    function proveExtension(uint256 slot, bytes calldata location) external;
}
