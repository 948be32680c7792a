// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleCallback} from "../../oracle/IOracleCallback.sol";

/// @notice A registry that delivers and cancels what it is told to, however wrong; its only request is number 7.
contract FakeRegistry {
    function request(uint256, uint32, bytes calldata, uint64, uint64) external payable returns (uint256) {
        return 7;
    }

    function deliver(IOracleCallback client, uint256 id, uint8 stage, bool ok, bytes calldata data) external {
        client.onOracleAnswer(id, stage, ok, data);
    }

    function cancel(IOracleCallback client, uint256 id, uint8 stage) external {
        client.onOracleAnswerCancelled(id, stage);
    }
}
