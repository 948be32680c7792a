// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cbor} from "../../../contracts/filecoin/Cbor.sol";

/// @title CborRefusals
/// @notice Holds that what reads bytes refuses them with an error of {Cbor}: never with a panic, never for want of memory.
library CborRefusals {
    /// @dev Far beyond what it takes to read some kilobytes.
    uint256 private constant GAS = 30_000_000;

    /// @notice The call succeeds, or fails with an error of {Cbor}.
    function requireNamed(address target, bytes memory call) internal view {
        (bool success, bytes memory result) = target.staticcall{gas: GAS}(call);
        require(success || _isNamed(bytes4(result)), "refused without a name");
    }

    /// @notice The call fails with an error of {Cbor}.
    function requireRefused(address target, bytes memory call) internal view {
        (bool success, bytes memory result) = target.staticcall{gas: GAS}(call);
        require(!success && _isNamed(bytes4(result)), "not refused with a name");
    }

    function _isNamed(bytes4 selector) private pure returns (bool) {
        return
            selector == Cbor.CborTruncated.selector ||
            selector == Cbor.CborWrongType.selector ||
            selector == Cbor.CborWrongLength.selector ||
            selector == Cbor.CborWrongTag.selector ||
            selector == Cbor.CborNotBool.selector ||
            selector == Cbor.CborNotCanonical.selector ||
            selector == Cbor.CborTooLarge.selector ||
            selector == Cbor.CborNegative.selector ||
            selector == Cbor.CborNotCid.selector ||
            selector == Cbor.CborTrailing.selector;
    }
}
