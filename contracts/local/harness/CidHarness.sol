// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cid} from "../../filecoin/Cid.sol";

/// @title CidHarness
/// @notice {Cid} as calls.
contract CidHarness {
    uint256 public constant MAX_LENGTH = Cid.MAX_LENGTH;

    function decode(
        bytes memory cid
    ) external pure returns (uint64 version, uint64 codec, uint64 hashCode, uint64 hashLength) {
        return Cid.decode(cid);
    }

    function requireValid(bytes memory cid) external pure {
        Cid.requireValid(cid);
    }
}
