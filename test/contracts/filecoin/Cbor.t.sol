// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cbor} from "../../../contracts/filecoin/Cbor.sol";
import {CborEncode} from "../../../contracts/filecoin/CborEncode.sol";
import {CborHarness} from "../../../contracts/local/harness/CborHarness.sol";
import {vm} from "../helpers/Vm.sol";

/// @notice Whatever the bytes: what was written is read back, what is read is the one way to write it, and all else is
/// refused with an error of {Cbor}, never with a panic and never for want of memory.
contract CborTest {
    CborHarness private immutable _cbor = new CborHarness();

    bytes4[10] private _errors = [
        Cbor.CborTruncated.selector,
        Cbor.CborWrongType.selector,
        Cbor.CborWrongLength.selector,
        Cbor.CborWrongTag.selector,
        Cbor.CborNotBool.selector,
        Cbor.CborNotCanonical.selector,
        Cbor.CborTooLarge.selector,
        Cbor.CborNegative.selector,
        Cbor.CborNotCid.selector,
        Cbor.CborTrailing.selector
    ];

    function testFuzz_uintIsReadBack(uint64 value, uint8 shift) external view {
        value >>= shift % 64;
        require(_cbor.readUint(CborEncode.encodeUint(value)) == value, "another value");
    }

    function testFuzz_intIsReadBack(int64 value, uint8 shift) external view {
        value >>= shift % 64;
        require(_cbor.readInt(_encodeInt(value)) == value, "another value");
    }

    function testFuzz_bytesAreReadBack(bytes calldata value) external view {
        require(keccak256(_cbor.readBytes(CborEncode.encodeBytes(value))) == keccak256(value), "other bytes");
    }

    function testFuzz_cidIsReadBackWithoutItsPrefix(bytes calldata cid) external view {
        bytes memory link = bytes.concat(hex"d82a", CborEncode.encodeBytes(bytes.concat(hex"00", cid)));
        require(keccak256(_cbor.readCid(link)) == keccak256(cid), "other bytes");
    }

    function testFuzz_bigIntIsReadBack(bool negative, uint256 magnitude, uint8 shift) external view {
        magnitude >>= shift;
        negative = negative && magnitude != 0;
        (bool sign, uint256 value) = _cbor.readBigInt(_encodeBigInt(negative, magnitude));
        require(sign == negative && value == magnitude, "another value");
    }

    function testFuzz_uintsAreReadBack(uint64[] calldata values) external view {
        bytes memory data = CborEncode.encodeArray(uint64(values.length));
        for (uint256 i = 0; i < values.length; ++i) data = bytes.concat(data, CborEncode.encodeUint(values[i]));
        uint64[] memory read = _cbor.readUints(data);
        require(keccak256(abi.encode(read)) == keccak256(abi.encode(values)), "other values");
    }

    function testFuzz_everyCutIsTruncated(bytes calldata value, uint256 cut) external view {
        bytes memory data = CborEncode.encodeBytes(value);
        bytes memory head = _slice(data, cut % data.length);
        _requireError(address(_cbor), abi.encodeCall(_cbor.readBytes, (head)), Cbor.CborTruncated.selector);
    }

    function testFuzz_everyByteBehindIsTrailing(bytes calldata value, bytes1 more) external view {
        bytes memory data = CborEncode.encodeBytes(value);
        (bool success, bytes memory result) = address(_cbor).staticcall(
            abi.encodeCall(_cbor.readBytes, (bytes.concat(data, more)))
        );
        bytes memory expected = abi.encodeWithSelector(Cbor.CborTrailing.selector, data.length, data.length + 1);
        require(!success && keccak256(result) == keccak256(expected), "not refused as trailing");
    }

    function testFuzz_hugeLengthsAreTruncated(uint64 length, uint8 major, bytes calldata content) external view {
        vm.assume(content.length < 1000);
        length = uint64(1000 + (uint256(length) % (type(uint64).max - 1000)));
        bytes4[3] memory getters = [_cbor.readBytes.selector, _cbor.readText.selector, _cbor.readUints.selector];
        uint256 kind = major % 3;
        bytes memory data = bytes.concat(CborEncode.encodeUint(length), content);
        data[0] |= bytes1(uint8((2 + kind) << 5));
        _requireError(address(_cbor), abi.encodeWithSelector(getters[kind], data), Cbor.CborTruncated.selector);
    }

    function testFuzz_longerUintsAreNotCanonical(uint64 value, uint8 size) external view {
        size %= 4;
        uint64 limit = [uint64(24), 1 << 8, 1 << 16, 1 << 32][size];
        value %= limit;
        bytes memory argument = abi.encodePacked(value);
        bytes memory data = abi.encodePacked(0x18 + size);
        for (uint256 i = 8 - (1 << size); i < 8; ++i) data = bytes.concat(data, argument[i]);
        _requireError(address(_cbor), abi.encodeCall(_cbor.readUint, (data)), Cbor.CborNotCanonical.selector);
    }

    function testFuzz_whatIsReadIsWrittenInOneWay(bytes calldata data) external view {
        try _cbor.readUint(data) returns (uint64 value) {
            require(keccak256(CborEncode.encodeUint(value)) == keccak256(data), "a second way to write an integer");
        } catch {}
        try _cbor.readInt(data) returns (int64 value) {
            require(keccak256(_encodeInt(value)) == keccak256(data), "a second way to write an integer");
        } catch {}
        try _cbor.readBytes(data) returns (bytes memory value) {
            require(keccak256(CborEncode.encodeBytes(value)) == keccak256(data), "a second way to write bytes");
        } catch {}
        try _cbor.readBigInt(data) returns (bool negative, uint256 magnitude) {
            require(
                keccak256(_encodeBigInt(negative, magnitude)) == keccak256(data),
                "a second way to write a big integer"
            );
        } catch {}
    }

    function testFuzz_anyBytesAreReadOrRefusedByName(bytes calldata tail, uint8 head) external view {
        bytes memory data = bytes.concat(bytes1(head), tail);
        bytes4[11] memory getters = [
            _cbor.readUint.selector,
            _cbor.readInt.selector,
            _cbor.readBool.selector,
            _cbor.readBytes.selector,
            _cbor.readText.selector,
            _cbor.readCid.selector,
            _cbor.readBigInt.selector,
            _cbor.readBigUint.selector,
            _cbor.readUints.selector,
            _cbor.readPair.selector,
            _cbor.readOptional.selector
        ];
        for (uint256 i = 0; i < getters.length; ++i) _requireNamed(abi.encodeWithSelector(getters[i], data));
        _requireNamed(abi.encodeWithSelector(_cbor.readCid.selector, bytes.concat(hex"d82a", data)));
    }

    function _requireNamed(bytes memory call) private view {
        (bool success, bytes memory result) = address(_cbor).staticcall{gas: 3_000_000}(call);
        if (success) return;
        for (uint256 i = 0; i < _errors.length; ++i) if (bytes4(result) == _errors[i]) return;
        revert("refused without a name");
    }

    function _requireError(address target, bytes memory call, bytes4 selector) private view {
        (bool success, bytes memory result) = target.staticcall{gas: 3_000_000}(call);
        require(!success && bytes4(result) == selector, "not refused with the right error");
    }

    function _encodeInt(int64 value) private pure returns (bytes memory data) {
        if (value >= 0) return CborEncode.encodeUint(uint64(value));
        data = CborEncode.encodeUint(uint64(-1 - value));
        data[0] |= 0x20;
    }

    function _encodeBigInt(bool negative, uint256 magnitude) private pure returns (bytes memory) {
        if (magnitude == 0) return hex"40";
        bytes memory word = abi.encodePacked(magnitude);
        uint256 zeros = 0;
        while (word[zeros] == 0) ++zeros;
        bytes memory content = new bytes(33 - zeros);
        content[0] = negative ? bytes1(0x01) : bytes1(0x00);
        for (uint256 i = 1; i < content.length; ++i) content[i] = word[zeros + i - 1];
        return CborEncode.encodeBytes(content);
    }

    function _slice(bytes memory data, uint256 length) private pure returns (bytes memory head) {
        head = new bytes(length);
        for (uint256 i = 0; i < length; ++i) head[i] = data[i];
    }
}
