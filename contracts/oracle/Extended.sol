// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Delegating} from "../Delegating.sol";
import {IOracleChallenges} from "./IOracleChallenges.sol";
import {IOracleOperators} from "./IOracleOperators.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";
import {RegistryExtension} from "./RegistryExtension.sol";

/// @title Extended: what the registry runs out of its extension
abstract contract Extended is Delegating, IOracleRegistry {
    RegistryExtension public immutable extension;

    constructor(RegistryExtension extension_) {
        extension = extension_;
    }

    /// @inheritdoc IOracleProviders
    function registerProvider(
        string calldata,
        address,
        bool,
        ProviderConfig calldata,
        address[] calldata
    ) external returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleProviders
    function proposeConfig(uint256, ProviderConfig calldata) external returns (uint32, uint64) {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleProviders
    function admit(uint256, address) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleOperators
    function join(uint256, address, string calldata) external payable returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleOperators
    function appointReporter(uint256, address) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleOperators
    function acceptReporter(uint256) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleOperators
    function optIn(uint256, uint32) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleOperators
    function addStake(uint256) external payable {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleOperators
    function leave(uint256) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleOperators
    function expel(uint256) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleOperators
    function withdrawStake(uint256) external returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleChallenges
    function challenge(uint256, uint8, bytes calldata) external payable {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleChallenges
    function resolve(uint256) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IOracleChallenges
    function refute(uint256, uint8, bytes calldata) external {
        _runAs(address(extension));
    }
}
