// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleChallenges} from "./IOracleChallenges.sol";
import {IOracleOperators} from "./IOracleOperators.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";
import {RegistryExtension} from "./RegistryExtension.sol";

/// @title Extended: what the registry runs out of its extension
/// @dev A contract holds at most 24,576 bytes of code (EIP-170). The extension's address is fixed when the registry is made: this
/// is one program in two places, not an upgradeable proxy. Its functions are named here one by one; nothing else is forwarded.
abstract contract Extended is IOracleRegistry {
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
        _extend();
    }

    /// @inheritdoc IOracleProviders
    function proposeConfig(uint256, ProviderConfig calldata) external returns (uint32, uint64) {
        _extend();
    }

    /// @inheritdoc IOracleProviders
    function admit(uint256, address) external {
        _extend();
    }

    /// @inheritdoc IOracleOperators
    function join(uint256, address, string calldata) external payable returns (uint256) {
        _extend();
    }

    /// @inheritdoc IOracleOperators
    function appointReporter(uint256, address) external {
        _extend();
    }

    /// @inheritdoc IOracleOperators
    function acceptReporter(uint256) external {
        _extend();
    }

    /// @inheritdoc IOracleOperators
    function optIn(uint256, uint32) external {
        _extend();
    }

    /// @inheritdoc IOracleOperators
    function addStake(uint256) external payable {
        _extend();
    }

    /// @inheritdoc IOracleOperators
    function leave(uint256) external {
        _extend();
    }

    /// @inheritdoc IOracleOperators
    function expel(uint256) external {
        _extend();
    }

    /// @inheritdoc IOracleOperators
    function withdrawStake(uint256) external returns (uint256) {
        _extend();
    }

    /// @inheritdoc IOracleChallenges
    function challenge(uint256, uint8, bytes calldata) external payable {
        _extend();
    }

    /// @inheritdoc IOracleChallenges
    function resolve(uint256) external {
        _extend();
    }

    /// @inheritdoc IOracleChallenges
    function refute(uint256, uint8, bytes calldata) external {
        _extend();
    }

    /// @dev Runs the same call as the extension's code, on this contract's storage, and ends with what it returned.
    function _extend() private {
        address code = address(extension);
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let done := delegatecall(gas(), code, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(done) {
                revert(free, returndatasize())
            }
            return(free, returndatasize())
        }
    }
}
