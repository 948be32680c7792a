// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleRegistry} from "./IOracleRegistry.sol";

/// @title ProviderBook: who offers which jobs, under which rules
abstract contract ProviderBook is IOracleRegistry {
    /// @param seats Operators that joined and have not left, active or not.
    /// @param active Operators whose reporter accepted.
    /// @param recent Those of them that became active in `recentEpoch`, and so cannot vote on what is asked in that epoch.
    struct Provider {
        uint64 callbackGas;
        uint64 recentEpoch;
        uint32 windowEpochs;
        uint32 version;
        uint8 quorum;
        uint8 seats;
        uint8 active;
        uint8 recent;
        address owner;
        string name;
    }

    /// @param fee The sum of `stageFees`.
    struct Job {
        uint96 fee;
        uint32 minDeadlineEpochs;
        uint8 stageCount;
        bool concludedByRequester;
        uint96[8] stageFees;
    }

    uint256 internal constant MAX_QUORUM = 16;
    uint256 internal constant MAX_STAGES = 8;
    uint256 internal constant MAX_JOBS = 16;
    uint256 internal constant MAX_NAME_BYTES = 64;
    /// @dev Half of what a Filecoin block holds, FEVM gas units; beyond it no message could make the callback.
    uint256 internal constant MAX_CALLBACK_GAS = 5_000_000_000;

    mapping(uint256 providerId => Provider) internal _providers;
    mapping(uint256 providerId => mapping(uint32 job => Job)) internal _jobs;
    uint32 private _lastProviderId;

    /// @inheritdoc IOracleRegistry
    function registerProvider(ProviderConfig calldata config) external returns (uint256 providerId) {
        _checkConfig(config);

        providerId = ++_lastProviderId;
        Provider storage provider = _providers[providerId];
        provider.owner = msg.sender;
        provider.name = config.name;
        provider.version = 1;
        provider.quorum = config.quorum;
        provider.windowEpochs = config.windowEpochs;
        provider.callbackGas = config.callbackGas;
        for (uint256 i = 0; i < config.jobs.length; ++i) {
            _addJob(providerId, config.quorum, config.jobs[i]);
        }

        emit ProviderRegistered(providerId, msg.sender, config.name, 1, config.quorum);
    }

    /// @inheritdoc IOracleRegistry
    function quote(uint256 providerId, uint32 job, uint64) external view returns (uint256 fee) {
        return _job(providerId, job).fee;
    }

    /// @inheritdoc IOracleRegistry
    function getProvider(uint256 providerId) external view returns (ProviderView memory) {
        Provider storage provider = _provider(providerId);
        return
            ProviderView({
                owner: provider.owner,
                name: provider.name,
                version: provider.version,
                quorum: provider.quorum,
                windowEpochs: provider.windowEpochs,
                callbackGas: provider.callbackGas,
                operatorCount: provider.active
            });
    }

    /// @inheritdoc IOracleRegistry
    function getJob(uint256 providerId, uint32 job) external view returns (JobConfig memory) {
        Job storage stored = _job(providerId, job);
        uint128[] memory stageFees = new uint128[](stored.stageCount);
        for (uint256 i = 0; i < stageFees.length; ++i) {
            stageFees[i] = stored.stageFees[i];
        }
        return
            JobConfig({
                job: job,
                minDeadlineEpochs: stored.minDeadlineEpochs,
                concludedByRequester: stored.concludedByRequester,
                stageFees: stageFees
            });
    }

    function _provider(uint256 providerId) internal view returns (Provider storage provider) {
        provider = _providers[providerId];
        if (provider.quorum == 0) revert UnknownProvider(providerId);
    }

    function _job(uint256 providerId, uint32 job) internal view returns (Job storage stored) {
        _provider(providerId);
        stored = _jobs[providerId][job];
        if (stored.stageCount == 0) revert UnknownJob(providerId, job);
    }

    function _checkConfig(ProviderConfig calldata config) private pure {
        uint256 nameBytes = bytes(config.name).length;
        if (nameBytes == 0 || nameBytes > MAX_NAME_BYTES) revert BadProviderConfig("name", nameBytes);
        if (config.quorum == 0 || config.quorum > MAX_QUORUM) revert BadProviderConfig("quorum", config.quorum);
        if (config.windowEpochs != 0) revert BadProviderConfig("windowEpochs", config.windowEpochs);
        if (config.callbackGas == 0 || config.callbackGas > MAX_CALLBACK_GAS) {
            revert BadProviderConfig("callbackGas", config.callbackGas);
        }
        uint256 jobs = config.jobs.length;
        if (jobs == 0 || jobs > MAX_JOBS) revert BadProviderConfig("jobs", jobs);
    }

    function _addJob(uint256 providerId, uint256 quorum, JobConfig calldata config) private {
        Job storage job = _jobs[providerId][config.job];
        uint256 stages = config.stageFees.length;
        if (job.stageCount != 0) revert BadProviderConfig("job", config.job);
        if (stages == 0 || stages > MAX_STAGES) revert BadProviderConfig("stages", stages);
        if (config.minDeadlineEpochs == 0) revert BadProviderConfig("minDeadlineEpochs", 0);
        if (config.concludedByRequester && stages == 1) revert BadProviderConfig("concludedByRequester", config.job);

        uint256 total;
        for (uint256 i = 0; i < stages; ++i) {
            uint256 fee = config.stageFees[i];
            total += fee;
            if (fee % quorum != 0 || total > type(uint96).max) revert BadProviderConfig("stageFees", fee);
            job.stageFees[i] = uint96(fee);
        }
        job.fee = uint96(total);
        job.minDeadlineEpochs = config.minDeadlineEpochs;
        job.stageCount = uint8(stages);
        job.concludedByRequester = config.concludedByRequester;
    }
}
