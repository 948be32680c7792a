// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Page} from "../../Page.sol";

/// @notice {Page}, callable from outside.
contract PageHarness {
    function sizeAt(uint256 length, uint256 start, uint256 count) external pure returns (uint256) {
        return Page.sizeAt(length, start, count);
    }

    function startOfNewest(uint256 length) external pure returns (uint256) {
        return Page.startOfNewest(length);
    }
}
