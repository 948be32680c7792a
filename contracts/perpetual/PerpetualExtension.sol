// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Callbacks} from "./Callbacks.sol";
import {Orders} from "./Orders.sol";
import {Purse} from "./Purse.sol";
import {SlotViews} from "./SlotViews.sol";

/// @title PerpetualExtension: the part of PerpetualStorage's code that does not fit into one contract
/// @notice Not to be called: {PerpetualStorage} runs it on its own storage.
contract PerpetualExtension is Orders, Callbacks, SlotViews {
    constructor(address sink_) Purse(sink_) {}

    function sink() external view returns (address) {
        return _sink;
    }
}
