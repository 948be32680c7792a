// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IPinningRequests} from "./IPinningRequests.sol";

/// @title Ledger
/// @notice What rests here and for whom. Money that is held is either promised to a request or some account's credit; native
/// value that was forced in is neither, and no rule looks at the balance.
abstract contract Ledger {
    mapping(address account => uint256) internal _credits;
    uint256 internal _liabilities;

    /// @dev Money that came in, or is certain to come, and that the ledger answers for from now on.
    function _hold(uint256 amount) internal {
        _liabilities += amount;
    }

    /// @dev Money that leaves with the present call, out of a request.
    function _release(uint256 amount) internal {
        _liabilities -= amount;
    }

    /// @dev Makes money that is held for request `id` the account's own.
    function _credit(address account, uint256 id, uint256 amount) internal {
        if (amount == 0) return;

        _credits[account] += amount;

        emit IPinningRequests.Credited(account, id, amount);
    }

    function _pay(address account) internal returns (uint256 amount) {
        amount = _credits[account];
        if (amount == 0) revert IPinningRequests.NoCredit(account);

        _credits[account] = 0;
        _release(amount);

        emit IPinningRequests.Withdrawn(account, amount);

        if (!LowLevelCall.callNoReturn(account, amount, "")) revert IPinningRequests.PaymentFailed(account, amount);
    }
}
