// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @notice An arbiter that calls who asks it back, and rules Upheld only if that was refused with `expected`. (No IArbiter: that is
/// to look, not to act.)
contract ReentrantArbiter {
    bytes private _back;
    bytes4 private _expected;

    function script(bytes calldata back, bytes4 expected) external {
        (_back, _expected) = (back, expected);
    }

    fallback(bytes calldata) external returns (bytes memory) {
        (bool success, bytes memory reason) = msg.sender.call(_back);
        return abi.encode(!success && bytes4(reason) == _expected);
    }
}
