// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {ProviderControl} from "../filecoin/ProviderControl.sol";
import {DaoForwards} from "./DaoForwards.sol";
import {DaoRules} from "./DaoRules.sol";
import {IDataDAO} from "./IDataDAO.sol";

/// @title Voting: who may vote on what, ballots that others submit, and the late quorum
/// @dev Every way to vote ends in {_castVote} or, in a batch, in {_count}; both ask {_faultOf} or {_requireAllowed} first.
abstract contract Voting is DaoForwards {
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
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Active));

        uint256 snapshot = proposalSnapshot(proposalId);
        for (uint256 i = 0; i < ballots.length; ++i) {
            SignedBallot calldata ballot = ballots[i];
            address voter = FilAddress.normalise(ballot.voter);
            uint256 weight = _getVotes(voter, snapshot, "");
            BallotFault fault = _faultOf(proposalId, ballot, voter, weight);
            if (fault != BallotFault.None) {
                emit BallotRefused(proposalId, voter, fault);
                continue;
            }
            _useNonce(voter, uint192(proposalId));
            _count(proposalId, voter, ballot.support, weight, ballot.reason);
            ++counted;
        }
        if (counted == 0) revert NoBallotCounted(proposalId);
    }

    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256 weight) {
        address voter = FilAddress.normalise(account);
        _requireAllowed(proposalId, voter, support);

        weight = super._castVote(proposalId, voter, support, reason, params);
        if (weight == 0) revert NoWeight(voter, proposalSnapshot(proposalId));
        _extendIfLate(proposalId, support, weight);
    }

    /// @dev What {_castVote} does, for a ballot that was looked at.
    function _count(uint256 proposalId, address voter, uint8 support, uint256 weight, string calldata reason) private {
        _countVote(proposalId, voter, support, weight, "");
        emit VoteCast(voter, proposalId, support, weight, reason);

        _extendIfLate(proposalId, support, weight);
    }

    /// @dev The vote that reaches quorum leaves others time to answer. Only a vote near the deadline has to look.
    function _extendIfLate(uint256 proposalId, uint8 support, uint256 weight) private {
        Facts storage facts = _facts[proposalId];
        uint256 until = block.number + facts.lateEpochs;
        if (until <= proposalDeadline(proposalId)) return;

        (, uint256 forVotes, uint256 abstainVotes) = proposalVotes(proposalId);
        uint256 present = forVotes + abstainVotes;
        uint256 before = support == uint8(VoteType.Against) ? present : present - weight;
        uint256 needed = quorum(proposalSnapshot(proposalId));
        if (before >= needed || present < needed) return;

        facts.extendedDeadline = uint48(until);

        emit ProposalExtended(proposalId, uint64(until));
    }

    function _requireAllowed(uint256 proposalId, address voter, uint8 support) private view {
        if (voter == proposalProposer(proposalId)) revert ProposerCannotVote(proposalId, voter);
        uint64 providerId = _facts[proposalId].providerId;
        if (_isProviders(providerId, voter, support)) revert ProviderCannotVote(proposalId, providerId, voter);
    }

    function _faultOf(
        uint256 proposalId,
        SignedBallot calldata ballot,
        address voter,
        uint256 weight
    ) private view returns (BallotFault) {
        if (ballot.support > uint8(VoteType.Abstain)) return BallotFault.BadSupport;
        if (block.number > ballot.expiryEpoch) return BallotFault.Expired;
        if (hasVoted(proposalId, voter)) return BallotFault.AlreadyVoted;
        if (weight == 0) return BallotFault.NoWeight;
        if (voter == proposalProposer(proposalId) || _isProviders(_facts[proposalId].providerId, voter, ballot.support))
            return BallotFault.Barred;
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
                nonces(voter, uint192(proposalId)),
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
}
