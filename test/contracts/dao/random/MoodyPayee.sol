// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @notice Takes what it is paid, refuses it, or comes back with a call of its own, whatever becomes of that.
contract MoodyPayee {
    bool public refuses;
    address private _target;
    bytes private _call;
    /// @notice Calls of its own that were let through.
    uint256 public cameBack;

    function become(bool refuses_, address target, bytes calldata call_) external {
        (refuses, _target, _call) = (refuses_, target, call_);
    }

    receive() external payable {
        require(!refuses, "not from you");
        if (_target == address(0)) return;
        (bool success, ) = _target.call(_call);
        if (success) ++cameBack;
    }
}
