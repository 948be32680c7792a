// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Extension} from "../Extension.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {Control} from "./Control.sol";
import {IPerpetualAccounts} from "./IPerpetualAccounts.sol";
import {Purse} from "./Purse.sol";

/// @title Accounts: the only way out for money
abstract contract Accounts is Purse, Control, Extension, IPerpetualAccounts {
    /// @inheritdoc IPerpetualAccounts
    function withdraw() external onlyDelegated nonReentrant returns (uint256 amount) {
        return _withdraw(msg.sender);
    }

    /// @inheritdoc IPerpetualAccounts
    function withdrawFor(address account) external onlyDelegated nonReentrant returns (uint256 amount) {
        return _withdraw(FilAddress.normalise(account));
    }

    /// @inheritdoc IPerpetualAccounts
    function withdrawProvider(uint64 provider) external onlyDelegated nonReentrant returns (uint256 amount) {
        amount = _earned[provider];
        if (amount == 0) revert NothingEarned(provider);
        address owner = FilAddress.normalise(FilAddress.mask(_ownerOf(provider)));

        _earned[provider] = 0;
        _liabilities -= amount;

        emit ProviderWithdrawn(provider, owner, amount);

        _send(owner, amount);
    }

    /// @inheritdoc IPerpetualAccounts
    function creditOf(address account) external view returns (uint256) {
        return _credits[FilAddress.normalise(account)];
    }

    /// @inheritdoc IPerpetualAccounts
    function earnedOf(uint64 provider) external view returns (uint256) {
        return _earned[provider];
    }

    /// @inheritdoc IPerpetualAccounts
    function liabilities() external view returns (uint256) {
        return _liabilities;
    }

    /// @inheritdoc IPerpetualAccounts
    /// @dev Immutable in this code: it is what the contract that runs it is made with.
    function sink() external view returns (address) {
        return _sink;
    }

    function _withdraw(address account) private returns (uint256 amount) {
        amount = _credits[account];
        if (amount == 0) revert NoCredit(account);

        _credits[account] = 0;
        _liabilities -= amount;

        emit Withdrawn(account, amount);

        _send(account, amount);
    }

    function _send(address account, uint256 amount) private {
        if (!LowLevelCall.callNoReturn(account, amount, "")) revert PaymentFailed(account, amount);
    }
}
