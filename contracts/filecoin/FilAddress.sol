// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title FilAddress
/// @notice Filecoin's addresses in binary, and the two faces an actor may show to the EVM.
library FilAddress {
    address internal constant LOOKUP_DELEGATED_ADDRESS = 0xfE00000000000000000000000000000000000002;

    /// @dev Protocol 4 (delegated), namespace 10 (the Ethereum address manager).
    bytes2 private constant F410 = 0x040a;
    uint256 private constant F410_LENGTH = 22;

    /// @dev A masked id address: `ff`, eleven zero bytes, the actor id in 8 bytes.
    uint160 private constant ID_MASK = uint160(0xff) << 152;

    /// @notice The lookup precompile failed; it does so for no actor id.
    error LookupFailed(uint64 actorId);

    /// @notice The f0 address of an actor.
    function fromActorId(uint64 actorId) internal pure returns (bytes memory encoded) {
        encoded = hex"00";
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

    /// @notice The address by which the EVM knows an actor whose id is `actorId`, when it has no address of its own.
    function mask(uint64 actorId) internal pure returns (address) {
        return address(ID_MASK | actorId);
    }

    /// @notice One key per party: the 20-byte address of an f410 actor that was named by its masked id, any other
    /// address as it is.
    /// @dev Reverts with {LookupFailed}.
    function normalise(address account) internal view returns (address) {
        uint160 number = uint160(account);
        if (number >> 64 != ID_MASK >> 64) return account;

        uint64 actorId = uint64(number);
        (bool success, bytes memory delegated) = LOOKUP_DELEGATED_ADDRESS.staticcall(abi.encode(actorId));
        if (!success) revert LookupFailed(actorId);
        if (delegated.length != F410_LENGTH || bytes2(delegated) != F410) return account;

        uint256 word;
        assembly ("memory-safe") {
            word := mload(add(delegated, 0x22))
        }
        return address(uint160(word >> 96));
    }
}
