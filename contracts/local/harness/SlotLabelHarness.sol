// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {SlotLabel} from "../../perpetual/SlotLabel.sol";

/// @title SlotLabelHarness
/// @notice {SlotLabel} as calls.
contract SlotLabelHarness {
    function encode(uint256 slot, uint64 nonce) external pure returns (bytes memory) {
        return SlotLabel.encode(slot, nonce);
    }

    function parse(bytes memory label) external pure returns (bool ok, uint256 slot, uint64 nonce) {
        return SlotLabel.parse(label);
    }
}
