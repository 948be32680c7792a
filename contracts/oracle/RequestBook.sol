// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Ballot, Ballots} from "./Ballots.sol";
import {Credits} from "./Credits.sol";
import {FailReason} from "./FailReason.sol";
import {IOracleChallenges} from "./IOracleChallenges.sol";
import {IOracleRequests} from "./IOracleRequests.sol";
import {OperatorBook} from "./OperatorBook.sol";

/// @title RequestBook: what is known of requests, and how their answers become money
/// @dev All storage of the registry ends here: {OracleRegistry} and {RegistryExtension} share this layout.
abstract contract RequestBook is OperatorBook, Credits {
    using Ballots for Ballot;

    /// @param answered Answers that stand, a failure counted.
    /// @param settled Answers whose operators were paid.
    /// @param delivered Stages whose callback is Done; they are delivered in order.
    /// @param challengedStages Bit k: stage k was challenged once.
    /// @param deposit While Open what rests for unanswered stages; afterwards what went back to the requester.
    /// @param mebibytes The request's size limit, as it is paid for.
    struct Request {
        address requester;
        IOracleRequests.RequestState state;
        uint8 answered;
        uint8 settled;
        uint8 delivered;
        FailReason failReason;
        uint8 challengedStages;
        bool early;
        bool challenged;
        uint32 requestedEpoch;
        uint96 deposit;
        uint32 providerId;
        uint16 version;
        uint32 job;
        uint40 deadlineEpoch;
        uint40 mebibytes;
    }

    struct Challenge {
        address challenger;
        uint8 stage;
        IOracleChallenges.Ruling ruling;
        uint40 openedEpoch;
        uint40 deadlineEpoch;
        uint96 bond;
    }

    mapping(uint256 id => Request) internal _requests;
    mapping(uint256 id => mapping(uint256 stage => Ballot)) internal _ballots;
    /// @dev The last challenge of each request.
    mapping(uint256 id => Challenge) internal _challenges;

    function _request(uint256 id) internal view returns (Request storage asked) {
        asked = _requests[id];
        if (asked.state == IOracleRequests.RequestState.None) revert IOracleRequests.UnknownRequest(id);
    }

    function _openRequest(uint256 id) internal view returns (Request storage asked) {
        asked = _request(id);
        if (asked.state != IOracleRequests.RequestState.Open) revert IOracleRequests.NotOpen(id, asked.state);
    }

    function _configOf(Request storage asked) internal view returns (Config storage) {
        return _configs[asked.providerId][asked.version];
    }

    function _jobOf(Request storage asked) internal view returns (Job storage) {
        return _jobs[asked.providerId][asked.version][asked.job];
    }

    /// @dev What the operators that agreed on an answer that is not settled get in all: with the last answer before its requester took
    /// a request back, also the fee of the stage that was in progress.
    function _feeOf(uint256 id, Request storage asked, uint256 stage) internal view returns (uint256 fee) {
        Job storage job = _jobOf(asked);
        uint256 quorum = _configOf(asked).quorum;
        if (!_ballots[id][stage].ok) return quorum * job.failureFee;
        fee = _stageFee(job, quorum, asked.mebibytes, stage);
        if (asked.state == IOracleRequests.RequestState.Cancelled && _ballots[id][stage + 1].answeredEpoch == 0)
            fee += _stageFee(job, quorum, asked.mebibytes, stage + 1);
    }

    /// @dev Fees of answers from `stage` on that stand and are not settled.
    function _pendingFrom(uint256 id, Request storage asked, uint256 stage) internal view returns (uint256 pending) {
        uint256 answered = asked.answered;
        uint256 settled = asked.settled;
        for (uint256 j = stage < settled ? settled : stage; j < answered; ++j) {
            pending += _feeOf(id, asked, j);
        }
    }

    /// @dev Whether nothing can undo the answer any more. A challenge holds up all that was not mature when it was opened.
    function _isFinal(uint256 id, Request storage asked, uint256 stage) internal view returns (bool) {
        if (stage >= asked.answered) return false;
        if (stage < asked.settled) return true;
        uint256 matureEpoch = _ballots[id][stage].matureEpoch;
        if (block.number <= matureEpoch) return false;
        return !asked.challenged || matureEpoch < _challenges[id].openedEpoch;
    }

    /// @dev Pays and unlocks for every answer that became final.
    function _settleFinal(uint256 id, Request storage asked) internal returns (uint256 count) {
        for (uint256 stage = asked.settled; _isFinal(id, asked, stage); ++stage) {
            _settle(id, asked, stage);
            ++count;
        }
    }

    /// @dev Pays the operators that agreed, and counts and unlocks all that voted.
    function _settle(uint256 id, Request storage asked, uint256 stage) internal {
        Ballot storage ballot = _ballots[id][stage];
        uint96 slash = _configOf(asked).slash;
        uint256 fee = _feeOf(id, asked, stage);
        asked.settled = uint8(stage + 1);
        ++_providers[asked.providerId].settledStages;

        uint256 voteCount = ballot.voteCount;
        for (uint256 i = 0; i < voteCount; ++i) {
            (uint256 operatorId, bool agreed) = ballot.voteAt(i);
            Operator storage operator = _operators[operatorId];
            if (slash != 0) operator.locked -= slash;
            if (agreed) ++operator.agreed;
            else ++operator.dissented;
        }

        emit IOracleRequests.StageSettled(id, uint8(stage), fee);

        _creditEqually(_agreeing(ballot), id, fee);
    }

    /// @dev Frees the stake of all that voted on a stage.
    function _unlock(uint256 id, Request storage asked, uint256 stage) internal {
        Ballot storage ballot = _ballots[id][stage];
        uint256 voteCount = ballot.voteCount;
        uint96 slash = voteCount == 0 ? 0 : _configOf(asked).slash;
        if (slash == 0) return;

        for (uint256 i = 0; i < voteCount; ++i) {
            (uint256 operatorId, ) = ballot.voteAt(i);
            _operators[operatorId].locked -= slash;
        }
    }

    /// @dev Owners of the operators that made the answer, in the order they voted; empty while there is none.
    function _agreeing(Ballot storage ballot) internal view returns (address[] memory owners) {
        uint256 voteCount = ballot.answeredEpoch == 0 ? 0 : ballot.voteCount;
        owners = new address[](voteCount);
        uint256 found;
        for (uint256 i = 0; i < voteCount; ++i) {
            (uint256 operatorId, bool agreed) = ballot.voteAt(i);
            if (agreed) owners[found++] = _operators[operatorId].owner;
        }
        assembly ("memory-safe") {
            mstore(owners, found)
        }
    }

    /// @dev What operators agree on.
    function _hash(bool ok, bytes memory data) internal pure returns (bytes32) {
        return keccak256(abi.encode(ok, data));
    }
}
