// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {StorageTerms} from "./StorageTerms.sol";

/// @title What a DataDAO puts to the vote: CIDs to store and CIDs to drop
/// @notice Who proposes for a storage provider needs no weight; a member needs the Governor's proposalThreshold. The same content is open or in
/// the collection once: a version 0 CID and its version 1 form are one.
interface IProposalDesk {
    /// @notice The proposal is about a CID.
    /// @param providerId The storage provider that proposed it; 0: a member did.
    event CidProposed(
        uint256 indexed proposalId,
        bytes32 indexed cidKey,
        uint64 indexed providerId,
        address proposer,
        bytes cid,
        uint64 size,
        StorageTerms terms
    );
    event RemovalProposed(
        uint256 indexed proposalId,
        bytes32 indexed cidKey,
        address proposer,
        bytes cid,
        string reason
    );
    event ProviderRegistered(address indexed account, uint64 providerId);
    event DefaultTermsSet(StorageTerms terms);

    error NotAMiner(uint64 actorId);
    error NotControlling(uint64 providerId, address caller);
    error ZeroSize();
    error AlreadyCollected(bytes cid, uint256 index);
    error AlreadyProposed(bytes cid, uint256 proposalId);

    /// @notice Proposes to add a CID to the collection and to store it.
    /// @dev Emits ProposalCreated and {CidProposed}. Reverts with {NotAMiner}, {NotControlling}, ActorUnclear; GovernorInsufficientProposerVotes;
    /// InvalidCid, {ZeroSize}, {AlreadyCollected}, {AlreadyProposed}, {IDaoTreasury-BudgetTooLow} and the storage contract's errors for
    /// the terms; {IMembership-NotSelfDelegated}; GovernorRestrictedProposer (`description` ends with #proposer= another).
    /// @param providerId The storage provider that the caller is a controlling address of; 0: the caller proposes as a member.
    /// @param cid The binary CID, v0 or v1.
    /// @param size Bytes of its canonical CAR, at most.
    function proposeCID(
        uint64 providerId,
        bytes calldata cid,
        uint64 size,
        StorageTerms calldata terms,
        string calldata description
    ) external returns (uint256 proposalId);

    /// @notice Proposes to take a CID out of the collection; its order is cancelled with it. The reason is the proposal's description.
    /// @dev Emits ProposalCreated and {RemovalProposed}. Reverts with {NotCollected}, InvalidCid, and as {IGovernor-propose}.
    function proposeRemoval(bytes calldata cid, string calldata reason) external returns (uint256 proposalId);

    /// @notice {proposeCID} for the provider that the caller registered, else as a member, on {defaultTerms}.
    function createCIDProposal(bytes calldata cid, uint256 size) external returns (uint256 proposalId);

    /// @notice Says for which storage provider the caller proposes by {createCIDProposal}; 0: for none.
    /// @dev Emits {ProviderRegistered}. Reverts with {NotAMiner}, {NotControlling}, ActorUnclear.
    function registerProvider(uint64 providerId) external;

    /// @notice Sets the terms of {createCIDProposal}. By proposal only.
    /// @dev Emits {DefaultTermsSet}. Reverts with GovernorOnlyExecutor.
    function setDefaultTerms(StorageTerms calldata terms) external;

    function defaultTerms() external view returns (StorageTerms memory);
}
