// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @notice An account that calls back when it is paid: the same call again. It keeps what came of that.
contract Reentrant {
    address private _target;
    bytes private _data;

    uint256 public calls;
    bool public secondSucceeded;
    bytes public secondResult;

    receive() external payable {
        if (_target == address(0)) return;
        ++calls;
        (secondSucceeded, secondResult) = _target.call(_data);
    }

    /// @notice Calls, without calling back.
    function act(address target, bytes calldata data) external payable {
        _call(target, data);
    }

    /// @notice Calls, and makes the same call again when it is paid.
    function actTwice(address target, bytes calldata data) external payable {
        (_target, _data) = (target, data);
        _call(target, data);
        _target = address(0);
    }

    function _call(address target, bytes calldata data) private {
        (bool success, bytes memory result) = target.call{value: msg.value}(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(result, 0x20), mload(result))
        }
    }
}
