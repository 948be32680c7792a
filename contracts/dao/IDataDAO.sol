// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ICollection} from "./ICollection.sol";
import {IProposalDesk} from "./IProposalDesk.sol";

/// @title DataDAO: members vote on CIDs, and a passed vote stores them
/// @notice The rules that a DataDAO adds to the Governor of OpenZeppelin that it is. A storage provider or a member proposes a CID together with the terms of its storage; members vote;
/// what passes joins the collection and is funded from the treasury in the same transaction. Epochs are Filecoin's (30 s); the clock is
/// the block number (ERC-6372); weight is what {IMembership} says at the end of the snapshot's block.
///
/// A proposal goes Pending (up to its snapshot) → Active (from the block after it up to its deadline, inclusive) → Succeeded or Defeated →
/// Queued → Executed; Canceled; Expired when nobody queued it within 40,320 epochs (14 d) of its deadline, or executed it within as many
/// seconds (1,209,600) of its eta. It succeeds if the weight for it and abstaining is at least the quorum, in hundredths of all weight at
/// the snapshot, and more weight is for it than against it. Anyone queues and executes.
///
/// Nobody votes on its own proposal: the proposer not at all, and its weight cannot be moved or delegated up to the snapshot; a controlling
/// address of the storage provider that proposed not for it and not abstaining. It may vote against: a provider names up to ten control
/// addresses without asking them, and could silence its opponents otherwise. A second account of a proposer's cannot be seen.
/// @dev A proposal's id binds chain, DAO, targets, values, payloads and description; of a CID the payload is {IDaoTreasury-keep} with
/// CID, size and terms. Voters are normalised: a masked id address (0xff…) of one that has an address of its own means that one.
interface IDataDAO is IProposalDesk {
    /// @notice What a proposal is about. GuardianChange: nothing else than {setGuardian}.
    enum Subject {
        None,
        General,
        GuardianChange,
        Keep,
        Drop
    }

    /// @param votingDelay Epochs from a proposal to its snapshot: 1 to 40,320.
    /// @param votingPeriod Epochs from the snapshot to the deadline: 20 to 120,960.
    /// @param quorumPercent Of all weight at the snapshot: 1 to 50.
    /// @param proposalThreshold Weight that a member needs to propose: 1 up to half of all there is.
    /// @param lateExtension Epochs that remain for voting, at least, once quorum is reached: 0 to `votingPeriod`.
    /// @param timelockDelay Epochs from the queue to the execution, at least: 0 to 86,400.
    struct Settings {
        uint48 votingDelay;
        uint32 votingPeriod;
        uint8 quorumPercent;
        uint32 lateExtension;
        uint32 timelockDelay;
        uint256 proposalThreshold;
    }

    /// @notice A ballot that somebody else submits. Its signature is of the voter (ERC-1271 wallets as well), by EIP-712, over
    /// SignedBallot(uint256 proposalId,uint8 support,address voter,string reason,uint256 nonce,uint256 expiryEpoch), where nonce is
    /// nonces(voter, uint192(proposalId)).
    /// @param support 0 against, 1 for, 2 abstain.
    /// @param expiryEpoch The last epoch, inclusive, at which it counts.
    struct SignedBallot {
        address voter;
        uint8 support;
        uint64 expiryEpoch;
        string reason;
        bytes signature;
    }

    /// @notice Why a ballot of a batch did not count.
    enum BallotFault {
        None,
        BadSupport,
        Expired,
        AlreadyVoted,
        Barred,
        NoWeight,
        BadSignature
    }

    event BallotRefused(uint256 indexed proposalId, address indexed voter, BallotFault fault);
    event GuardianSet(address indexed guardian, uint64 untilEpoch);
    /// @dev As OpenZeppelin's GovernorPreventLateQuorum has it.
    event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline);
    event LateQuorumVoteExtensionSet(uint64 oldVoteExtension, uint64 newVoteExtension);

    /// @notice Calls that only {proposeCID} and {proposeRemoval} put to the vote: of the treasury's {IDaoTreasury-keep} and
    /// {IDaoTreasury-drop}, and any of the collection; and what the DAO, by a relayed call, would ask of its own parts.
    error ReservedCall(address target, bytes4 selector);
    error ProposerCannotVote(uint256 proposalId, address proposer);
    error ProviderCannotVote(uint256 proposalId, uint64 providerId, address voter);
    /// @notice Nothing was delegated to the account at the end of the snapshot's block.
    error NoWeight(address voter, uint256 snapshotEpoch);
    error TooManyBallots(uint256 limit, uint256 count);
    error NoBallotCounted(uint256 proposalId);
    error GuardianExpired(uint64 untilEpoch, uint256 currentEpoch);
    error GuardianItself(uint256 proposalId);
    /// @notice The treasury is part of the DAO for good.
    error TreasuryIsFixed();

    /// @notice {IGovernor-castVote}: for or against.
    function voteCIDProposal(uint256 proposalId, bool upvote) external;

    /// @notice Counts the ballots that are good, 64 at most. One that is not is told by {BallotRefused} and keeps none of the others
    /// from counting.
    /// @dev Emits VoteCast and {BallotRefused}. Reverts with {TooManyBallots}, {NoBallotCounted}, GovernorUnexpectedProposalState,
    /// GovernorNonexistentProposal.
    /// @return counted How many counted.
    function castVotesBySig(uint256 proposalId, SignedBallot[] calldata ballots) external returns (uint256 counted);

    /// @notice The nonce of a voter's ballot, `key` being uint192(proposalId): key << 64, and one more once it has voted, in whatever way.
    /// Key 0: of the ballots of castVoteBySig.
    function nonces(address voter, uint192 key) external view returns (uint256);

    /// @notice The guardian may cancel what is not executed, up to `untilEpoch`, inclusive; never a proposal that is about the guardian
    /// and nothing else. By proposal only; an epoch at most 1,051,200 epochs (365 d) ahead. The zero address: none.
    /// @dev Emits {GuardianSet}. Reverts with GovernorOnlyExecutor, {DaoRules-OutOfBounds}.
    function setGuardian(address guardian, uint64 untilEpoch) external;

    /// @notice Epochs that remain for voting, at least, once quorum is reached, of proposals made from now on. By proposal only.
    /// @dev Emits {LateQuorumVoteExtensionSet}. Reverts with GovernorOnlyExecutor, {DaoRules-OutOfBounds}.
    function setLateQuorumVoteExtension(uint48 epochs) external;

    function lateQuorumVoteExtension() external view returns (uint48);

    function guardian() external view returns (address account, uint64 untilEpoch);

    function providerOf(address account) external view returns (uint64 providerId);

    function collection() external view returns (ICollection);

    /// @return subject What it is about; None if there is no such proposal.
    /// @return providerId The storage provider that proposed it, 0 if none did.
    function subjectOf(uint256 proposalId) external view returns (Subject subject, uint64 providerId);

    /// @notice The newest proposal to keep the content of a CID ({Cid-keyOf}); 0: there was none.
    function lastProposalOf(bytes32 cidKey) external view returns (uint256 proposalId);

    /// @notice The last epoch at which a proposal that succeeded can be queued, and the last Unix second at which it can be executed,
    /// both inclusive; 0 while it is not queued.
    function windowsOf(uint256 proposalId) external view returns (uint256 queueByEpoch, uint256 executeBySeconds);
}
