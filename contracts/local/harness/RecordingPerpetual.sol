// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualOrders} from "../../perpetual/IPerpetualOrders.sol";

/// @notice Takes orders and keeps what was asked.
contract RecordingPerpetual {
    uint256 public orderCount;
    mapping(uint256 orderId => address) public clientOf;
    mapping(uint256 orderId => uint256) public depositOf;
    mapping(uint256 orderId => bytes) public orderOf;

    function openFor(
        address client,
        IPerpetualOrders.NewOrder calldata order
    ) external payable returns (uint256 orderId) {
        orderId = ++orderCount;
        clientOf[orderId] = client;
        depositOf[orderId] = msg.value;
        orderOf[orderId] = abi.encode(order);
    }

    function defaultTerms(uint128) external pure returns (IPerpetualOrders.Terms memory terms) {
        terms.minTermEpochs = 518_400;
        terms.maxTermEpochs = 1_036_800;
    }
}
