// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title CborWriter
/// @notice The few shapes of CBOR (RFC 8949) in which actors answer; always the shortest form, as DAG-CBOR asks.
library CborWriter {
    bytes internal constant NULL = hex"f6";

    /// @notice An unsigned integer.
    function writeUint(uint64 value) internal pure returns (bytes memory) {
        return _head(0, value);
    }

    /// @notice A signed integer; −1 is the single byte 0x20.
    function writeInt(int64 value) internal pure returns (bytes memory) {
        return value < 0 ? _head(1, uint64(-1 - value)) : _head(0, uint64(value));
    }

    /// @notice A byte string.
    function writeBytes(bytes memory value) internal pure returns (bytes memory) {
        return bytes.concat(_head(2, uint64(value.length)), value);
    }

    /// @notice A text string.
    function writeText(bytes memory value) internal pure returns (bytes memory) {
        return bytes.concat(_head(3, uint64(value.length)), value);
    }

    /// @notice The head of an array of `length` items, which follow it.
    function writeArray(uint64 length) internal pure returns (bytes memory) {
        return _head(4, length);
    }

    /// @notice A CID: tag 42 over a byte string which starts with the identity multibase byte 0x00.
    function writeCid(bytes memory cid) internal pure returns (bytes memory) {
        return bytes.concat(_head(6, 42), writeBytes(bytes.concat(hex"00", cid)));
    }

    /// @notice A boolean.
    function writeBool(bool value) internal pure returns (bytes memory) {
        return value ? bytes(hex"f5") : bytes(hex"f4");
    }

    /// @notice A Filecoin big integer that is not negative: a byte string of sign byte 0x00 and magnitude; zero is empty.
    function writeBigInt(uint256 value) internal pure returns (bytes memory) {
        if (value == 0) return writeBytes("");
        uint256 length = 0;
        for (uint256 rest = value; rest != 0; rest >>= 8) ++length;

        bytes memory magnitude = new bytes(length);
        for (uint256 i = length; i != 0; --i) {
            magnitude[i - 1] = bytes1(uint8(value));
            value >>= 8;
        }
        return writeBytes(bytes.concat(hex"00", magnitude));
    }

    function _head(uint8 major, uint64 argument) private pure returns (bytes memory) {
        uint8 top = major << 5;
        if (argument < 24) return abi.encodePacked(top | uint8(argument));
        if (argument <= type(uint8).max) return abi.encodePacked(top | 24, uint8(argument));
        if (argument <= type(uint16).max) return abi.encodePacked(top | 25, uint16(argument));
        if (argument <= type(uint32).max) return abi.encodePacked(top | 26, uint32(argument));
        return abi.encodePacked(top | 27, argument);
    }
}
