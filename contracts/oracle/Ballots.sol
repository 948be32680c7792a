// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @notice The votes on one stage of one request. The first slot is all that is read once the stage is answered by three votes.
/// @param answeredEpoch When the quorum was reached; 0 before.
/// @param matureEpoch The last epoch at which the answer can be challenged.
/// @param ok Whether the answer is one, and not a failure.
/// @param deliveryFailed Whether the last attempt at the callback failed.
/// @param winner Index of the answer that reached the quorum.
/// @param firstVotes The first three votes, in the order they were cast: each operator id << 8 | index of the answer.
/// @param moreVotes The votes after them. Fewer than 2m ≤ 32 operators can vote.
/// @param answers Hashes of the different answers, in the order they first came.
struct Ballot {
    uint40 answeredEpoch;
    uint40 matureEpoch;
    bool ok;
    bool deliveryFailed;
    uint8 voteCount;
    uint8 answerCount;
    uint8 winner;
    uint120 firstVotes;
    uint40[28] moreVotes;
    bytes32[31] answers;
}

/// @title Ballots: counting the votes on a stage
/// @notice Votes are kept packed with the operator's id: who joins or leaves later changes nothing here.
library Ballots {
    uint256 private constant FIRST_VOTES = 3;
    uint256 private constant VOTE_BITS = 40;

    /// @notice Casts a vote of an operator that has none here yet.
    /// @return index The answer's index.
    /// @return count Votes for that answer, this one included.
    function cast(
        Ballot storage ballot,
        uint32 operatorId,
        bytes32 answer
    ) internal returns (uint8 index, uint256 count) {
        index = _indexOf(ballot, answer);
        uint8 voteCount = ballot.voteCount;
        count = 1;
        for (uint256 i = 0; i < voteCount; ++i) {
            if (uint8(_vote(ballot, i)) == index) ++count;
        }

        uint40 vote = (uint40(operatorId) << 8) | index;
        if (voteCount < FIRST_VOTES) ballot.firstVotes |= uint120(vote) << uint120(VOTE_BITS * voteCount);
        else ballot.moreVotes[voteCount - FIRST_VOTES] = vote;
        ballot.voteCount = voteCount + 1;
    }

    function hasVoted(Ballot storage ballot, uint256 operatorId) internal view returns (bool) {
        uint256 voteCount = ballot.voteCount;
        for (uint256 i = 0; i < voteCount; ++i) {
            if (_vote(ballot, i) >> 8 == operatorId) return true;
        }
        return false;
    }

    /// @return operatorId The operator that cast vote number `i`.
    /// @return agreed Whether that vote was for the answer that won; meaningless before there is one.
    function voteAt(Ballot storage ballot, uint256 i) internal view returns (uint256 operatorId, bool agreed) {
        uint40 vote = _vote(ballot, i);
        return (vote >> 8, uint8(vote) == ballot.winner);
    }

    /// @notice Hash of the answer that won; zero while there is none.
    function answerHash(Ballot storage ballot) internal view returns (bytes32) {
        return ballot.answeredEpoch == 0 ? bytes32(0) : ballot.answers[ballot.winner];
    }

    function _vote(Ballot storage ballot, uint256 i) private view returns (uint40) {
        if (i < FIRST_VOTES) return uint40(ballot.firstVotes >> (VOTE_BITS * i));
        return ballot.moreVotes[i - FIRST_VOTES];
    }

    function _indexOf(Ballot storage ballot, bytes32 answer) private returns (uint8) {
        uint8 answerCount = ballot.answerCount;
        for (uint8 i = 0; i < answerCount; ++i) {
            if (ballot.answers[i] == answer) return i;
        }
        ballot.answers[answerCount] = answer;
        ballot.answerCount = answerCount + 1;
        return answerCount;
    }
}
