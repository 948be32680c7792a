// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualAccounts} from "./IPerpetualAccounts.sol";
import {IPerpetualCallbacks} from "./IPerpetualCallbacks.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualProofs} from "./IPerpetualProofs.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {IPerpetualViews} from "./IPerpetualViews.sol";

/// @title PerpetualStorage: replicas kept for as long as the money lasts
/// @notice One contract, many orders, so that a storage provider finds all work in one place ({openSlots}). A slot is claimed with
/// collateral, proven to the chain, paid for every proven epoch, and handed over to a successor before its term ends.
/// @dev Assumes of Filecoin: deal ids are not used twice, nor sector numbers of a miner; a terminated deal is removed at once (exit
/// 32), and anybody can have an ended one removed; a miner actor that f04 knows tells the truth of its sectors.
interface IPerpetualStorage is
    IPerpetualSlots,
    IPerpetualAccounts,
    IPerpetualProofs,
    IPerpetualOrders,
    IPerpetualViews,
    IPerpetualCallbacks
{}
