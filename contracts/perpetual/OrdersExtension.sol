// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Orders} from "./Orders.sol";
import {Purse} from "./Purse.sol";
import {SlotViews} from "./SlotViews.sol";

/// @title OrdersExtension: code of PerpetualStorage that clients call, and its views
/// @notice Not to be called: {PerpetualStorage} runs it on its own storage.
contract OrdersExtension is Orders, SlotViews {
    constructor(address sink_) Purse(sink_) {}
}
