// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {IPinningRequests} from "./IPinningRequests.sol";

/// @title Ledger
/// @notice What rests here and for whom. Money that is held is either promised to a request or some account's credit; native
/// value that was forced in is neither, and no rule looks at the balance.
abstract contract Ledger is IPinningRequests {
    mapping(address account => uint256) private _credits;
    uint256 private _liabilities;

    /// @inheritdoc IPinningRequests
    function withdraw() external returns (uint256 amount) {
        return _pay(msg.sender);
    }

    /// @inheritdoc IPinningRequests
    function withdrawFor(address account) external returns (uint256 amount) {
        return _pay(FilAddress.normalise(account));
    }

    /// @inheritdoc IPinningRequests
    function creditOf(address account) external view returns (uint256) {
        return _credits[FilAddress.normalise(account)];
    }

    /// @inheritdoc IPinningRequests
    function liabilities() external view returns (uint256) {
        return _liabilities;
    }

    /// @dev Money that came in, or is certain to come, and that the ledger answers for from now on.
    function _hold(uint256 amount) internal {
        _liabilities += amount;
    }

    /// @dev Makes money that is held for request `id` the account's own.
    function _credit(address account, uint256 id, uint256 amount) internal {
        if (amount == 0) return;

        _credits[account] += amount;

        emit Credited(account, id, amount);
    }

    function _pay(address account) private returns (uint256 amount) {
        amount = _credits[account];
        if (amount == 0) revert NoCredit(account);

        _credits[account] = 0;
        _liabilities -= amount;

        emit Withdrawn(account, amount);

        if (!LowLevelCall.callNoReturn(account, amount, "")) revert PaymentFailed(account, amount);
    }
}
