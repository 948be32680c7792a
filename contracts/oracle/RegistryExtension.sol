// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Extension} from "../Extension.sol";
import {Challenges} from "./Challenges.sol";
import {Credits} from "./Credits.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {Operators} from "./Operators.sol";

/// @title RegistryExtension: the part of OracleRegistry's code that does not fit into one contract
/// @notice Not to be called: {OracleRegistry} runs it on its own storage. What each function does is written in {IOracleProviders},
/// {IOracleOperators} and {IOracleChallenges}.
contract RegistryExtension is Extension, Operators, Challenges {
    constructor(address sink_) Credits(sink_) {}

    function sink() external view returns (address) {
        return _sink;
    }

    function registerProvider(
        string calldata name,
        address owner,
        bool open,
        IOracleProviders.ProviderConfig calldata config,
        address[] calldata admitted
    ) external onlyDelegated nonReentrant returns (uint256 providerId) {
        return _register(name, owner, open, config, admitted);
    }

    function proposeConfig(
        uint256 providerId,
        IOracleProviders.ProviderConfig calldata config
    ) external onlyDelegated nonReentrant returns (uint32 version, uint64 effectiveEpoch) {
        return _propose(providerId, config);
    }

    function admit(uint256 providerId, address operatorOwner) external onlyDelegated nonReentrant {
        _ownProvider(providerId);
        _admit(providerId, operatorOwner);
    }

    function join(
        uint256 providerId,
        address reporter,
        string calldata endpoint
    ) external payable onlyDelegated nonReentrant returns (uint256 operatorId) {
        return _join(providerId, reporter, endpoint);
    }

    function appointReporter(uint256 operatorId, address reporter) external onlyDelegated nonReentrant {
        _appointReporter(operatorId, reporter);
    }

    function acceptReporter(uint256 operatorId) external onlyDelegated nonReentrant {
        _acceptReporter(operatorId);
    }

    function optIn(uint256 operatorId, uint32 version) external onlyDelegated nonReentrant {
        _optIn(operatorId, version);
    }

    function addStake(uint256 operatorId) external payable onlyDelegated nonReentrant {
        _addStake(operatorId);
    }

    function leave(uint256 operatorId) external onlyDelegated nonReentrant {
        _leave(operatorId, _ownOperator(operatorId));
    }

    function expel(uint256 operatorId) external onlyDelegated nonReentrant {
        Operator storage operator = _operator(operatorId);
        _ownProvider(operator.providerId);
        _leave(operatorId, operator);
    }

    function withdrawStake(uint256 operatorId) external onlyDelegated nonReentrant returns (uint256 amount) {
        return _withdrawStake(operatorId);
    }

    function challenge(uint256 id, uint8 stage, bytes calldata evidence) external payable onlyDelegated nonReentrant {
        _challenge(id, stage, evidence);
    }

    function resolve(uint256 id) external onlyDelegated nonReentrant {
        _resolve(id);
    }

    function refute(uint256 id, uint8 stage, bytes calldata data) external onlyDelegated nonReentrant {
        _refute(id, stage, data);
    }
}
