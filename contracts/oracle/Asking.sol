// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleRegistry} from "./IOracleRegistry.sol";
import {IOracleRequests} from "./IOracleRequests.sol";
import {RequestBook} from "./RequestBook.sol";

/// @title Asking: requests and what they cost
abstract contract Asking is RequestBook, IOracleRegistry {
    uint256 private constant MAX_PAYLOAD_BYTES = 8192;
    uint64 private constant MAX_DEADLINE_EPOCHS = 5_256_000;

    /// @inheritdoc IOracleRequests
    /// @dev Not guarded against re-entrance: a callback may ask on. Nothing is called from here.
    function request(
        uint256 providerId,
        uint32 jobNumber,
        bytes calldata payload,
        uint64 maxBytes,
        uint64 deadlineEpoch
    ) external payable returns (uint256 id) {
        if (payload.length > MAX_PAYLOAD_BYTES) revert PayloadTooLong(MAX_PAYLOAD_BYTES, payload.length);
        uint16 version;
        (id, version) = _open(providerId, jobNumber, maxBytes, deadlineEpoch);

        emit Requested(id, providerId, msg.sender, version, jobNumber, payload, maxBytes, deadlineEpoch, msg.value);
    }

    /// @inheritdoc IOracleRequests
    function quote(uint256 providerId, uint32 jobNumber, uint64 maxBytes) external view returns (uint256 fee) {
        uint16 version = _versionOf(_provider(providerId));
        Job storage job = _job(providerId, version, jobNumber);
        return _totalFee(job, _configs[providerId][version].quorum, _mebibytes(maxBytes));
    }

    /// @inheritdoc IOracleRequests
    function allowEarly(uint256 id) external {
        Request storage asked = _openRequest(id);
        _onlyRequester(asked);
        if (asked.early) revert AlreadyEarly(id);

        asked.early = true;

        emit EarlyAllowed(id);
    }

    /// @dev Checks what is asked and what was paid for it, and writes it down.
    function _open(
        uint256 providerId,
        uint32 jobNumber,
        uint64 maxBytes,
        uint64 deadlineEpoch
    ) private returns (uint256 id, uint16 version) {
        version = _versionOf(_provider(providerId));
        Job storage job = _job(providerId, version, jobNumber);
        uint40 mebibytes = _mebibytes(maxBytes);
        uint256 quorum = _requireQuorum(_configs[providerId][version]);
        _requireDeadline(deadlineEpoch, job.minDeadlineEpochs);
        uint256 fee = _totalFee(job, quorum, mebibytes);
        if (msg.value != fee) revert WrongFee(fee, msg.value);
        if (fee > type(uint96).max) revert FeeTooHigh(type(uint96).max, fee);

        id = _holdForRequest(fee);
        Request storage asked = _requests[id];
        asked.requester = msg.sender;
        asked.state = RequestState.Open;
        asked.requestedEpoch = uint32(block.number);
        asked.deposit = uint96(fee);
        asked.providerId = uint32(providerId);
        asked.version = version;
        asked.job = jobNumber;
        asked.deadlineEpoch = uint40(deadlineEpoch);
        asked.mebibytes = mebibytes;
    }

    function _onlyRequester(Request storage asked) internal view {
        if (msg.sender != asked.requester) revert NotRequester(asked.requester, msg.sender);
    }

    function _requireQuorum(Config storage config) private view returns (uint256 quorum) {
        quorum = config.quorum;
        uint256 eligible = _eligibleNow(config);
        if (eligible < quorum) revert TooFewOperators(quorum, eligible);
    }

    function _requireDeadline(uint64 deadlineEpoch, uint32 minDeadlineEpochs) private view {
        uint64 earliestEpoch = uint64(block.number) + minDeadlineEpochs;
        if (deadlineEpoch < earliestEpoch) revert DeadlineTooSoon(earliestEpoch, deadlineEpoch);
        uint64 latestEpoch = uint64(block.number) + MAX_DEADLINE_EPOCHS;
        if (deadlineEpoch > latestEpoch) revert DeadlineTooFar(latestEpoch, deadlineEpoch);
    }
}
