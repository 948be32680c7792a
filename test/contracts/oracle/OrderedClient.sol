// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleCallback} from "../../../contracts/oracle/IOracleCallback.sol";

/// @notice A requester that sometimes refuses its callbacks, and notes when one comes out of order or after a failure.
contract OrderedClient is IOracleCallback {
    bool public refusing;
    bool public misled;
    mapping(uint256 id => uint8) public nextStage;
    mapping(uint256 id => bool) public over;

    receive() external payable {}

    function setRefusing(bool value) external {
        refusing = value;
    }

    function onOracleAnswer(uint256 id, uint8 stage, bool ok, bytes calldata) external {
        require(!refusing, "refusing");
        if (over[id] || stage != nextStage[id]) misled = true;
        nextStage[id] = stage + 1;
        over[id] = !ok;
    }
}
