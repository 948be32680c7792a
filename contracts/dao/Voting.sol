// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {ProviderControl} from "../filecoin/ProviderControl.sol";
import {DaoForwards} from "./DaoForwards.sol";
import {DaoRules} from "./DaoRules.sol";
import {IDataDAO} from "./IDataDAO.sol";
import {IMembership} from "./IMembership.sol";

/// @title Voting: who may vote on what, ballots that others submit, and the late quorum
/// @dev Every way to vote ends in {_castVote} or, in a batch, in {castVotesBySig}.
abstract contract Voting is DaoForwards {
    /// @dev What a vote must know of a proposal.
    struct Poll {
        address proposer;
        uint64 providerId;
        bool canceled;
        IMembership membership;
        uint256 snapshot;
        uint256 deadline;
        uint256 lateEpochs;
    }

    bytes32 private constant SIGNED_BALLOT_TYPEHASH = keccak256(
        "SignedBallot(uint256 proposalId,uint8 support,address voter,string reason,uint256 nonce,uint256 expiryEpoch)"
    );

    /// @inheritdoc IDataDAO
    function voteCIDProposal(uint256 proposalId, bool upvote) external {
        castVote(proposalId, uint8(upvote ? VoteType.For : VoteType.Against));
    }

    /// @inheritdoc IDataDAO
    function castVotesBySig(uint256 proposalId, SignedBallot[] calldata ballots) external returns (uint256 counted) {
        if (ballots.length > DaoRules.MAX_BALLOTS) revert TooManyBallots(DaoRules.MAX_BALLOTS, ballots.length);
        Poll memory poll = _pollOf(proposalId);
        _requireActive(proposalId, poll);

        for (uint256 i = 0; i < ballots.length; ++i) {
            SignedBallot calldata ballot = ballots[i];
            address voter = FilAddress.normalise(ballot.voter);
            uint256 weight = poll.membership.getPastVotes(voter, poll.snapshot);
            BallotFault fault = _faultOf(proposalId, poll, ballot, voter, weight);
            if (fault != BallotFault.None) {
                emit BallotRefused(proposalId, voter, fault);
                continue;
            }
            _countVote(proposalId, voter, ballot.support, weight, "");
            emit VoteCast(voter, proposalId, ballot.support, weight, ballot.reason);

            _extendIfLate(proposalId, poll, ballot.support, weight);
            ++counted;
        }
        if (counted == 0) revert NoBallotCounted(proposalId);
    }

    /// @inheritdoc IDataDAO
    function nonces(address voter, uint192 key) external view returns (uint256) {
        if (key == 0) return nonces(voter);
        bool used = hasVoted(_proposalOfKey[key], FilAddress.normalise(voter));
        return _nonceOf(key) | (used ? 1 : 0);
    }

    /// @dev What OpenZeppelin's does, with one read of each word that belongs to the proposal.
    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256 weight) {
        address voter = FilAddress.normalise(account);
        Poll memory poll = _pollOf(proposalId);
        if (voter == poll.proposer) revert ProposerCannotVote(proposalId, voter);
        if (_isProviders(poll.providerId, voter, support))
            revert ProviderCannotVote(proposalId, poll.providerId, voter);
        _requireActive(proposalId, poll);

        weight = poll.membership.getPastVotes(voter, poll.snapshot);
        _countVote(proposalId, voter, support, weight, params);
        if (weight == 0) revert NoWeight(voter, poll.snapshot);

        if (params.length == 0) emit VoteCast(voter, proposalId, support, weight, reason);
        else emit VoteCastWithParams(voter, proposalId, support, weight, reason, params);

        _extendIfLate(proposalId, poll, support, weight);
    }

    /// @dev The vote that reaches quorum leaves others time to answer. Only a vote near the deadline has to look, and none after one
    /// that saw the quorum reached.
    function _extendIfLate(uint256 proposalId, Poll memory poll, uint8 support, uint256 weight) private {
        uint256 until = block.number + poll.lateEpochs;
        if (until <= poll.deadline) return;

        (, uint256 forVotes, uint256 abstainVotes) = proposalVotes(proposalId);
        uint256 present = forVotes + abstainVotes;
        uint256 before = support == uint8(VoteType.Against) ? present : present - weight;
        uint256 needed = quorum(poll.snapshot);
        if (present < needed) return;

        Facts storage facts = _facts[proposalId];
        (facts.lateEpochs, poll.lateEpochs) = (0, 0);
        if (before >= needed) return;
        facts.extendedEpochs = uint24(until - poll.deadline);
        poll.deadline = until;

        emit ProposalExtended(proposalId, uint64(until));
    }

    /// @dev Nothing is asked of it: there may be no such proposal.
    function _pollOf(uint256 proposalId) private view returns (Poll memory poll) {
        ProposalCore storage core = _governorStorage()._proposals[proposalId];
        Facts storage facts = _facts[proposalId];
        (poll.proposer, poll.snapshot, poll.canceled) = (core.proposer, core.voteStart, core.canceled);
        (poll.membership, poll.providerId, poll.lateEpochs) = (facts.membership, facts.providerId, facts.lateEpochs);
        poll.deadline = poll.snapshot + core.voteDuration + facts.extendedEpochs;
    }

    function _requireActive(uint256 proposalId, Poll memory poll) private view {
        if (poll.canceled || block.number <= poll.snapshot || block.number > poll.deadline)
            _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));
    }

    function _faultOf(
        uint256 proposalId,
        Poll memory poll,
        SignedBallot calldata ballot,
        address voter,
        uint256 weight
    ) private view returns (BallotFault) {
        if (ballot.support > uint8(VoteType.Abstain)) return BallotFault.BadSupport;
        if (block.number > ballot.expiryEpoch) return BallotFault.Expired;
        if (hasVoted(proposalId, voter)) return BallotFault.AlreadyVoted;
        if (weight == 0) return BallotFault.NoWeight;
        if (voter == poll.proposer || _isProviders(poll.providerId, voter, ballot.support)) return BallotFault.Barred;
        if (!_isSigned(proposalId, ballot, voter)) return BallotFault.BadSignature;
        return BallotFault.None;
    }

    function _isSigned(uint256 proposalId, SignedBallot calldata ballot, address voter) private view returns (bool) {
        bytes32 hash = keccak256(
            abi.encode(
                SIGNED_BALLOT_TYPEHASH,
                proposalId,
                ballot.support,
                voter,
                keccak256(bytes(ballot.reason)),
                _nonceOf(uint192(proposalId)),
                ballot.expiryEpoch
            )
        );
        return SignatureChecker.isValidSignatureNow(voter, _hashTypedDataV4(hash), ballot.signature);
    }

    /// @dev Whether the vote would be the provider's for itself. Against it everybody may vote: a miner's control addresses are named
    /// without asking them.
    function _isProviders(uint64 providerId, address voter, uint8 support) private view returns (bool) {
        if (providerId == 0 || support == uint8(VoteType.Against)) return false;
        return ProviderControl.controls(providerId, voter);
    }

    /// @dev Of whoever has not voted: a vote uses it up. hasVoted is that it was used, and costs no word more.
    function _nonceOf(uint192 key) private pure returns (uint256) {
        return uint256(key) << 64;
    }
}
