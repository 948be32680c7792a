// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IEvidence} from "../../oracle/IEvidence.sol";

/// @notice Evidence that refutes the answers it is told to, or reverts.
contract ScriptedEvidence is IEvidence {
    mapping(bytes32 answer => bool) private _refuted;
    bool private _reverts;

    error CannotTell();

    function setRefuted(bytes calldata data, bool refuted) external {
        _refuted[keccak256(data)] = refuted;
    }

    function setReverting(bool reverts) external {
        _reverts = reverts;
    }

    /// @inheritdoc IEvidence
    function refutes(uint32, uint8, bytes calldata data, uint64) external view returns (bool) {
        if (_reverts) revert CannotTell();
        return _refuted[keccak256(data)];
    }
}
