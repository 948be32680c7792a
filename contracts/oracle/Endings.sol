// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleRegistry} from "./IOracleRegistry.sol";
import {RequestBook} from "./RequestBook.sol";

/// @title Endings: the ways a request ends without a vote
/// @dev Votes are accepted up to the deadline, {refund} only after it: never both at one epoch.
abstract contract Endings is RequestBook {
    /// @inheritdoc IOracleRegistry
    function cancel(uint256 id) external nonReentrant {
        Request storage asked = _openRequest(id);
        _onlyRequester(asked);

        address[] memory atIt = asked.stage == 0 ? _voters(_ballots[id][0]) : _agreeing(_ballots[id][asked.stage - 1]);
        if (atIt.length != 0) asked.deposit -= uint96(_creditEqually(atIt, id, _stageFee(asked)));
        asked.state = RequestState.Cancelled;
        _credit(asked.requester, id, asked.deposit);

        emit RequestCancelled(id, asked.stage, asked.deposit);
    }

    /// @inheritdoc IOracleRegistry
    function conclude(uint256 id) external nonReentrant {
        Request storage asked = _openRequest(id);
        _onlyRequester(asked);
        uint8 stage = asked.stage;
        if (!_requesterConcludes(asked, stage)) revert NotConcludable(id, stage);

        uint256 fee = _stageFee(asked);
        asked.deposit -= uint96(fee);
        asked.stage = stage + 1;
        asked.state = RequestState.Answered;
        _creditEqually(_agreeing(_ballots[id][stage - 1]), id, fee);

        emit RequestConcluded(id, stage);
    }

    /// @inheritdoc IOracleRegistry
    function refund(uint256 id) external nonReentrant {
        Request storage asked = _openRequest(id);
        if (block.number <= asked.deadlineEpoch) revert DeadlineNotPassed(asked.deadlineEpoch, block.number);

        asked.state = RequestState.Expired;
        _credit(asked.requester, id, asked.deposit);

        emit RequestExpired(id, asked.stage, asked.deposit);
    }

    /// @dev The fee of the stage that is awaited.
    function _stageFee(Request storage asked) internal view returns (uint256) {
        return _jobs[asked.providerId][asked.job].stageFees[asked.stage];
    }

    /// @dev Whether `stage` is the one that only the requester can accept.
    function _requesterConcludes(Request storage asked, uint8 stage) internal view returns (bool) {
        Job storage job = _jobs[asked.providerId][asked.job];
        return job.concludedByRequester && stage + 1 == job.stageCount;
    }

    function _onlyRequester(Request storage asked) private view {
        if (msg.sender != asked.requester) revert NotRequester(asked.requester, msg.sender);
    }
}
