// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";

/// @title Credits: the ledger of what rests here, and the only way out
/// @dev Counts what came in through {IOracleRegistry-request}, never `address(this).balance`: coins that are forced in stay
/// outside of every account.
abstract contract Credits is IOracleRegistry, ReentrancyGuardTransient {
    /// @dev Share a slot: every request writes both.
    uint128 private _liabilities;
    uint64 private _deposits;
    mapping(address account => uint256) private _credits;

    /// @inheritdoc IOracleRegistry
    function withdraw() external nonReentrant returns (uint256 amount) {
        return _withdraw(msg.sender);
    }

    /// @inheritdoc IOracleRegistry
    function withdrawFor(address account) external nonReentrant returns (uint256 amount) {
        return _withdraw(FilAddress.normalise(account));
    }

    /// @inheritdoc IOracleRegistry
    function creditOf(address account) external view returns (uint256) {
        return _credits[FilAddress.normalise(account)];
    }

    /// @inheritdoc IOracleRegistry
    function liabilities() external view returns (uint256) {
        return _liabilities;
    }

    /// @dev Money came in and rests here for somebody.
    /// @return number The deposit's number, from 1.
    function _deposit(uint96 amount) internal returns (uint256 number) {
        _liabilities += amount;
        return ++_deposits;
    }

    /// @dev Moves escrow to an account; {liabilities} counts it either way.
    function _credit(address account, uint256 id, uint256 amount) internal {
        if (amount == 0) return;

        _credits[account] += amount;

        emit Credited(account, id, amount);
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

    function _withdraw(address account) private returns (uint256 amount) {
        amount = _credits[account];
        if (amount == 0) revert NoCredit(account);

        _credits[account] = 0;
        _liabilities -= uint128(amount);

        emit Withdrawn(account, amount);

        if (!LowLevelCall.callNoReturn(account, amount, "")) revert PaymentFailed(account, amount);
    }
}
