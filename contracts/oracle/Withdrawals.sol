// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {Credits} from "./Credits.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title Withdrawals: the only way out for money
abstract contract Withdrawals is Credits, IOracleRegistry {
    /// @inheritdoc IOracleRequests
    function withdraw() external nonReentrant returns (uint256 amount) {
        return _withdraw(msg.sender);
    }

    /// @inheritdoc IOracleRequests
    function withdrawFor(address account) external nonReentrant returns (uint256 amount) {
        return _withdraw(FilAddress.normalise(account));
    }

    /// @inheritdoc IOracleRequests
    function creditOf(address account) external view returns (uint256) {
        return _credits[FilAddress.normalise(account)];
    }

    /// @inheritdoc IOracleRequests
    function liabilities() external view returns (uint256) {
        return _liabilities;
    }

    /// @inheritdoc IOracleRequests
    function sink() external view returns (address) {
        return _sink;
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
