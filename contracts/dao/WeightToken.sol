// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {VotesUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/utils/VotesUpgradeable.sol";
import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {ERC20VotesUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20VotesUpgradeable.sol";
import {NoncesUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/NoncesUpgradeable.sol";
import {IMembership} from "./IMembership.sol";
import {Membership} from "./Membership.sol";

/// @title WeightToken: votes by weight
/// @notice An ERC-20 with votes and permit (ERC-2612), 18 decimals. More is minted by proposal. It can be bought and lent like any token:
/// only what an account has been delegated at a proposal's snapshot counts.
contract WeightToken is Membership, ERC20PermitUpgradeable, ERC20VotesUpgradeable {
    constructor() {
        _disableInitializers();
    }

    /// @dev Reverts with {OutOfBounds}, {WrongWeights}, {NoAccount}, {ZeroWeight}.
    function initialize(
        string calldata name_,
        string calldata symbol_,
        address dao_,
        address treasury_,
        address[] calldata accounts,
        uint256[] calldata weights
    ) external initializer {
        __ERC20_init(name_, symbol_);
        __ERC20Permit_init(name_);
        _bind(dao_, treasury_);
        _issue(accounts, weights);
    }

    /// @notice Gives each account its weight, 100 accounts at most.
    /// @dev Reverts with {NotTreasury}, {OutOfBounds}, {WrongWeights}, {NoAccount}, {ZeroWeight}.
    function mint(address[] calldata accounts, uint256[] calldata weights) external onlyTreasury {
        _issue(accounts, weights);
    }

    /// @inheritdoc IMembership
    function totalSupply() public view override(IMembership, ERC20Upgradeable) returns (uint256) {
        return super.totalSupply();
    }

    function nonces(address owner) public view override(ERC20PermitUpgradeable, NoncesUpgradeable) returns (uint256) {
        return super.nonces(owner);
    }

    function _issue(address[] calldata accounts, uint256[] calldata weights) private {
        _requireFew(accounts.length);
        if (accounts.length != weights.length) revert WrongWeights(accounts.length, weights.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            address account = _partyOf(accounts[i]);
            if (weights[i] == 0) revert ZeroWeight(account);
            _selfDelegateOnce(account);
            _mint(account, weights[i]);
        }
    }

    function _update(
        address from,
        address to,
        uint256 value
    ) internal override(ERC20Upgradeable, ERC20VotesUpgradeable) {
        if (from != address(0)) _requireUnlocked(from);
        super._update(from, _partyOf(to), value);
    }

    function _delegate(address account, address delegatee) internal override(Membership, VotesUpgradeable) {
        super._delegate(account, delegatee);
    }
}
