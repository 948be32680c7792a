// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title CborEncode
/// @notice The few DAG-CBOR encodings that parameters of Filecoin's actors need, in the shortest form.
library CborEncode {
    uint8 private constant UINT = 0;
    uint8 private constant BYTES = 2;
    uint8 private constant ARRAY = 4;

    /// @notice An unsigned integer.
    function encodeUint(uint64 value) internal pure returns (bytes memory) {
        return _head(UINT, value);
    }

    /// @notice A byte string.
    function encodeBytes(bytes memory value) internal pure returns (bytes memory) {
        return bytes.concat(_head(BYTES, uint64(value.length)), value);
    }

    /// @notice The head of an array; its `length` elements follow.
    function encodeArray(uint64 length) internal pure returns (bytes memory) {
        return _head(ARRAY, length);
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
