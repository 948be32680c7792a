// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cbor} from "../../filecoin/Cbor.sol";
import {CborEncode} from "../../filecoin/CborEncode.sol";

/// @title CborHarness
/// @notice {Cbor} and {CborEncode} as calls: each reads one value that must fill its data.
contract CborHarness {
    using Cbor for Cbor.Cursor;

    function readUint(bytes memory data) external pure returns (uint64 value) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        value = cursor.readUint();
        cursor.end();
    }

    function readInt(bytes memory data) external pure returns (int64 value) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        value = cursor.readInt();
        cursor.end();
    }

    function readBool(bytes memory data) external pure returns (bool value) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        value = cursor.readBool();
        cursor.end();
    }

    function readBytes(bytes memory data) external pure returns (bytes memory value) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        value = cursor.readBytes();
        cursor.end();
    }

    function readText(bytes memory data) external pure returns (bytes memory value) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        value = cursor.readText();
        cursor.end();
    }

    function readCid(bytes memory data) external pure returns (bytes memory value) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        value = cursor.readCid();
        cursor.end();
    }

    function readBigInt(bytes memory data) external pure returns (bool negative, uint256 magnitude) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        (negative, magnitude) = cursor.readBigInt();
        cursor.end();
    }

    function readBigUint(bytes memory data) external pure returns (uint256 magnitude) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        magnitude = cursor.readBigUint();
        cursor.end();
    }

    /// @notice An array of unsigned integers, however many.
    function readUints(bytes memory data) external pure returns (uint64[] memory values) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        values = new uint64[](cursor.readArray());
        for (uint256 i = 0; i < values.length; ++i) values[i] = cursor.readUint();
        cursor.end();
    }

    /// @notice An array of two unsigned integers.
    function readPair(bytes memory data) external pure returns (uint64 first, uint64 second) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(2);
        first = cursor.readUint();
        second = cursor.readUint();
        cursor.end();
    }

    /// @notice `null`, or an unsigned integer.
    function readOptional(bytes memory data) external pure returns (bool present, uint64 value) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        present = !cursor.skipNull();
        if (present) value = cursor.readUint();
        cursor.end();
    }

    function isText(bytes memory data) external pure returns (bool) {
        return Cbor.isText(Cbor.open(data));
    }

    function encodeUint(uint64 value) external pure returns (bytes memory) {
        return CborEncode.encodeUint(value);
    }

    function encodeBytes(bytes memory value) external pure returns (bytes memory) {
        return CborEncode.encodeBytes(value);
    }

    function encodeArray(uint64 length) external pure returns (bytes memory) {
        return CborEncode.encodeArray(length);
    }
}
