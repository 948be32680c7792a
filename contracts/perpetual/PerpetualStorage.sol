// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {IPerpetualStorage} from "./IPerpetualStorage.sol";
import {PerpetualExtension} from "./PerpetualExtension.sol";
import {PerpetualForwards} from "./PerpetualForwards.sol";
import {PerpetualRules} from "./PerpetualRules.sol";
import {Proving} from "./Proving.sol";
import {Purse} from "./Purse.sol";
import {Settling} from "./Settling.sol";

/// @title PerpetualStorage
/// @dev {PerpetualBook} is what is stored and {Purse} the ledger; {Openings} computes what can be claimed; {Claims}, {Proving} and
/// {Settling} move a slot from state to state and {Closings} ends it; {Accounts} pays. What clients do, the views and what Filecoin's
/// actors call is code of {PerpetualExtension} that {PerpetualForwards} runs here. No owner, no pause, no upgrade.
contract PerpetualStorage is IPerpetualStorage, Proving, Settling, PerpetualForwards {
    constructor(PerpetualExtension extension_) Purse(extension_.sink()) PerpetualForwards(extension_) {}

    /// @inheritdoc IPerpetualSlots
    /// @dev Each is a call of this contract's own code with the caller's identity and no value.
    function batch(bytes[] calldata calls, uint256 minDone) external returns (bool[] memory done) {
        if (calls.length > PerpetualRules.MAX_CALLS) revert TooManyCalls(PerpetualRules.MAX_CALLS, calls.length);

        done = new bool[](calls.length);
        uint256 count = 0;
        for (uint256 i = 0; i < calls.length; ++i) {
            (done[i], ) = address(this).delegatecall(calls[i]);
            if (done[i]) ++count;
        }
        if (count < minDone) revert TooFewDone(minDone, count);
    }
}
