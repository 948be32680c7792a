// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {RleBitfield} from "../RleBitfield.sol";

/// @title RleBitfieldHarness
/// @notice {RleBitfield} for tests to call.
contract RleBitfieldHarness {
    function encode(bool[] calldata members) external pure returns (bytes memory) {
        return RleBitfield.encode(members);
    }

    function decode(bytes calldata data, uint256 most) external pure returns (uint64[] memory) {
        return RleBitfield.decode(data, most);
    }
}
