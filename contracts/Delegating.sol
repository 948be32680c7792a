// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Delegating: one program in two places
/// @dev A contract holds at most 24,576 bytes of code (EIP-170). What does not fit is another contract's code, at an address that is
/// fixed when the first is made: no upgradeable proxy. Functions are forwarded by name, one by one; nothing else is.
abstract contract Delegating {
    /// @dev Runs the present call as code of `code`, on this contract's storage, and ends it with what that returned.
    function _runAs(address code) internal {
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

    /// @dev {_runAs} for a function that changes nothing: whether it does is for the extension's own declaration to say.
    function _viewAs(address code) internal view {
        function(address) internal run = _runAs;
        function(address) internal view runView;
        assembly ("memory-safe") {
            runView := run
        }
        runView(code);
        // Never reached; the compiler cannot see through the pointer that it is not.
        assembly ("memory-safe") {
            invalid()
        }
    }
}
