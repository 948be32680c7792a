// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title CborEncode
/// @notice The few DAG-CBOR encodings that messages to Filecoin's actors, and answers to theirs, need; in the shortest form.
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

    /// @notice `false` or `true`.
    function encodeBool(bool value) internal pure returns (bytes memory) {
        return value ? bytes(hex"f5") : bytes(hex"f4");
    }

    function _head(uint8 major, uint64 argument) private pure returns (bytes memory head) {
        uint256 size = 0;
        uint256 info = argument;
        if (argument >= 24) {
            (size, info) = (1, 24);
            while (argument >> (8 * size) != 0) (size, info) = (2 * size, info + 1);
        }

        head = new bytes(1 + size);
        uint256 encoded = (((uint256(major) << 5) | info) << (8 * size)) | argument;
        assembly ("memory-safe") {
            mstore(add(head, 0x20), shl(sub(248, mul(8, size)), encoded))
        }
    }
}
