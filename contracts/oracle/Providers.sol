// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../filecoin/FilAddress.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {RequestBook} from "./RequestBook.sol";

/// @title Providers: services are registered and change their rules
abstract contract Providers is RequestBook {
    uint256 private constant MAX_QUORUM = 16;
    uint256 private constant MAX_STAGES = 8;
    uint256 private constant MAX_JOBS = 16;
    uint256 private constant MAX_NAME_BYTES = 64;
    uint256 private constant MAX_ADMITTED = 31;
    uint256 private constant MAX_WINDOW_EPOCHS = 20_160;
    uint256 private constant MAX_RULING_EPOCHS = 86_400;
    /// @dev Half of what a Filecoin block holds, FEVM gas units; beyond it no message could make the callback.
    uint256 private constant MAX_CALLBACK_GAS = 5_000_000_000;

    /// @dev See {IOracleProviders-registerProvider}.
    function _register(
        string calldata name,
        address owner,
        bool open,
        IOracleProviders.ProviderConfig calldata config,
        address[] calldata admitted
    ) internal returns (uint256 providerId) {
        uint256 nameBytes = bytes(name).length;
        if (nameBytes == 0 || nameBytes > MAX_NAME_BYTES) revert IOracleProviders.BadProviderConfig("name", nameBytes);
        owner = FilAddress.normalise(owner);
        if (owner == address(0) && !open) revert IOracleProviders.BadProviderOwner(owner);
        if (admitted.length > MAX_ADMITTED) revert IOracleProviders.BadProviderConfig("admitted", admitted.length);

        providerId = ++_lastProviderId;
        Provider storage provider = _providers[providerId];
        provider.owner = owner;
        provider.open = open;
        provider.version = 1;
        provider.proposedVersion = 1;
        provider.proposedEpoch = uint40(block.number);
        provider.name = name;

        emit IOracleProviders.ProviderRegistered(providerId, owner, name, open);

        _write(providerId, 1, config);
        for (uint256 i = 0; i < admitted.length; ++i) {
            _admit(providerId, admitted[i]);
        }
    }

    /// @dev See {IOracleProviders-proposeConfig}.
    function _propose(
        uint256 providerId,
        IOracleProviders.ProviderConfig calldata config
    ) internal returns (uint32 version, uint64 effectiveEpoch) {
        Provider storage provider = _ownProvider(providerId);
        if (block.number < provider.proposedEpoch)
            revert IOracleProviders.AlreadyProposed(provider.proposedVersion, provider.proposedEpoch);

        version = provider.proposedVersion + 1;
        effectiveEpoch = uint64(block.number) + NOTICE;
        provider.version = provider.proposedVersion;
        provider.proposedVersion = uint16(version);
        provider.proposedEpoch = uint40(effectiveEpoch);
        _write(providerId, version, config);
    }

    /// @dev See {IOracleProviders-admit}.
    function _admit(uint256 providerId, address operatorOwner) internal {
        operatorOwner = FilAddress.normalise(operatorOwner);
        if (operatorOwner == address(0)) revert IOracleProviders.BadOperatorOwner(operatorOwner);
        if (_seats[providerId][operatorOwner] != 0) revert IOracleProviders.AlreadyAdmitted(providerId, operatorOwner);

        _seats[providerId][operatorOwner] = ADMITTED;

        emit IOracleProviders.OperatorAdmitted(providerId, operatorOwner);
    }

    /// @dev The provider, if the caller owns it.
    function _ownProvider(uint256 providerId) internal view returns (Provider storage provider) {
        provider = _provider(providerId);
        if (msg.sender != provider.owner) revert IOracleProviders.NotProviderOwner(provider.owner, msg.sender);
    }

    function _write(uint256 providerId, uint32 version, IOracleProviders.ProviderConfig calldata given) private {
        _check(given);

        Config storage config = _configs[providerId][version];
        config.quorum = given.quorum;
        config.windowEpochs = given.windowEpochs;
        config.turnEpochs = given.turnEpochs;
        config.rulingEpochs = given.rulingEpochs;
        config.callbackGas = given.callbackGas;
        config.minStake = given.minStake;
        config.slash = given.slash;
        config.minBond = given.minBond;
        config.arbiter = given.arbiter;
        config.evidence = given.evidence;
        for (uint256 i = 0; i < given.jobs.length; ++i) {
            config.jobs.push(given.jobs[i].job);
            _addJob(_jobs[providerId][version][given.jobs[i].job], given.jobs[i]);
        }

        emit IOracleProviders.ConfigProposed(providerId, version, _providers[providerId].proposedEpoch, given);
    }

    function _check(IOracleProviders.ProviderConfig calldata config) private pure {
        _require(config.quorum != 0 && config.quorum <= MAX_QUORUM, "quorum", config.quorum);
        _require(config.turnEpochs != 0, "turnEpochs", 0);
        _require(config.callbackGas != 0 && config.callbackGas <= MAX_CALLBACK_GAS, "callbackGas", config.callbackGas);
        _require(config.windowEpochs <= MAX_WINDOW_EPOCHS, "windowEpochs", config.windowEpochs);
        _require(config.rulingEpochs <= MAX_RULING_EPOCHS, "rulingEpochs", config.rulingEpochs);
        _require(config.minStake >= config.slash, "minStake", config.minStake);
        bool window = config.windowEpochs != 0;
        _require((config.slash != 0) == window, "slash", config.slash);
        _require((config.minBond != 0) == window, "minBond", config.minBond);
        _require((config.rulingEpochs != 0) == window, "rulingEpochs", config.rulingEpochs);
        _require((config.arbiter != address(0)) == window, "arbiter", uint160(config.arbiter));
        _require(config.evidence == address(0) || window, "evidence", uint160(config.evidence));
        _require(config.jobs.length != 0 && config.jobs.length <= MAX_JOBS, "jobs", config.jobs.length);
    }

    function _addJob(Job storage job, IOracleProviders.JobConfig calldata given) private {
        uint256 stages = given.stages.length;
        _require(job.stageCount == 0, "job", given.job);
        _require(stages != 0 && stages <= MAX_STAGES, "stages", stages);
        _require(given.minDeadlineEpochs != 0, "minDeadlineEpochs", 0);
        _require(!given.concludedByRequester || stages > 1, "concludedByRequester", given.job);

        job.minDeadlineEpochs = given.minDeadlineEpochs;
        job.stageCount = uint8(stages);
        job.concludedByRequester = given.concludedByRequester;
        job.failureFee = given.failureFee;
        for (uint256 i = 0; i < stages; ++i) {
            IOracleProviders.StageFee calldata fee = given.stages[i];
            _require(given.failureFee <= fee.base, "failureFee", given.failureFee);
            job.fees[i] = fee.base | (uint128(fee.perGiB) << 64);
        }
    }

    function _require(bool good, string memory what, uint256 value) private pure {
        if (!good) revert IOracleProviders.BadProviderConfig(what, value);
    }
}
