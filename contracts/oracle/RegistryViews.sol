// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../filecoin/FilAddress.sol";
import {Ballot, Ballots} from "./Ballots.sol";
import {Deliveries} from "./Deliveries.sol";
import {IOracleChallenges} from "./IOracleChallenges.sol";
import {IOracleOperators} from "./IOracleOperators.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title RegistryViews: all that can be asked of the registry without changing it
abstract contract RegistryViews is Deliveries {
    using Ballots for Ballot;

    // ---- providers

    /// @inheritdoc IOracleProviders
    function NOTICE_EPOCHS() external pure returns (uint64) {
        return NOTICE;
    }

    /// @inheritdoc IOracleProviders
    function getProvider(uint256 providerId) external view returns (ProviderView memory) {
        Provider storage provider = _provider(providerId);
        uint16 version = _versionOf(provider);
        bool announced = version != provider.proposedVersion;
        return
            ProviderView({
                owner: provider.owner,
                name: provider.name,
                open: provider.open,
                version: version,
                proposedVersion: announced ? provider.proposedVersion : 0,
                proposedEpoch: announced ? provider.proposedEpoch : 0
            });
    }

    /// @inheritdoc IOracleProviders
    function getConfig(uint256 providerId, uint32 version) external view returns (ConfigView memory) {
        Config storage config = _config(providerId, version);
        return
            ConfigView({
                quorum: config.quorum,
                windowEpochs: config.windowEpochs,
                turnEpochs: config.turnEpochs,
                rulingEpochs: config.rulingEpochs,
                callbackGas: config.callbackGas,
                minStake: config.minStake,
                slash: config.slash,
                minBond: config.minBond,
                arbiter: config.arbiter,
                evidence: config.evidence,
                operatorCount: config.memberCount,
                jobs: config.jobs
            });
    }

    /// @inheritdoc IOracleProviders
    function getJob(uint256 providerId, uint32 version, uint32 job) external view returns (JobConfig memory) {
        _config(providerId, version);
        Job storage stored = _job(providerId, version, job);
        StageFee[] memory stages = new StageFee[](stored.stageCount);
        for (uint256 i = 0; i < stages.length; ++i) {
            uint128 fee = stored.fees[i];
            stages[i] = StageFee({base: uint64(fee), perGiB: uint64(fee >> 64)});
        }
        return
            JobConfig({
                job: job,
                minDeadlineEpochs: stored.minDeadlineEpochs,
                concludedByRequester: stored.concludedByRequester,
                failureFee: stored.failureFee,
                stages: stages
            });
    }

    // ---- operators

    /// @inheritdoc IOracleOperators
    function UNBONDING_EPOCHS() external pure returns (uint64) {
        return UNBONDING;
    }

    /// @inheritdoc IOracleOperators
    function getOperator(uint256 operatorId) external view returns (OperatorView memory) {
        Operator storage operator = _operator(operatorId);
        bool left = operator.standing == OperatorStanding.Unbonding;
        uint256 settled = left ? operator.settledAfter : _providers[operator.providerId].settledStages;
        uint256 accounted = uint256(operator.settledBefore) + operator.agreed + operator.dissented;
        return
            OperatorView({
                providerId: operator.providerId,
                owner: operator.owner,
                reporter: operator.reporter,
                appointed: operator.appointed,
                standing: operator.standing,
                jailed: operator.stake < _configs[operator.providerId][operator.version].minStake,
                version: operator.version,
                joinedEpoch: operator.since,
                unbondedEpoch: operator.unbondedEpoch,
                stake: operator.stake,
                locked: operator.locked,
                agreed: operator.agreed,
                dissented: operator.dissented,
                missed: settled > accounted ? uint64(settled - accounted) : 0,
                endpoint: operator.endpoint
            });
    }

    /// @inheritdoc IOracleOperators
    function operatorOf(address reporter) external view returns (uint256 operatorId) {
        return _operatorOf[FilAddress.normalise(reporter)];
    }

    /// @inheritdoc IOracleOperators
    function operatorOfOwner(uint256 providerId, address owner) external view returns (uint256 operatorId) {
        operatorId = _seats[providerId][FilAddress.normalise(owner)];
        if (operatorId == ADMITTED) return 0;
    }

    /// @inheritdoc IOracleOperators
    function operatorsOf(uint256 providerId, uint32 version) external view returns (uint256[] memory operatorIds) {
        Config storage config = _config(providerId, version);
        operatorIds = new uint256[](config.memberCount);
        for (uint256 i = 0; i < operatorIds.length; ++i) {
            operatorIds[i] = config.members[i];
        }
    }

    // ---- requests

    /// @inheritdoc IOracleRequests
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
                stage: asked.state == RequestState.Failed ? asked.answered - 1 : asked.answered,
                stageCount: _jobOf(asked).stageCount,
                settled: asked.settled,
                quorum: _configOf(asked).quorum,
                early: asked.early,
                challenged: asked.challenged,
                failReason: asked.failReason,
                maxBytes: asked.mebibytes * BYTES_PER_MIB,
                requestedEpoch: asked.requestedEpoch,
                deadlineEpoch: asked.deadlineEpoch,
                escrow: open ? asked.deposit : 0,
                refunded: open ? 0 : asked.deposit
            });
    }

    /// @inheritdoc IOracleRequests
    function getAnswer(uint256 id, uint8 stage) external view returns (AnswerView memory) {
        Request storage asked = _request(id);
        Ballot storage ballot = _ballots[id][stage];
        return
            AnswerView({
                answerHash: ballot.answerHash(),
                answeredEpoch: ballot.answeredEpoch,
                matureEpoch: ballot.matureEpoch,
                ok: ballot.ok,
                standing: _standing(id, asked, stage),
                delivery: _delivery(asked, ballot, stage)
            });
    }

    /// @inheritdoc IOracleRequests
    function agreeing(uint256 id, uint8 stage) external view returns (address[] memory owners) {
        _request(id);
        return _agreeing(_ballots[id][stage]);
    }

    /// @inheritdoc IOracleRequests
    function hasVoted(uint256 id, uint8 stage, uint256 operatorId) external view returns (bool) {
        _request(id);
        return _ballots[id][stage].hasVoted(operatorId);
    }

    /// @inheritdoc IOracleRequests
    /// @dev Turns are counted from the request's epoch, so that each is whole and follows the one before.
    function assigneeOf(uint256 id) external view returns (uint256 operatorId) {
        Request storage asked = _request(id);
        Config storage config = _configOf(asked);
        uint256 memberCount = config.memberCount;
        uint256[] memory eligible = new uint256[](memberCount);
        uint256 count;
        for (uint256 i = 0; i < memberCount; ++i) {
            uint256 member = config.members[i];
            if (_takesPart(_operators[member], asked.version, asked.requestedEpoch)) eligible[count++] = member;
        }
        if (count == 0) return 0;

        uint256 first = uint256(keccak256(abi.encode(id))) % count;
        uint256 turn = (block.number - asked.requestedEpoch) / config.turnEpochs;
        return eligible[(first + turn) % count];
    }

    // ---- challenges

    /// @inheritdoc IOracleChallenges
    function bondFor(uint256 id, uint8 stage) external view returns (uint256) {
        Request storage asked = _request(id);
        uint256 pending = _pendingFrom(id, asked, stage);
        uint256 minBond = _configOf(asked).minBond;
        return pending < minBond ? minBond : pending;
    }

    /// @inheritdoc IOracleChallenges
    function getChallenge(uint256 id) external view returns (ChallengeView memory) {
        Request storage asked = _request(id);
        Challenge storage last = _challenges[id];
        return
            ChallengeView({
                challenger: last.challenger,
                stage: last.stage,
                open: asked.challenged,
                ruling: last.ruling,
                openedEpoch: last.openedEpoch,
                deadlineEpoch: last.deadlineEpoch,
                bond: last.bond
            });
    }

    function _config(uint256 providerId, uint32 version) private view returns (Config storage config) {
        _provider(providerId);
        config = _configs[providerId][version];
        if (config.quorum == 0) revert UnknownVersion(providerId, version);
    }

    function _standing(uint256 id, Request storage asked, uint8 stage) private view returns (AnswerStanding) {
        if (_ballots[id][stage].answeredEpoch == 0) return AnswerStanding.None;
        if (stage >= asked.answered) return AnswerStanding.Undone;
        if (_isFinal(id, asked, stage)) return AnswerStanding.Final;
        return asked.challenged ? AnswerStanding.Challenged : AnswerStanding.Challengeable;
    }
}
