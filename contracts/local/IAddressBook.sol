// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title IAddressBook
/// @notice Which actor id belongs to which 20-byte address: the stand-in of the init actor (f01).
/// @dev On Filecoin an id is given when an address is first used. A local chain cannot see that moment, so an address
/// that exists has an id derived from it, always the same, and the way back is known from {register} on.
interface IAddressBook {
    /// @notice `account` is already known under another id, or `id` belongs to another account.
    error IdTaken(address account, uint64 id);

    /// @notice Makes the way back from the id of `account` known; for anyone, any number of times.
    /// @return id The id of `account`.
    function register(address account) external returns (uint64 id);

    /// @notice Gives `account` the id `id` instead of a derived one: for tests that need an exact id.
    /// @dev Reverts with {IdTaken}.
    function assign(address account, uint64 id) external;

    /// @notice The id of `account`.
    /// @return known Whether `account` exists: it holds code or FIL, has sent a message, or was registered.
    /// @return id Its id; 0 when not known.
    function idOf(address account) external view returns (bool known, uint64 id);

    /// @notice The account behind `id`, or the zero address.
    function accountOf(uint64 id) external view returns (address account);
}
