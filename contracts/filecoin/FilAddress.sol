// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title FilAddress
/// @notice Filecoin's addresses in binary, and the two faces an actor may show to the EVM.
library FilAddress {
    address internal constant RESOLVE_ADDRESS = 0xFE00000000000000000000000000000000000001;
    address internal constant LOOKUP_DELEGATED_ADDRESS = 0xfE00000000000000000000000000000000000002;

    /// @dev Protocol 4 (delegated), namespace 10 (the Ethereum address manager).
    bytes2 private constant F410 = 0x040a;
    uint256 private constant F410_LENGTH = 22;

    /// @dev Protocol 0 (id): the actor id in unsigned LEB128, 10 bytes at most.
    bytes1 private constant F0 = 0x00;
    uint256 private constant MAX_F0_LENGTH = 11;

    /// @dev A masked id address: `ff`, eleven zero bytes, the actor id in 8 bytes.
    uint160 private constant ID_MASK = uint160(0xff) << 152;

    /// @notice The lookup precompile failed; it does so for no actor id.
    error LookupFailed(uint64 actorId);

    /// @notice The resolving precompile failed, as it does for bytes that are no address, or answered with no actor id.
    error ResolveFailed(bytes filAddress);

    /// @notice Not an f0 address of a 64-bit actor id in its shortest form.
    error NotAnIdAddress(bytes filAddress);

    /// @notice The f0 address of an actor.
    function fromActorId(uint64 actorId) internal pure returns (bytes memory encoded) {
        encoded = abi.encodePacked(F0);
        while (actorId >= 0x80) {
            encoded = abi.encodePacked(encoded, uint8(actorId) | 0x80);
            actorId >>= 7;
        }
        return abi.encodePacked(encoded, uint8(actorId));
    }

    /// @notice The f410 address of an Ethereum account or contract.
    function fromEth(address account) internal pure returns (bytes memory) {
        return abi.encodePacked(F410, account);
    }

    /// @notice The address of whoever the EVM knows as `account`: f0 for a masked id, f410 for any other.
    function fromAccount(address account) internal pure returns (bytes memory) {
        return _isMasked(account) ? fromActorId(uint64(uint160(account))) : fromEth(account);
    }

    /// @notice The actor id in an f0 address.
    /// @dev Reverts with {NotAnIdAddress}.
    function actorIdOf(bytes memory f0) internal pure returns (uint64) {
        uint256 length = f0.length;
        if (length < 2 || length > MAX_F0_LENGTH || f0[0] != F0) revert NotAnIdAddress(f0);

        uint256 actorId = 0;
        for (uint256 i = 1; i < length; ++i) {
            uint256 group = uint8(f0[i]);
            bool last = i == length - 1;
            if ((group < 0x80) != last || (last && group == 0 && i > 1)) revert NotAnIdAddress(f0);
            actorId |= (group & 0x7f) << (7 * (i - 1));
        }
        if (actorId > type(uint64).max) revert NotAnIdAddress(f0);
        return uint64(actorId);
    }

    /// @notice The id of the actor that has `filAddress`. Any f0 address has its own, whether there is such an actor or not.
    /// @dev Reverts with {ResolveFailed}.
    /// @return known Whether there is an actor of that address.
    /// @return actorId Its id; 0 unless `known`.
    function resolve(bytes memory filAddress) internal view returns (bool known, uint64 actorId) {
        (bool success, bytes memory answer) = RESOLVE_ADDRESS.staticcall(filAddress);
        if (!success) revert ResolveFailed(filAddress);
        if (answer.length == 0) return (false, 0);

        uint256 word;
        assembly ("memory-safe") {
            word := mload(add(answer, 0x20))
        }
        if (answer.length != 32 || word > type(uint64).max) revert ResolveFailed(filAddress);
        return (true, uint64(word));
    }

    /// @notice The address by which the EVM knows an actor whose id is `actorId`, when it has no address of its own.
    function mask(uint64 actorId) internal pure returns (address) {
        return address(ID_MASK | actorId);
    }

    /// @notice One key per party: the 20-byte address of an f410 actor that was named by its masked id, any other
    /// address as it is.
    /// @dev Reverts with {LookupFailed}.
    function normalise(address account) internal view returns (address) {
        if (!_isMasked(account)) return account;

        uint64 actorId = uint64(uint160(account));
        (bool success, bytes memory delegated) = LOOKUP_DELEGATED_ADDRESS.staticcall(abi.encode(actorId));
        if (!success) revert LookupFailed(actorId);
        if (delegated.length != F410_LENGTH || bytes2(delegated) != F410) return account;

        uint256 word;
        assembly ("memory-safe") {
            word := mload(add(delegated, 0x22))
        }
        return address(uint160(word >> 96));
    }

    function _isMasked(address account) private pure returns (bool) {
        return uint160(account) >> 64 == ID_MASK >> 64;
    }
}
