// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @notice OpenZeppelin's ERC-20 with votes, not cloned: what {PlainGovernor} counts.
contract PlainVotes is ERC20, ERC20Permit, ERC20Votes {
    constructor() ERC20("Plain votes", "PLAIN") ERC20Permit("Plain votes") {}

    /// @notice Gives each account `weight`, and makes it its own delegate.
    function mint(address[] calldata accounts, uint256 weight) external {
        for (uint256 i = 0; i < accounts.length; ++i) {
            _delegate(accounts[i], accounts[i]);
            _mint(accounts[i], weight);
        }
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
