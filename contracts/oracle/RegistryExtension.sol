// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Challenges} from "./Challenges.sol";
import {Credits} from "./Credits.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {Operators} from "./Operators.sol";

/// @title RegistryExtension: the part of OracleRegistry's code that does not fit into one contract
/// @notice Not to be called: {OracleRegistry} runs it on its own storage. What each function does is written in {IOracleProviders},
/// {IOracleOperators} and {IOracleChallenges}.
contract RegistryExtension is Operators, Challenges {
    address private immutable _self = address(this);

    /// @notice A call to the extension itself, which keeps nothing: use the registry.
    error OnlyThroughRegistry();

    modifier onlyThroughRegistry() {
        if (address(this) == _self) revert OnlyThroughRegistry();
        _;
    }

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
    ) external onlyThroughRegistry nonReentrant returns (uint256 providerId) {
        return _register(name, owner, open, config, admitted);
    }

    function proposeConfig(
        uint256 providerId,
        IOracleProviders.ProviderConfig calldata config
    ) external onlyThroughRegistry nonReentrant returns (uint32 version, uint64 effectiveEpoch) {
        return _propose(providerId, config);
    }

    function admit(uint256 providerId, address operatorOwner) external onlyThroughRegistry nonReentrant {
        _ownProvider(providerId);
        _admit(providerId, operatorOwner);
    }

    function join(
        uint256 providerId,
        address reporter,
        string calldata endpoint
    ) external payable onlyThroughRegistry nonReentrant returns (uint256 operatorId) {
        return _join(providerId, reporter, endpoint);
    }

    function appointReporter(uint256 operatorId, address reporter) external onlyThroughRegistry nonReentrant {
        _appointReporter(operatorId, reporter);
    }

    function acceptReporter(uint256 operatorId) external onlyThroughRegistry nonReentrant {
        _acceptReporter(operatorId);
    }

    function optIn(uint256 operatorId, uint32 version) external onlyThroughRegistry nonReentrant {
        _optIn(operatorId, version);
    }

    function addStake(uint256 operatorId) external payable onlyThroughRegistry nonReentrant {
        _addStake(operatorId);
    }

    function leave(uint256 operatorId) external onlyThroughRegistry nonReentrant {
        _leave(operatorId, _ownOperator(operatorId));
    }

    function expel(uint256 operatorId) external onlyThroughRegistry nonReentrant {
        Operator storage operator = _operator(operatorId);
        _ownProvider(operator.providerId);
        _leave(operatorId, operator);
    }

    function withdrawStake(uint256 operatorId) external onlyThroughRegistry nonReentrant returns (uint256 amount) {
        return _withdrawStake(operatorId);
    }

    function challenge(
        uint256 id,
        uint8 stage,
        bytes calldata evidence
    ) external payable onlyThroughRegistry nonReentrant {
        _challenge(id, stage, evidence);
    }

    function resolve(uint256 id) external onlyThroughRegistry nonReentrant {
        _resolve(id);
    }

    function refute(uint256 id, uint8 stage, bytes calldata data) external onlyThroughRegistry nonReentrant {
        _refute(id, stage, data);
    }
}
