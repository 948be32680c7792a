// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Ballot, Ballots} from "./Ballots.sol";
import {Callbacks} from "./Callbacks.sol";
import {IArbiter} from "./IArbiter.sol";
import {IEvidence} from "./IEvidence.sol";
import {IOracleChallenges} from "./IOracleChallenges.sol";
import {IOracleOperators} from "./IOracleOperators.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title Challenges: what is false is undone and paid for
/// @dev While one is open nothing of its request is voted, refunded or matures; whatever was not mature then matures later by as many
/// epochs. So nobody gains time by challenging oneself, at this stage or another.
abstract contract Challenges is Callbacks {
    using Ballots for Ballot;

    uint256 private constant MAX_EVIDENCE_BYTES = 1024;

    /// @dev See {IOracleChallenges-challenge}.
    function _challenge(uint256 id, uint8 stage, bytes calldata evidence) internal {
        Request storage asked = _request(id);
        _requireUnsettled(id, asked, stage);
        Challenge storage last = _challenges[id];
        if (asked.challenged) revert IOracleChallenges.ChallengeOpen(id, last.stage);
        _requireWindow(id, stage);
        if ((asked.challengedStages >> stage) & 1 != 0) revert IOracleChallenges.AlreadyChallenged(id, stage);
        if (evidence.length > MAX_EVIDENCE_BYTES)
            revert IOracleChallenges.EvidenceTooLong(MAX_EVIDENCE_BYTES, evidence.length);
        uint256 pending = _pendingFrom(id, asked, stage);
        Config storage config = _configOf(asked);
        uint256 required = pending < config.minBond ? config.minBond : pending;
        if (msg.value < required) revert IOracleChallenges.BondTooLow(required, msg.value);
        if (msg.value > type(uint96).max) revert IOracleChallenges.BondTooHigh(type(uint96).max, msg.value);

        uint40 deadlineEpoch = uint40(block.number) + config.rulingEpochs;
        asked.challenged = true;
        asked.challengedStages |= uint8(1 << stage);
        last.challenger = msg.sender;
        last.stage = stage;
        last.ruling = IOracleChallenges.Ruling.None;
        last.openedEpoch = uint40(block.number);
        last.deadlineEpoch = deadlineEpoch;
        last.bond = uint96(msg.value);
        _hold(msg.value);

        emit IOracleChallenges.Challenged(id, stage, msg.sender, msg.value, deadlineEpoch, evidence);
    }

    /// @dev See {IOracleChallenges-resolve}.
    function _resolve(uint256 id) internal {
        Request storage asked = _request(id);
        if (!asked.challenged) revert IOracleChallenges.NoChallenge(id);
        Challenge storage open = _challenges[id];
        IOracleChallenges.Ruling ruling =
            block.number <= open.deadlineEpoch
                ? _askArbiter(_configOf(asked).arbiter, id, open.stage)
                : IOracleChallenges.Ruling.Silent;
        if (ruling == IOracleChallenges.Ruling.None)
            revert IOracleChallenges.NotRuled(open.deadlineEpoch, block.number);

        if (ruling == IOracleChallenges.Ruling.Upheld) {
            _close(id, asked, open, ruling, open.bond, 0);
            _undo(id, asked, open.stage, ruling, open.challenger);
        } else if (ruling == IOracleChallenges.Ruling.Rejected) {
            uint256 paid = _creditEqually(_agreeing(_ballots[id][open.stage]), id, open.bond);
            _credit(_sink, id, open.bond - paid);
            _close(id, asked, open, ruling, 0, paid);
            if (asked.state == IOracleRequests.RequestState.Open)
                asked.deadlineEpoch += uint40(block.number) - open.openedEpoch;
        } else {
            uint256 paid = _payFromBond(id, asked, open.stage);
            _close(id, asked, open, ruling, open.bond - paid, paid);
            _undo(id, asked, open.stage, ruling, address(0));
        }
    }

    /// @dev See {IOracleChallenges-refute}.
    function _refute(uint256 id, uint8 stage, bytes calldata data) internal {
        Request storage asked = _request(id);
        _requireUnsettled(id, asked, stage);
        Challenge storage open = _challenges[id];
        if (asked.challenged && open.stage < stage) revert IOracleChallenges.ChallengeOpen(id, open.stage);
        if (_isFinal(id, asked, stage))
            revert IOracleChallenges.WindowClosed(_ballots[id][stage].matureEpoch, block.number);
        _requireRefuted(id, asked, stage, data);

        emit IOracleChallenges.Refuted(id, stage, msg.sender);

        if (asked.challenged) _close(id, asked, open, IOracleChallenges.Ruling.Upheld, open.bond, 0);
        _undo(id, asked, stage, IOracleChallenges.Ruling.Upheld, msg.sender);
    }

    /// @dev Ends the challenge: gives back what the challenger gets of the bond, and lets the answers' time run on.
    function _close(
        uint256 id,
        Request storage asked,
        Challenge storage open,
        IOracleChallenges.Ruling ruling,
        uint256 toChallenger,
        uint256 toOperators
    ) private {
        asked.challenged = false;
        open.ruling = ruling;
        uint40 frozen = uint40(block.number) - open.openedEpoch;
        uint256 answered = asked.answered;
        for (uint256 j = asked.settled; j < answered; ++j) {
            Ballot storage ballot = _ballots[id][j];
            if (ballot.matureEpoch >= open.openedEpoch) ballot.matureEpoch += frozen;
        }
        _credit(open.challenger, id, toChallenger);

        emit IOracleChallenges.ChallengeClosed(id, open.stage, ruling, toChallenger, toOperators);
    }

    /// @dev Undoes a stage's answer and all after it: their fees and the escrow go back to the requester, their voters' stake is
    /// free, and if the answer was false those that gave it lose their slash.
    function _undo(
        uint256 id,
        Request storage asked,
        uint8 stage,
        IOracleChallenges.Ruling ruling,
        address beneficiary
    ) private {
        uint256 refunded = _pendingFrom(id, asked, stage);
        uint256 answered = asked.answered;
        bool open = asked.state == IOracleRequests.RequestState.Open;
        asked.deposit += uint96(refunded);
        if (open) refunded = asked.deposit;
        if (asked.state < IOracleRequests.RequestState.Cancelled) {
            asked.state =
                ruling == IOracleChallenges.Ruling.Upheld
                    ? IOracleRequests.RequestState.Refuted
                    : IOracleRequests.RequestState.Undecided;
        }
        asked.answered = stage;

        if (ruling == IOracleChallenges.Ruling.Upheld) _slash(id, asked, stage, beneficiary);
        for (uint256 j = stage; j < answered; ++j) {
            _unlock(id, asked, j);
        }
        if (open) _unlock(id, asked, answered);
        _credit(asked.requester, id, refunded);

        emit IOracleChallenges.AnswerUndone(id, stage, ruling, refunded);

        if (stage < asked.delivered) _callBackCancelled(id, asked, stage);
    }

    /// @dev What the vote had locked is lost: at most half of it to the beneficiary, the rest to the sink. {_unlock} follows.
    function _slash(uint256 id, Request storage asked, uint8 stage, address beneficiary) private {
        Ballot storage ballot = _ballots[id][stage];
        uint96 slash = _configOf(asked).slash;
        uint256 half = slash / 2;
        uint256 voteCount = ballot.voteCount;
        for (uint256 i = 0; i < voteCount; ++i) {
            (uint256 operatorId, bool agreed) = ballot.voteAt(i);
            if (!agreed) continue;
            _operators[operatorId].stake -= slash;
            _credit(beneficiary, id, half);
            _credit(_sink, id, slash - half);

            emit IOracleOperators.Slashed(operatorId, id, stage, slash, half);
        }
    }

    /// @dev Operators that the arbiter left alone are paid by who challenged them; the bond covers the fees.
    function _payFromBond(uint256 id, Request storage asked, uint8 stage) private returns (uint256 paid) {
        uint256 answered = asked.answered;
        for (uint256 j = stage; j < answered; ++j) {
            paid += _creditEqually(_agreeing(_ballots[id][j]), id, _feeOf(id, asked, j));
        }
    }

    function _askArbiter(address arbiter, uint256 id, uint8 stage) private view returns (IOracleChallenges.Ruling) {
        (bool answered, bytes32 word, ) = LowLevelCall.staticcallReturn64Bytes(
            arbiter,
            abi.encodeCall(IArbiter.rulingOf, (address(this), id, stage))
        );
        if (answered && LowLevelCall.returnDataSize() >= 32) {
            if (uint256(word) == uint256(IOracleChallenges.Ruling.Upheld)) return IOracleChallenges.Ruling.Upheld;
            if (uint256(word) == uint256(IOracleChallenges.Ruling.Rejected)) return IOracleChallenges.Ruling.Rejected;
        }
        return IOracleChallenges.Ruling.None;
    }

    function _requireRefuted(uint256 id, Request storage asked, uint8 stage, bytes calldata data) private view {
        address evidence = _configOf(asked).evidence;
        if (evidence == address(0)) revert IOracleChallenges.NoEvidenceContract(asked.providerId, asked.version);
        Ballot storage ballot = _ballots[id][stage];
        bytes32 expected = ballot.answerHash();
        bytes32 actual = _hash(ballot.ok, data);
        if (actual != expected) revert IOracleRequests.WrongAnswer(expected, actual);
        if (!ballot.ok || !IEvidence(evidence).refutes(asked.job, stage, data, ballot.answeredEpoch))
            revert IOracleChallenges.NotRefuted(id, stage);
    }

    function _requireUnsettled(uint256 id, Request storage asked, uint8 stage) private view {
        if (stage >= asked.answered || stage < asked.settled) revert IOracleChallenges.NotChallengeable(id, stage);
    }

    function _requireWindow(uint256 id, uint8 stage) private view {
        uint40 matureEpoch = _ballots[id][stage].matureEpoch;
        if (block.number > matureEpoch) revert IOracleChallenges.WindowClosed(matureEpoch, block.number);
    }
}
