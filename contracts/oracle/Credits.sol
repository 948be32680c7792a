// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title Credits: the ledger of what rests here
/// @dev Counts what came in through the registry's own functions, never `address(this).balance`: coins that are forced in stay
/// outside of every account.
abstract contract Credits is ReentrancyGuardTransient {
    address internal immutable _sink;

    /// @dev Share a slot: every request writes both.
    uint128 internal _liabilities;
    uint64 private _requestCount;
    mapping(address account => uint256) internal _credits;

    constructor(address sink_) {
        _sink = sink_;
    }

    /// @dev Money came in and rests here for somebody.
    function _hold(uint256 amount) internal {
        _liabilities += uint128(amount);
    }

    /// @dev {_hold}, with the number of a new request, from 1.
    function _holdForRequest(uint256 amount) internal returns (uint256 id) {
        _liabilities += uint128(amount);
        return ++_requestCount;
    }

    /// @dev What is held already becomes the account's own. `id` is the request that it comes from; 0 for stake.
    function _credit(address account, uint256 id, uint256 amount) internal {
        if (amount == 0) return;

        _credits[account] += amount;

        emit IOracleRequests.Credited(account, id, amount);
    }

    /// @dev `amount` in equal shares; what does not divide stays.
    /// @return paid What was credited.
    function _creditEqually(address[] memory accounts, uint256 id, uint256 amount) internal returns (uint256 paid) {
        uint256 share = amount / accounts.length;
        for (uint256 i = 0; i < accounts.length; ++i) {
            _credit(accounts[i], id, share);
        }
        return share * accounts.length;
    }
}
