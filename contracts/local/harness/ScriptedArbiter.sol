// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IArbiter} from "../../oracle/IArbiter.sol";
import {IOracleChallenges} from "../../oracle/IOracleChallenges.sol";

/// @notice An arbiter that rules what it is told to; or answers with other bytes, or reverts with them.
contract ScriptedArbiter is IArbiter {
    mapping(uint256 id => mapping(uint8 stage => IOracleChallenges.Ruling)) private _rulings;
    bool private _garbled;
    bool private _reverts;
    bytes private _raw;

    /// @notice Sets the ruling; has the registry read it, if one is given.
    function rule(IOracleChallenges registry, uint256 id, uint8 stage, IOracleChallenges.Ruling ruling) external {
        _rulings[id][stage] = ruling;
        if (address(registry) != address(0)) registry.resolve(id);
    }

    /// @notice From now on every question is answered with these bytes, or reverts with them.
    function garble(bytes calldata raw, bool reverts) external {
        (_garbled, _reverts, _raw) = (true, reverts, raw);
    }

    /// @inheritdoc IArbiter
    function rulingOf(address, uint256 id, uint8 stage) external view returns (IOracleChallenges.Ruling) {
        if (!_garbled) return _rulings[id][stage];

        bytes memory raw = _raw;
        bool reverts = _reverts;
        assembly ("memory-safe") {
            if reverts {
                revert(add(raw, 0x20), mload(raw))
            }
            return(add(raw, 0x20), mload(raw))
        }
    }
}
