// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IAddressBook} from "./IAddressBook.sol";

/// @title AddressBook
/// @notice The stand-in of Filecoin's init actor, at the masked address of f01.
contract AddressBook is IAddressBook {
    mapping(address account => uint64 id) private _ids;
    mapping(uint64 id => address account) private _accounts;

    /// @inheritdoc IAddressBook
    function register(address account) external returns (uint64 id) {
        id = _ids[account];
        if (id != 0) return id;

        id = _derive(account);
        _bind(account, id);
    }

    /// @inheritdoc IAddressBook
    function assign(address account, uint64 id) external {
        if (_ids[account] == id && id != 0) return;
        if (id == 0 || _ids[account] != 0 || _accounts[id] != address(0)) revert IdTaken(account, id);

        _bind(account, id);
    }

    /// @inheritdoc IAddressBook
    function idOf(address account) external view returns (bool known, uint64 id) {
        id = _ids[account];
        if (id != 0) return (true, id);
        // EIP-1052: zero exactly when the account has no code, no balance and no nonce.
        if (account.codehash == 0) return (false, 0);
        return (true, _derive(account));
    }

    /// @inheritdoc IAddressBook
    function accountOf(uint64 id) external view returns (address account) {
        return _accounts[id];
    }

    function _bind(address account, uint64 id) private {
        _ids[account] = id;
        _accounts[id] = account;
    }

    /// Above every id that is given out by hand, and small enough to be exact as a JavaScript number.
    function _derive(address account) private pure returns (uint64) {
        return (uint64(1) << 48) | uint64(uint48(uint256(keccak256(abi.encode(account)))));
    }
}
