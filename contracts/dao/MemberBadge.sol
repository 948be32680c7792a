// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ERC721VotesUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC721/extensions/ERC721VotesUpgradeable.sol";
import {GovernorUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol";
import {VotesUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/utils/VotesUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DaoRules} from "./DaoRules.sol";
import {IMembership} from "./IMembership.sol";
import {Membership} from "./Membership.sol";

/// @title MemberBadge: one member, one vote
/// @notice An ERC-721 that never moves (ERC-5192). Its id is its member's address, so each has one at most. Members are admitted and removed
/// by proposal.
contract MemberBadge is Membership, ERC721VotesUpgradeable {
    bytes4 private constant ERC_5192 = 0xb45a3c0e;

    uint256 private _supply;

    /// @dev ERC-5192.
    event Locked(uint256 tokenId);

    error AlreadyMember(address account);
    error NotMember(address account);
    error BadgeStays(uint256 tokenId);

    constructor() {
        _disableInitializers();
    }

    /// @dev Reverts with {OutOfBounds}, {NoAccount}, {AlreadyMember}.
    function initialize(
        string calldata name_,
        string calldata symbol_,
        address dao_,
        address treasury_,
        address[] calldata accounts
    ) external initializer {
        __ERC721_init(name_, symbol_);
        __EIP712_init(name_, "1");
        _bind(dao_, treasury_);
        _admit(accounts);
    }

    /// @notice Makes the accounts members, 100 at most.
    /// @dev Reverts with {NotTreasury}, {OutOfBounds}, {NoAccount}, {AlreadyMember}.
    function admit(address[] calldata accounts) external onlyTreasury {
        _admit(accounts);
    }

    /// @notice The accounts are members no more, 100 at most. Votes that they have cast stand. So many must remain that the DAO can
    /// decide: two, and twice its proposal threshold.
    /// @dev Reverts with {NotTreasury}, {OutOfBounds}, {NoAccount}, {NotMember}.
    function remove(address[] calldata accounts) external onlyTreasury {
        _requireFew(accounts.length);
        uint256 least = Math.max(DaoRules.MIN_MEMBERS, 2 * GovernorUpgradeable(payable(dao)).proposalThreshold());
        DaoRules.within("members", least + accounts.length, type(uint256).max, _supply);
        for (uint256 i = 0; i < accounts.length; ++i) {
            address account = _partyOf(accounts[i]);
            if (balanceOf(account) == 0) revert NotMember(account);
            _burn(_badgeOf(account));
        }
        _supply -= accounts.length;
    }

    /// @inheritdoc IMembership
    function totalSupply() external view returns (uint256) {
        return _supply;
    }

    /// @notice Whether a badge stays where it is (ERC-5192): always.
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == ERC_5192 || super.supportsInterface(interfaceId);
    }

    function _admit(address[] calldata accounts) private {
        _requireFew(accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            address account = _partyOf(accounts[i]);
            if (balanceOf(account) != 0) revert AlreadyMember(account);
            _selfDelegateOnce(account);
            _mint(account, _badgeOf(account));

            emit Locked(_badgeOf(account));
        }
        _supply += accounts.length;
    }

    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from != address(0) && to != address(0)) revert BadgeStays(tokenId);
    }

    function _delegate(address account, address delegatee) internal override(Membership, VotesUpgradeable) {
        super._delegate(account, delegatee);
    }

    function _badgeOf(address account) private pure returns (uint256) {
        return uint160(account);
    }
}
