// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Extension: code that another contract runs as its own
abstract contract Extension {
    address private immutable _self = address(this);

    /// @notice A call to the extension itself, which keeps nothing: call the contract that runs it.
    error OnlyByDelegation();

    modifier onlyDelegated() {
        if (address(this) == _self) revert OnlyByDelegation();
        _;
    }
}
