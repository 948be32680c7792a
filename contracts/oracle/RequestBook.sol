// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Ballot, Ballots} from "./Ballots.sol";
import {Credits} from "./Credits.sol";
import {FailReason, IOracleRegistry} from "./IOracleRegistry.sol";
import {OperatorBook} from "./OperatorBook.sol";

/// @title RequestBook: asking, and what is known of a request
abstract contract RequestBook is OperatorBook, Credits {
    using Ballots for Ballot;

    /// @param deposit While Open what rests for unanswered stages; afterwards what went back to the requester.
    /// @param delivered Stages whose callback is Done; they are delivered in order.
    struct Request {
        address requester;
        uint32 providerId;
        uint32 job;
        uint32 version;
        uint96 deposit;
        uint64 requestedEpoch;
        uint64 deadlineEpoch;
        RequestState state;
        uint8 stage;
        FailReason failReason;
        uint8 delivered;
    }

    uint256 internal constant MAX_PAYLOAD_BYTES = 8192;

    mapping(uint256 id => Request) internal _requests;
    mapping(uint256 id => mapping(uint8 stage => Ballot)) internal _ballots;

    /// @inheritdoc IOracleRegistry
    /// @dev Not guarded against re-entrance: a callback may ask on. Nothing is called from here.
    function request(
        uint256 providerId,
        uint32 jobNumber,
        bytes calldata payload,
        uint64 maxBytes,
        uint64 deadlineEpoch
    ) external payable returns (uint256 id) {
        Provider storage provider = _provider(providerId);
        Job storage job = _job(providerId, jobNumber);
        uint256 eligible = _eligibleNow(provider);
        if (eligible < provider.quorum) revert TooFewOperators(provider.quorum, eligible);
        if (maxBytes == 0) revert ZeroMaxBytes();
        if (payload.length > MAX_PAYLOAD_BYTES) revert PayloadTooLong(MAX_PAYLOAD_BYTES, payload.length);
        uint64 earliestEpoch = uint64(block.number) + job.minDeadlineEpochs;
        if (deadlineEpoch < earliestEpoch) revert DeadlineTooSoon(earliestEpoch, deadlineEpoch);
        if (msg.value != job.fee) revert WrongFee(job.fee, msg.value);

        id = _deposit(uint96(msg.value));
        _requests[id] = Request({
            requester: msg.sender,
            providerId: uint32(providerId),
            job: jobNumber,
            version: provider.version,
            deposit: uint96(msg.value),
            requestedEpoch: uint64(block.number),
            deadlineEpoch: deadlineEpoch,
            state: RequestState.Open,
            stage: 0,
            failReason: FailReason.NotFound,
            delivered: 0
        });

        emit Requested(id, providerId, msg.sender, jobNumber, payload, maxBytes, deadlineEpoch, msg.value);
    }

    /// @inheritdoc IOracleRegistry
    function getRequest(uint256 id) external view returns (RequestView memory) {
        Request storage asked = _request(id);
        bool open = asked.state == RequestState.Open;
        return
            RequestView({
                requester: asked.requester,
                providerId: asked.providerId,
                version: asked.version,
                job: asked.job,
                state: asked.state,
                stage: asked.stage,
                stageCount: _jobs[asked.providerId][asked.job].stageCount,
                quorum: _providers[asked.providerId].quorum,
                failReason: asked.failReason,
                requestedEpoch: asked.requestedEpoch,
                deadlineEpoch: asked.deadlineEpoch,
                escrow: open ? asked.deposit : 0,
                refunded: open ? 0 : asked.deposit
            });
    }

    /// @inheritdoc IOracleRegistry
    function getAnswer(uint256 id, uint8 stage) external view returns (AnswerView memory) {
        Request storage asked = _request(id);
        Ballot storage ballot = _ballots[id][stage];
        return
            AnswerView({
                answerHash: ballot.answerHash(),
                answeredEpoch: ballot.answeredEpoch,
                matureEpoch: ballot.matureEpoch,
                ok: ballot.ok,
                delivery: _delivery(asked, ballot, stage)
            });
    }

    /// @inheritdoc IOracleRegistry
    function agreeing(uint256 id, uint8 stage) external view returns (address[] memory owners) {
        _request(id);
        return _agreeing(_ballots[id][stage]);
    }

    /// @inheritdoc IOracleRegistry
    function hasVoted(uint256 id, uint8 stage, uint256 operatorId) external view returns (bool) {
        _request(id);
        return _ballots[id][stage].hasVoted(operatorId);
    }

    function _request(uint256 id) internal view returns (Request storage asked) {
        asked = _requests[id];
        if (asked.state == RequestState.None) revert UnknownRequest(id);
    }

    function _openRequest(uint256 id) internal view returns (Request storage asked) {
        asked = _request(id);
        if (asked.state != RequestState.Open) revert NotOpen(id, asked.state);
    }

    function _delivery(
        Request storage asked,
        Ballot storage ballot,
        uint8 stage
    ) internal view returns (Delivery delivery) {
        if (ballot.answeredEpoch == 0) return Delivery.None;
        if (stage < asked.delivered) return Delivery.Done;
        return ballot.deliveryFailed ? Delivery.Failed : Delivery.Due;
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

    /// @dev Owners of all operators that voted.
    function _voters(Ballot storage ballot) internal view returns (address[] memory owners) {
        owners = new address[](ballot.voteCount);
        for (uint256 i = 0; i < owners.length; ++i) {
            (uint256 operatorId, ) = ballot.voteAt(i);
            owners[i] = _operators[operatorId].owner;
        }
    }
}
