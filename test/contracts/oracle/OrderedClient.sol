// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleCallback} from "../../../contracts/oracle/IOracleCallback.sol";

/// @notice A requester that refuses its callbacks every third epoch, and notes when one comes out of order or after a failure.
contract OrderedClient is IOracleCallback {
    bool public misled;
    mapping(uint256 id => uint8) public nextStage;
    mapping(uint256 id => bool) public over;

    receive() external payable {}

    function onOracleAnswer(uint256 id, uint8 stage, bool ok, bytes calldata) external {
        require((block.number + id) % 3 != 0, "not this epoch");
        if (over[id] || stage != nextStage[id]) misled = true;
        nextStage[id] = stage + 1;
        over[id] = !ok;
    }
}
