// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Accounts} from "./Accounts.sol";
import {Callbacks} from "./Callbacks.sol";
import {Proving} from "./Proving.sol";
import {Purse} from "./Purse.sol";

/// @title ProofsExtension: code of PerpetualStorage that proves slots and pays
/// @notice Not to be called: {PerpetualStorage} runs it on its own storage.
contract ProofsExtension is Proving, Callbacks, Accounts {
    constructor(address sink_) Purse(sink_) {}
}
