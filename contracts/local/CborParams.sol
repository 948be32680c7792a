// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit} from "./NativeActor.sol";
import {ExitCode} from "./ExitCode.sol";

/// @title CborParams
/// @notice Reads a message's CBOR parameters from front to back; what is not as expected ends the message.
library CborParams {
    struct Cursor {
        bytes data;
        uint256 at;
        uint32 failure;
    }

    uint8 private constant UINT = 0;
    uint8 private constant NEGATIVE = 1;
    uint8 private constant BYTES = 2;
    uint8 private constant TEXT = 3;
    uint8 private constant ARRAY = 4;
    uint8 private constant TAG = 6;
    uint8 private constant SIMPLE = 7;
    uint64 private constant CID_TAG = 42;

    /// @notice Reads `data`; faults exit 21.
    function open(bytes memory data) internal pure returns (Cursor memory) {
        return Cursor(data, 0, ExitCode.SERIALIZATION);
    }

    /// @notice Reads `data`, CBOR inside a parameter; faults exit `failure`.
    function openInner(bytes memory data, uint32 failure) internal pure returns (Cursor memory) {
        return Cursor(data, 0, failure);
    }

    function readUint(Cursor memory c) internal pure returns (uint64) {
        return _expect(c, UINT);
    }

    function readInt(Cursor memory c) internal pure returns (int64) {
        (uint8 major, uint64 value) = _head(c);
        if (major > NEGATIVE || value > uint64(type(int64).max)) _fail(c);
        return major == UINT ? int64(value) : -1 - int64(value);
    }

    function readBool(Cursor memory c) internal pure returns (bool) {
        uint64 value = _expect(c, SIMPLE);
        if (value != 20 && value != 21) _fail(c);
        return value == 21;
    }

    function readBytes(Cursor memory c) internal pure returns (bytes memory) {
        return _take(c, _expect(c, BYTES));
    }

    /// @notice A text or a byte string, and which of them it is.
    function readLabel(Cursor memory c) internal pure returns (bytes memory label, bool isText) {
        (uint8 major, uint64 length) = _head(c);
        if (major != BYTES && major != TEXT) _fail(c);
        return (_take(c, length), major == TEXT);
    }

    /// @notice Expects an array, and returns how many items follow: no more than there are bytes.
    function readLength(Cursor memory c) internal pure returns (uint64 length) {
        length = _expect(c, ARRAY);
        if (length > c.data.length - c.at) _fail(c);
    }

    /// @notice Expects an array of `length` items.
    function readTuple(Cursor memory c, uint64 length) internal pure {
        if (_expect(c, ARRAY) != length) _fail(c);
    }

    /// @notice The bytes of a CID, without the multibase byte 0x00 in front.
    function readCid(Cursor memory c) internal pure returns (bytes memory cid) {
        if (_expect(c, TAG) != CID_TAG) _fail(c);
        bytes memory prefixed = readBytes(c);
        if (prefixed.length == 0 || prefixed[0] != 0) _fail(c);
        return _slice(prefixed, 1, prefixed.length - 1);
    }

    /// @notice A big integer, which must not be negative nor pass 256 bits.
    function readBigInt(Cursor memory c) internal pure returns (uint256 value) {
        bytes memory signed = readBytes(c);
        if (signed.length == 0) return 0;
        if (signed[0] != 0 || signed.length > 33) _fail(c);
        for (uint256 i = 1; i < signed.length; ++i) value = (value << 8) | uint8(signed[i]);
    }

    /// @notice Expects that nothing is left.
    function end(Cursor memory c) internal pure {
        if (c.at != c.data.length) _fail(c);
    }

    function _expect(Cursor memory c, uint8 major) private pure returns (uint64) {
        (uint8 actual, uint64 value) = _head(c);
        if (actual != major) _fail(c);
        return value;
    }

    function _head(Cursor memory c) private pure returns (uint8 major, uint64 value) {
        uint8 first = uint8(_take(c, 1)[0]);
        major = first >> 5;
        value = first & 31;
        if (value < 24) return (major, value);
        if (value > 27) _fail(c);
        bytes memory argument = _take(c, uint64(1) << (value - 24));
        value = 0;
        for (uint256 i = 0; i < argument.length; ++i) value = (value << 8) | uint8(argument[i]);
    }

    function _take(Cursor memory c, uint64 length) private pure returns (bytes memory out) {
        if (length > c.data.length - c.at) _fail(c);
        out = _slice(c.data, c.at, length);
        c.at += length;
    }

    function _slice(bytes memory data, uint256 from, uint256 length) private pure returns (bytes memory out) {
        out = new bytes(length);
        assembly ("memory-safe") {
            mcopy(add(out, 32), add(add(data, 32), from), length)
        }
    }

    function _fail(Cursor memory c) private pure {
        revert ActorExit(c.failure);
    }
}
