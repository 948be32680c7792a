// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Ballot, Ballots} from "./Ballots.sol";
import {Credits} from "./Credits.sol";
import {Endings} from "./Endings.sol";
import {Extended} from "./Extended.sol";
import {FailReason} from "./FailReason.sol";
import {IOracleRequests} from "./IOracleRequests.sol";
import {RegistryExtension} from "./RegistryExtension.sol";
import {RegistryViews} from "./RegistryViews.sol";
import {Withdrawals} from "./Withdrawals.sol";

/// @title OracleRegistry: ask anything, answered by a staked quorum of operators
/// @dev Here is the vote. {ProviderBook}, {OperatorBook} and {RequestBook} are its storage, {Asking} takes requests, {Endings} ends them
/// without a vote, {Deliveries} settles answers and calls back, {Withdrawals} pays. What changes providers and operators, and the
/// challenges, is code of {RegistryExtension} that {Extended} runs here.
contract OracleRegistry is Endings, RegistryViews, Withdrawals, Extended {
    using Ballots for Ballot;

    uint256 private constant MAX_ANSWER_BYTES = 1024;
    uint256 private constant MAX_REPORTS = 64;
    uint256 private constant MAX_REASON_BYTES = 256;

    constructor(RegistryExtension extension_) Credits(extension_.sink()) Extended(extension_) {}

    /// @inheritdoc IOracleRequests
    function report(uint256 id, uint8 stage, bytes calldata data) external nonReentrant {
        if (data.length > MAX_ANSWER_BYTES) revert AnswerTooLong(MAX_ANSWER_BYTES, data.length);

        if (_vote(id, stage, true, data)) _answer(id, stage, data);
    }

    /// @inheritdoc IOracleRequests
    function reportFailure(uint256 id, uint8 stage, FailReason reason) external nonReentrant {
        bytes memory data = abi.encode(reason);

        if (_vote(id, stage, false, data)) _fail(id, stage, reason, data);
    }

    /// @inheritdoc IOracleRequests
    /// @dev Each vote is a call of this contract's own code with the caller's identity, so that what it reverts is its own.
    function reportMany(Report[] calldata reports) external returns (uint256 accepted) {
        uint256 operatorId = _callersOperator();
        if (reports.length > MAX_REPORTS) revert TooManyReports(MAX_REPORTS, reports.length);

        for (uint256 i = 0; i < reports.length; ++i) {
            Report calldata item = reports[i];
            uint256 available = gasleft();
            (bool done, bytes memory reason) = _attempt(
                item.ok
                    ? abi.encodeCall(this.report, (item.id, item.stage, item.data))
                    : abi.encodePacked(
                        this.reportFailure.selector,
                        abi.encode(item.id, item.stage),
                        _reasonWord(item.data)
                    )
            );
            if (done) {
                ++accepted;
                continue;
            }
            _requireGas(available, reason);

            emit ReportRefused(item.id, item.stage, operatorId, reason);
        }
    }

    /// @dev No answer is mature before the one it follows: nothing is voted under a challenge, so what challenges had added to that
    /// one's window is past by now.
    /// @return reached Whether this vote made the quorum.
    function _vote(uint256 id, uint8 stage, bool ok, bytes memory data) private returns (bool reached) {
        uint256 operatorId = _requireVoter(id, stage, ok);
        Ballot storage ballot = _ballots[id][stage];
        if (ballot.hasVoted(operatorId)) revert AlreadyVoted(id, stage, operatorId);
        Config storage config = _configOf(_requests[id]);
        _lock(operatorId, config);

        bytes32 answerHash = _hash(ok, data);
        (uint8 index, uint256 count) = ballot.cast(uint32(operatorId), answerHash);

        emit Voted(id, stage, operatorId, answerHash);

        if (count < config.quorum) return false;

        ballot.answeredEpoch = uint40(block.number);
        ballot.matureEpoch = uint40(block.number) + config.windowEpochs;
        ballot.ok = ok;
        ballot.winner = index;
        return true;
    }

    /// @dev The caller's operator, if it may vote on `stage` now.
    function _requireVoter(uint256 id, uint8 stage, bool ok) private view returns (uint256 operatorId) {
        Request storage asked = _openRequest(id);
        operatorId = _callersOperator();
        _requireNoChallenge(id, asked);
        if (block.number > asked.deadlineEpoch) revert DeadlinePassed(asked.deadlineEpoch, block.number);
        if (stage != asked.answered) revert WrongStage(asked.answered, stage);
        Operator storage operator = _operators[operatorId];
        if (operator.providerId != asked.providerId || !_takesPart(operator, asked.version, asked.requestedEpoch))
            revert NotEligible(operatorId, id);
        if (ok && _requesterConcludes(asked, stage)) revert StageNotVoted(id, stage);
    }

    function _answer(uint256 id, uint8 stage, bytes memory data) private {
        Request storage asked = _requests[id];
        asked.deposit -= uint96(_awaitedFee(asked));
        asked.answered = stage + 1;
        if (stage + 1 == _jobOf(asked).stageCount) asked.state = RequestState.Answered;

        emit StageAnswered(id, stage, data, _ballots[id][stage].matureEpoch);

        _afterQuorum(id, asked, stage, true, data);
    }

    function _fail(uint256 id, uint8 stage, FailReason reason, bytes memory data) private {
        Request storage asked = _requests[id];
        asked.deposit -= uint96(_feeOf(id, asked, stage));
        asked.answered = stage + 1;
        asked.state = RequestState.Failed;
        asked.failReason = reason;

        emit RequestFailed(id, stage, reason, asked.deposit, _ballots[id][stage].matureEpoch);

        _credit(asked.requester, id, asked.deposit);
        _afterQuorum(id, asked, stage, false, data);
    }

    /// @dev Without a window the answer is final now; with one, a requester may still want it now.
    function _afterQuorum(uint256 id, Request storage asked, uint8 stage, bool ok, bytes memory data) private {
        bool final_ = _configOf(asked).windowEpochs == 0;
        if (final_) _settle(id, asked, stage);
        if ((final_ || asked.early) && asked.delivered == stage) _callBack(id, asked, stage, ok, data);
    }

    /// @dev Binds the stake that the vote answers for.
    function _lock(uint256 operatorId, Config storage config) private {
        Operator storage operator = _operators[operatorId];
        uint96 slash = config.slash;
        uint96 stake = operator.stake;
        if (stake < config.minStake) revert StakeExhausted(operatorId, config.minStake, stake);
        if (slash == 0) return;
        uint96 locked = operator.locked;
        if (stake - locked < slash) revert StakeExhausted(operatorId, slash, stake - locked);

        operator.locked = locked + slash;
    }

    /// @dev A failure's data as reportFailure's argument: what is no FailReason makes that call revert.
    function _reasonWord(bytes calldata data) private pure returns (bytes32) {
        return data.length == 32 ? bytes32(data) : bytes32(type(uint256).max);
    }

    /// @dev Whether a refused item had gas enough. One that ran out leaves no more than 1/64 of what was there (EIP-150).
    function _requireGas(uint256 available, bytes memory reason) private view {
        if (gasleft() < available / 63 || bytes4(reason) == TooLittleGas.selector)
            revert TooLittleGas(available + 1, available);
    }

    function _attempt(bytes memory callData) private returns (bool done, bytes memory reason) {
        assembly ("memory-safe") {
            done := delegatecall(gas(), address(), add(callData, 0x20), mload(callData), 0, 0)
            if iszero(done) {
                let size := returndatasize()
                if gt(size, MAX_REASON_BYTES) {
                    size := MAX_REASON_BYTES
                }
                reason := mload(0x40)
                mstore(0x40, add(reason, and(add(size, 0x3f), not(0x1f))))
                mstore(reason, size)
                returndatacopy(add(reason, 0x20), 0, size)
            }
        }
    }
}
