// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Ballot, Ballots} from "./Ballots.sol";
import {Deliveries} from "./Deliveries.sol";
import {Endings} from "./Endings.sol";
import {FailReason, IOracleRegistry} from "./IOracleRegistry.sol";

/// @title OracleRegistry: ask anything, answered by a quorum of operators
/// @dev Here is the vote. {ProviderBook} and {OperatorBook} keep who answers, {RequestBook} what was asked, {Endings} how a
/// request ends without a vote, {Deliveries} the callbacks, {Credits} the money.
contract OracleRegistry is Endings, Deliveries {
    using Ballots for Ballot;

    uint256 private constant MAX_ANSWER_BYTES = 1024;

    /// @inheritdoc IOracleRegistry
    function report(uint256 id, uint8 stage, bytes calldata data) external nonReentrant {
        if (data.length > MAX_ANSWER_BYTES) revert AnswerTooLong(MAX_ANSWER_BYTES, data.length);

        if (_vote(id, stage, true, data)) _answer(id, stage, data);
    }

    /// @inheritdoc IOracleRegistry
    function reportFailure(uint256 id, uint8 stage, FailReason reason) external nonReentrant {
        bytes memory data = abi.encode(reason);

        if (_vote(id, stage, false, data)) _fail(id, stage, reason, data);
    }

    /// @return reached Whether this vote made the quorum.
    function _vote(uint256 id, uint8 stage, bool ok, bytes memory data) private returns (bool reached) {
        Request storage asked = _openRequest(id);
        uint256 operatorId = _callersOperator();
        if (block.number > asked.deadlineEpoch) revert DeadlinePassed(asked.deadlineEpoch, block.number);
        if (stage != asked.stage) revert WrongStage(asked.stage, stage);
        if (!_mayVote(operatorId, asked)) revert NotEligible(operatorId, id);
        if (ok && _requesterConcludes(asked, stage)) revert StageNotVoted(id, stage);
        Ballot storage ballot = _ballots[id][stage];
        if (ballot.hasVoted(operatorId)) revert AlreadyVoted(id, stage, operatorId);

        bytes32 answerHash = _hash(ok, data);
        (uint8 index, uint256 count) = ballot.cast(uint32(operatorId), answerHash);

        emit Voted(id, stage, operatorId, answerHash);

        Provider storage provider = _providers[asked.providerId];
        if (count < provider.quorum) return false;

        ballot.answeredEpoch = uint64(block.number);
        ballot.matureEpoch = uint64(block.number) + provider.windowEpochs;
        ballot.ok = ok;
        ballot.winner = index;
        _score(ballot);
        return true;
    }

    function _answer(uint256 id, uint8 stage, bytes memory data) private {
        Request storage asked = _requests[id];
        Ballot storage ballot = _ballots[id][stage];
        uint256 fee = _stageFee(asked);
        asked.deposit -= uint96(fee);
        asked.stage = stage + 1;
        if (stage + 1 == _jobs[asked.providerId][asked.job].stageCount) asked.state = RequestState.Answered;

        emit StageAnswered(id, stage, data, ballot.matureEpoch);

        _creditEqually(_agreeing(ballot), id, fee);
        if (asked.delivered == stage) _deliver(id, stage, true, data);
    }

    function _fail(uint256 id, uint8 stage, FailReason reason, bytes memory data) private {
        Request storage asked = _requests[id];
        asked.state = RequestState.Failed;
        asked.failReason = reason;

        emit RequestFailed(id, stage, reason, asked.deposit);

        _credit(asked.requester, id, asked.deposit);
        if (asked.delivered == stage) _deliver(id, stage, false, data);
    }

    function _mayVote(uint256 operatorId, Request storage asked) private view returns (bool) {
        Operator storage operator = _operators[operatorId];
        return operator.providerId == asked.providerId && operator.joinedEpoch < asked.requestedEpoch;
    }

    /// @dev Counts who agreed and who did not: the raw material of an operator's reputation.
    function _score(Ballot storage ballot) private {
        uint256 voteCount = ballot.voteCount;
        for (uint256 i = 0; i < voteCount; ++i) {
            (uint256 operatorId, bool agreed) = ballot.voteAt(i);
            if (agreed) ++_operators[operatorId].agreed;
            else ++_operators[operatorId].dissented;
        }
    }
}
