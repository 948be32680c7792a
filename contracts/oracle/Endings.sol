// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Asking} from "./Asking.sol";
import {Ballot, Ballots} from "./Ballots.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title Endings: the ways a request ends without a vote
/// @dev Votes are accepted up to the deadline, {refund} only after it: never both at one epoch.
abstract contract Endings is Asking {
    using Ballots for Ballot;

    /// @inheritdoc IOracleRequests
    function cancel(uint256 id) external nonReentrant {
        Request storage asked = _openRequest(id);
        _onlyRequester(asked);
        _requireNoChallenge(id, asked);

        uint8 stage = asked.answered;
        address[] memory atIt = stage == 0 ? _voters(id) : _agreeing(_ballots[id][stage - 1]);
        if (atIt.length != 0) asked.deposit -= uint96(_payInProgress(id, asked, stage, atIt));
        asked.state = RequestState.Cancelled;
        _unlock(id, asked, stage);
        _credit(asked.requester, id, asked.deposit);

        emit RequestCancelled(id, stage, asked.deposit);
    }

    /// @inheritdoc IOracleRequests
    function conclude(uint256 id) external nonReentrant {
        Request storage asked = _openRequest(id);
        _onlyRequester(asked);
        uint8 stage = asked.answered;
        if (!_requesterConcludes(asked, stage)) revert NotConcludable(id, stage);
        _requireNoChallenge(id, asked);
        if (!_isFinal(id, asked, stage - 1)) revert NotMature(_ballots[id][stage - 1].matureEpoch, block.number);

        _settleFinal(id, asked);
        uint256 fee = _awaitedFee(asked);
        asked.deposit -= uint96(fee);
        asked.answered = stage + 1;
        asked.settled = stage + 1;
        asked.state = RequestState.Answered;
        _unlock(id, asked, stage);
        _creditEqually(_agreeing(_ballots[id][stage - 1]), id, fee);

        emit RequestConcluded(id, stage);
    }

    /// @inheritdoc IOracleRequests
    function refund(uint256 id) external nonReentrant {
        Request storage asked = _openRequest(id);
        _requireNoChallenge(id, asked);
        if (block.number <= asked.deadlineEpoch) revert DeadlineNotPassed(asked.deadlineEpoch, block.number);

        asked.state = RequestState.Expired;
        _unlock(id, asked, asked.answered);
        _credit(asked.requester, id, asked.deposit);

        emit RequestExpired(id, asked.answered, asked.deposit);
    }

    /// @dev Whether `stage` is the one that only the requester can accept.
    function _requesterConcludes(Request storage asked, uint8 stage) internal view returns (bool) {
        Job storage job = _jobOf(asked);
        return job.concludedByRequester && stage + 1 == job.stageCount;
    }

    function _requireNoChallenge(uint256 id, Request storage asked) internal view {
        if (asked.challenged) revert UnderChallenge(id, _challenges[id].stage);
    }

    /// @dev The fee of the stage that is awaited.
    function _awaitedFee(Request storage asked) internal view returns (uint256) {
        return _stageFee(_jobOf(asked), _configOf(asked).quorum, asked.mebibytes, asked.answered);
    }

    /// @dev Nobody gets more than for an answer, however few voted. Those that agreed on an answer that is not settled are paid with it
    /// ({_feeOf}): they were at this stage on the strength of that answer, and what is false earns nothing.
    /// @return fee What the requester does not get back.
    function _payInProgress(
        uint256 id,
        Request storage asked,
        uint8 stage,
        address[] memory atIt
    ) private returns (uint256 fee) {
        uint256 quorum = _configOf(asked).quorum;
        fee = _awaitedFee(asked);
        if (atIt.length < quorum) fee = (fee * atIt.length) / quorum;
        if (asked.settled == stage) fee = _creditEqually(atIt, id, fee);
    }

    /// @dev Owners of all operators that voted on the first stage.
    function _voters(uint256 id) private view returns (address[] memory owners) {
        owners = new address[](_ballots[id][0].voteCount);
        for (uint256 i = 0; i < owners.length; ++i) {
            (uint256 operatorId, ) = _ballots[id][0].voteAt(i);
            owners[i] = _operators[operatorId].owner;
        }
    }
}
