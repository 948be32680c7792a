// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Cbor
/// @notice Strict reader of DAG-CBOR, the encoding of Filecoin's actors.
/// @dev Reads forward over a cursor; each read moves it behind what was read. Only the shortest encodings of definite
/// length are accepted, as the actors write them. A length is compared with what is there before anything is
/// allocated. Every fault has its error, whose `at` is the offset of the offending byte in the data.
library Cbor {
    /// @param data All of the encoded bytes.
    /// @param at Offset of the next byte to read.
    struct Cursor {
        bytes data;
        uint256 at;
    }

    uint8 private constant UINT = 0;
    uint8 private constant NEGATIVE = 1;
    uint8 private constant BYTES = 2;
    uint8 private constant TEXT = 3;
    uint8 private constant ARRAY = 4;
    uint8 private constant TAG = 6;
    uint8 private constant SIMPLE = 7;

    uint8 private constant FALSE = 0xf4;
    uint8 private constant TRUE = 0xf5;
    uint8 private constant NULL = 0xf6;

    uint64 private constant CID_TAG = 42;

    /// @dev Sign byte and 32 bytes: the largest integer an EVM word holds.
    uint256 private constant MAX_BIG_INT_LENGTH = 33;

    /// @notice From `at`, `need` bytes should follow; `have` do.
    error CborTruncated(uint256 at, uint256 need, uint256 have);

    /// @notice Another major type (RFC 8949, §3.1) stands at `at`.
    error CborWrongType(uint256 at, uint8 expectedMajor, uint8 actualMajor);

    /// @notice An array of another length.
    error CborWrongLength(uint256 at, uint256 expected, uint256 actual);

    /// @notice Another tag.
    error CborWrongTag(uint256 at, uint64 expected, uint64 actual);

    /// @notice A simple value that is not `false` or `true`.
    error CborNotBool(uint256 at, uint8 actual);

    /// @notice A longer form than needed, an indefinite length, or a reserved head.
    error CborNotCanonical(uint256 at);

    /// @notice A number (or a big integer's length in bytes) beyond what its type holds.
    error CborTooLarge(uint256 at, uint256 max, uint256 actual);

    /// @notice A negative big integer where an amount is expected.
    error CborNegative(uint256 at);

    /// @notice A link whose bytes lack the leading `00` (the multibase prefix of a binary CID).
    error CborNotCid(uint256 at);

    /// @notice Bytes follow the value: reading ended at `at` of `length`.
    error CborTrailing(uint256 at, uint256 length);

    /// @notice A cursor at the first byte of `data`.
    function open(bytes memory data) internal pure returns (Cursor memory) {
        return Cursor(data, 0);
    }

    /// @notice Holds that all has been read.
    /// @dev Reverts with {CborTrailing}.
    function end(Cursor memory cursor) internal pure {
        if (cursor.at != cursor.data.length) revert CborTrailing(cursor.at, cursor.data.length);
    }

    /// @notice Reads an unsigned integer.
    function readUint(Cursor memory cursor) internal pure returns (uint64) {
        return _head(cursor, UINT);
    }

    /// @notice Reads an integer of either sign.
    /// @dev Reverts with {CborTooLarge} beyond 64 signed bits; its `actual` is the encoded magnitude.
    function readInt(Cursor memory cursor) internal pure returns (int64) {
        uint256 at = cursor.at;
        bool negative = _major(cursor) == NEGATIVE;
        uint64 magnitude = _head(cursor, negative ? NEGATIVE : UINT);
        if (magnitude > uint64(type(int64).max)) revert CborTooLarge(at, uint64(type(int64).max), magnitude);
        return negative ? -1 - int64(magnitude) : int64(magnitude);
    }

    /// @notice Reads `false` or `true`.
    function readBool(Cursor memory cursor) internal pure returns (bool value) {
        uint256 at = cursor.at;
        uint8 major = _major(cursor);
        if (major != SIMPLE) revert CborWrongType(at, SIMPLE, major);
        uint8 head = uint8(cursor.data[at]);
        if (head != TRUE && head != FALSE) revert CborNotBool(at, head);

        cursor.at = at + 1;
        return head == TRUE;
    }

    /// @notice Reads `null` if it is next, and tells whether it was.
    function skipNull(Cursor memory cursor) internal pure returns (bool skipped) {
        _major(cursor);
        skipped = uint8(cursor.data[cursor.at]) == NULL;
        if (skipped) ++cursor.at;
    }

    /// @notice Reads a byte string.
    function readBytes(Cursor memory cursor) internal pure returns (bytes memory) {
        return _take(cursor, _head(cursor, BYTES));
    }

    /// @notice Reads a text string. That it is UTF-8 is not checked.
    function readText(Cursor memory cursor) internal pure returns (bytes memory) {
        return _take(cursor, _head(cursor, TEXT));
    }

    /// @notice Whether a text string is next.
    function isText(Cursor memory cursor) internal pure returns (bool) {
        return _major(cursor) == TEXT;
    }

    /// @notice Reads the head of an array that must have `expected` elements.
    function readArray(Cursor memory cursor, uint256 expected) internal pure {
        uint256 at = cursor.at;
        uint256 actual = _head(cursor, ARRAY);
        if (actual != expected) revert CborWrongLength(at, expected, actual);
    }

    /// @notice Reads the head of an array of any length.
    /// @dev An element takes a byte at least: a length beyond what is left reverts with {CborTruncated}, so that the
    /// caller may allocate for it.
    function readArray(Cursor memory cursor) internal pure returns (uint256 length) {
        length = _head(cursor, ARRAY);
        _require(cursor, length);
    }

    /// @notice Reads a link (tag 42) and returns the binary CID without its leading `00`.
    function readCid(Cursor memory cursor) internal pure returns (bytes memory) {
        uint256 at = cursor.at;
        uint64 tag = _head(cursor, TAG);
        if (tag != CID_TAG) revert CborWrongTag(at, CID_TAG, tag);

        uint256 length = _head(cursor, BYTES);
        _require(cursor, length);
        if (length == 0 || cursor.data[cursor.at] != 0) revert CborNotCid(cursor.at);

        ++cursor.at;
        return _take(cursor, length - 1);
    }

    /// @notice Reads one of Filecoin's big integers: a byte string, empty for zero, else a sign byte and the magnitude.
    function readBigInt(Cursor memory cursor) internal pure returns (bool negative, uint256 magnitude) {
        uint256 at = cursor.at;
        uint256 length = _head(cursor, BYTES);
        _require(cursor, length);
        if (length == 0) return (false, 0);
        if (length > MAX_BIG_INT_LENGTH) revert CborTooLarge(at, MAX_BIG_INT_LENGTH, length);

        uint8 sign = uint8(cursor.data[cursor.at]);
        if (sign > 1 || length == 1 || cursor.data[cursor.at + 1] == 0) revert CborNotCanonical(at);

        magnitude = _word(cursor.data, cursor.at + 1) >> (8 * (MAX_BIG_INT_LENGTH - length));
        cursor.at += length;
        negative = sign == 1;
    }

    /// @notice Reads a big integer that may not be negative: an amount in attoFIL, a power in bytes.
    function readBigUint(Cursor memory cursor) internal pure returns (uint256 magnitude) {
        uint256 at = cursor.at;
        bool negative;
        (negative, magnitude) = readBigInt(cursor);
        if (negative) revert CborNegative(at);
    }

    /// @dev The major type of the next item; there must be one.
    function _major(Cursor memory cursor) private pure returns (uint8) {
        _require(cursor, 1);
        return uint8(cursor.data[cursor.at]) >> 5;
    }

    /// @dev Reads a head of type `expected` and returns its argument: a number, a length, a tag.
    function _head(Cursor memory cursor, uint8 expected) private pure returns (uint64) {
        uint256 at = cursor.at;
        _require(cursor, 1);

        uint256 word = _word(cursor.data, at);
        uint8 major = uint8(word >> 253);
        if (major != expected) revert CborWrongType(at, expected, major);

        uint256 info = (word >> 248) & 0x1f;
        if (info < 24) {
            cursor.at = at + 1;
            return uint64(info);
        }
        if (info > 27) revert CborNotCanonical(at);

        uint256 size = 1 << (info - 24);
        _require(cursor, 1 + size);

        uint256 argument = (word << 8) >> (256 - 8 * size);
        uint256 smallest = size == 1 ? 24 : 1 << (4 * size);
        if (argument < smallest) revert CborNotCanonical(at);

        cursor.at = at + 1 + size;
        return uint64(argument);
    }

    /// @dev Reads `length` raw bytes into memory of their own.
    function _take(Cursor memory cursor, uint256 length) private pure returns (bytes memory taken) {
        _require(cursor, length);
        bytes memory data = cursor.data;
        uint256 at = cursor.at;
        taken = new bytes(length);
        assembly ("memory-safe") {
            mcopy(add(taken, 0x20), add(add(data, 0x20), at), length)
        }
        cursor.at = at + length;
    }

    function _require(Cursor memory cursor, uint256 need) private pure {
        uint256 have = cursor.data.length - cursor.at;
        if (need > have) revert CborTruncated(cursor.at, need, have);
    }

    /// @dev The 32 bytes from `at`; what lies behind the end of `data` is not meaningful, callers shift it out.
    function _word(bytes memory data, uint256 at) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), at))
        }
    }
}
