// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {CidList} from "./CidList.sol";
import {Ledger} from "./Ledger.sol";
import {PinningBook} from "./PinningBook.sol";

/// @title PinningState
/// @notice What {PinningRequests} keeps, laid out alike for {PinningExtension}, which runs on the same storage. Whatever else either
/// keeps comes after it.
abstract contract PinningState is PinningBook, CidList, Ledger {}
