// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {IPerpetualStorage} from "./IPerpetualStorage.sol";
import {OrdersExtension} from "./OrdersExtension.sol";
import {PerpetualForwards} from "./PerpetualForwards.sol";
import {PerpetualRules} from "./PerpetualRules.sol";
import {ProofsExtension} from "./ProofsExtension.sol";
import {Purse} from "./Purse.sol";
import {Settling} from "./Settling.sol";

/// @title PerpetualStorage
/// @dev {PerpetualBook} is what is stored and {Purse} the ledger; {Openings} computes what can be claimed; {Claims}, {Proving} and
/// {Settling} move a slot from state to state and {Closings} ends it; {Accounts} pays. {PerpetualForwards} runs the code of
/// {OrdersExtension} (what clients do, and the views) and of {ProofsExtension} (proofs, what Filecoin's actors call, and the accounts)
/// here. No owner, no pause, no upgrade.
contract PerpetualStorage is IPerpetualStorage, Settling, PerpetualForwards {
    constructor(
        OrdersExtension orders_,
        ProofsExtension proofs_
    ) Purse(proofs_.sink()) PerpetualForwards(orders_, proofs_) {}

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
