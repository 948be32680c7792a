// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title ProviderBook: who offers which jobs, under which rules
abstract contract ProviderBook {
    /// @param version The version in force when `proposedVersion` is not yet.
    /// @param proposedVersion The latest version, equal to `version` if nothing was proposed.
    /// @param proposedEpoch The first epoch at which the latest version is in force.
    /// @param settledStages Stages that its operators answered and were paid for.
    struct Provider {
        address owner;
        bool open;
        uint16 version;
        uint16 proposedVersion;
        uint40 proposedEpoch;
        uint40 settledStages;
        string name;
    }

    /// @notice A version of the rules, and who takes part in it.
    /// @param seats Operators that opted in, active or not: fewer than 2 · quorum.
    /// @param memberCount Those of them that are active: the length of `members`.
    /// @param recent Those of them that became active in `recentEpoch`, and so cannot vote on what is asked in that epoch.
    struct Config {
        uint8 quorum;
        uint8 seats;
        uint8 memberCount;
        uint8 recent;
        uint40 recentEpoch;
        uint32 windowEpochs;
        uint32 turnEpochs;
        uint32 rulingEpochs;
        uint64 callbackGas;
        uint96 minStake;
        uint96 slash;
        uint96 minBond;
        address arbiter;
        address evidence;
        uint32[31] members;
        uint32[] jobs;
    }

    /// @param fees Of each stage and operator: base | perGiB << 64, two to a slot.
    struct Job {
        uint32 minDeadlineEpochs;
        uint8 stageCount;
        bool concludedByRequester;
        uint64 failureFee;
        uint128[8] fees;
    }

    uint64 internal constant NOTICE = 23_040;
    uint64 internal constant UNBONDING = 20_160;

    /// @dev In MiB that is 2^39; a request's size is kept in 40 bits.
    uint64 internal constant MAX_MAX_BYTES = 1 << 59;
    uint64 internal constant BYTES_PER_MIB = 1 << 20;
    uint256 private constant MIB_PER_GIB = 1024;

    mapping(uint256 providerId => Provider) internal _providers;
    mapping(uint256 providerId => mapping(uint256 version => Config)) internal _configs;
    mapping(uint256 providerId => mapping(uint256 version => mapping(uint32 job => Job))) internal _jobs;
    uint32 internal _lastProviderId;

    function _provider(uint256 providerId) internal view returns (Provider storage provider) {
        provider = _providers[providerId];
        if (provider.proposedVersion == 0) revert IOracleProviders.UnknownProvider(providerId);
    }

    /// @dev The version that requests are made with now.
    function _versionOf(Provider storage provider) internal view returns (uint16) {
        return block.number < provider.proposedEpoch ? provider.version : provider.proposedVersion;
    }

    function _job(uint256 providerId, uint256 version, uint32 job) internal view returns (Job storage stored) {
        stored = _jobs[providerId][version][job];
        if (stored.stageCount == 0) revert IOracleProviders.UnknownJob(providerId, job);
    }

    /// @dev Operators that may vote on a request made now.
    function _eligibleNow(Config storage config) internal view returns (uint256) {
        return config.recentEpoch == block.number ? config.memberCount - config.recent : config.memberCount;
    }

    /// @dev `maxBytes` as it is kept and paid for.
    /// Reverts with {IOracleRequests-ZeroMaxBytes}, {IOracleRequests-MaxBytesTooLarge}.
    function _mebibytes(uint64 maxBytes) internal pure returns (uint40) {
        if (maxBytes == 0) revert IOracleRequests.ZeroMaxBytes();
        if (maxBytes > MAX_MAX_BYTES) revert IOracleRequests.MaxBytesTooLarge(MAX_MAX_BYTES, maxBytes);
        return uint40(Math.ceilDiv(maxBytes, BYTES_PER_MIB));
    }

    /// @dev What the requester pays for all stages.
    function _totalFee(Job storage job, uint256 quorum, uint256 mebibytes) internal view returns (uint256 fee) {
        uint256 stageCount = job.stageCount;
        for (uint256 stage = 0; stage < stageCount; ++stage) {
            fee += _stageFee(job, quorum, mebibytes, stage);
        }
    }

    /// @dev What the operators that agree on a stage earn in all; divisible by the quorum.
    function _stageFee(
        Job storage job,
        uint256 quorum,
        uint256 mebibytes,
        uint256 stage
    ) internal view returns (uint256) {
        uint256 fee = job.fees[stage];
        return quorum * (uint64(fee) + Math.ceilDiv((fee >> 64) * mebibytes, MIB_PER_GIB));
    }
}
