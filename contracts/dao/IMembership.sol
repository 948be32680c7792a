// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @title Membership of a DataDAO: who votes, and with what weight
/// @notice Weight is ERC-5805 votes: what counts is what an account had been delegated at the end of a proposal's snapshot block. The clock
/// is the block number (ERC-6372). Whoever is given weight by the DAO is its own delegate from the first moment; who is given some by
/// another holder must delegate to itself once.
/// @dev In every call that writes, save `approve`, the masked id address (0xff…) of an account that has an address of its own means that
/// one; views want the account's own address.
interface IMembership is IERC5805 {
    /// @notice `account`'s weight stays where it is, up to `untilEpoch`, inclusive: it has proposed something.
    event WeightLocked(address indexed account, uint48 untilEpoch);

    error NotDAO(address dao, address caller);
    error NotTreasury(address treasury, address caller);
    error WeightIsLocked(address account, uint48 untilEpoch);

    /// @notice The account's weight is another's to vote with: who wants to propose delegates to itself first.
    error NotSelfDelegated(address account, address delegatee);
    error NoAccount();
    error ZeroWeight(address account);
    /// @notice As many weights as accounts; none where each has one vote.
    error WrongWeights(uint256 accounts, uint256 weights);

    /// @notice Keeps `account` from transferring and from delegating up to `untilEpoch`, inclusive. For the DAO alone.
    /// @dev Emits {WeightLocked}. Reverts with {NotDAO}, {NotSelfDelegated}.
    function lock(address account, uint48 untilEpoch) external;

    /// @notice The last epoch, inclusive, at which `account` is kept so; 0: never was.
    function lockedUntil(address account) external view returns (uint48);

    /// @notice All weight that there is now, delegated or not.
    function totalSupply() external view returns (uint256);
}
