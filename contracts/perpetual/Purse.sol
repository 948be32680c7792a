// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPerpetualAccounts} from "./IPerpetualAccounts.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {PerpetualBook} from "./PerpetualBook.sol";

/// @title Purse: what rests here and for whom
/// @dev `_liabilities` is Σ (free + reserved) of the orders + collaterals of live slots + credits + what miners earned. Only money that
/// came in through functions counts: coins that are forced in are nobody's.
abstract contract Purse is PerpetualBook {
    address internal immutable _sink;

    uint256 internal _liabilities;
    mapping(address account => uint256) internal _credits;
    mapping(uint64 provider => uint256) internal _earned;

    constructor(address sink_) {
        _sink = sink_;
    }

    /// @dev What came in rests here from now on.
    function _hold(uint256 received) internal returns (uint128 amount) {
        amount = SafeCast.toUint128(received);
        _liabilities += amount;
    }

    /// @dev What is held already becomes the account's own.
    function _credit(address account, uint256 orderId, uint256 amount) internal {
        if (amount == 0) return;

        _credits[account] += amount;

        emit IPerpetualAccounts.Credited(account, orderId, amount);
    }

    /// @dev What a slot leaves is the order's again; after its cancellation the client's.
    function _giveBack(uint256 orderId, Order storage order, uint128 amount) internal {
        if (order.status == IPerpetualOrders.OrderStatus.Cancelled) _credit(order.client, orderId, amount);
        else order.free += amount;
    }
}
