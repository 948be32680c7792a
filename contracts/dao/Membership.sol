// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {VotesUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/utils/VotesUpgradeable.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {DaoRules} from "./DaoRules.sol";
import {IMembership} from "./IMembership.sol";

/// @title Membership: what both kinds have in common
/// @dev Made to be cloned (ERC-1167): OpenZeppelin's initialisable variants serve for that alone, nothing can be upgraded.
abstract contract Membership is IMembership, VotesUpgradeable {
    address public dao;
    /// @notice Whose calls admit and mint: it carries out what the DAO decides.
    address public treasury;

    mapping(address account => uint48) private _lockedUntil;

    modifier onlyTreasury() {
        if (msg.sender != treasury) revert NotTreasury(treasury, msg.sender);
        _;
    }

    /// @inheritdoc IMembership
    function lock(address account, uint48 untilEpoch) external {
        if (msg.sender != dao) revert NotDAO(dao, msg.sender);
        address delegatee = delegates(account);
        if (delegatee != account && delegatee != address(0)) revert NotSelfDelegated(account, delegatee);

        if (untilEpoch > _lockedUntil[account]) _lockedUntil[account] = untilEpoch;

        emit WeightLocked(account, untilEpoch);
    }

    /// @inheritdoc IMembership
    function lockedUntil(address account) external view returns (uint48) {
        return _lockedUntil[account];
    }

    function _bind(address dao_, address treasury_) internal onlyInitializing {
        dao = dao_;
        treasury = treasury_;
    }

    /// @dev Reverts with {WeightIsLocked}.
    function _requireUnlocked(address account) internal view {
        uint48 until = _lockedUntil[account];
        if (block.number <= until) revert WeightIsLocked(account, until);
    }

    function _requireFew(uint256 count) internal pure {
        DaoRules.within("accounts", 1, DaoRules.MAX_MEMBERS, count);
    }

    /// @dev Reverts with {NoAccount}.
    function _partyOf(address account) internal view returns (address party) {
        party = FilAddress.normalise(account);
        if (party == address(0)) revert NoAccount();
    }

    function _delegate(address account, address delegatee) internal virtual override {
        _requireUnlocked(account);
        super._delegate(account, FilAddress.normalise(delegatee));
    }

    /// @dev Before `account` is given weight by the DAO.
    function _selfDelegateOnce(address account) internal {
        if (delegates(account) == address(0)) super._delegate(account, account);
    }
}
