// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cid} from "../../filecoin/Cid.sol";

/// @title CidHarness
/// @notice {Cid} as calls.
contract CidHarness {
    uint256 public constant MAX_LENGTH = Cid.MAX_LENGTH;

    function decode(bytes memory cid) external pure returns (Cid.View memory) {
        return Cid.decode(cid);
    }

    function requireValid(bytes memory cid) external pure {
        Cid.requireValid(cid);
    }
}
