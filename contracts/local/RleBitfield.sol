// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ExitCode} from "./ExitCode.sol";
import {ActorExit} from "./NativeActor.sol";

/// @title RleBitfield
/// @notice Sets of numbers as actors write them, RLE+: two version bits 00, the first run's value, then the runs' lengths;
/// 1 = one, 01 + 4 bits = 2..15, 00 + LEB128 = longer; bits from the least significant on, zero bytes at the end cut off.
library RleBitfield {
    struct Bits {
        bytes data;
        uint256 at;
    }

    uint256 private constant SHORT_LIMIT = 16;

    /// @notice The set of the indexes at which `members` is true.
    function encode(bool[] memory members) internal pure returns (bytes memory) {
        uint256 count = members.length;
        while (count != 0 && !members[count - 1]) --count;
        if (count == 0) return "";

        // No run takes more than three bits a member.
        Bits memory bits = Bits(new bytes(members.length + 16), 2);
        _put(bits, members[0] ? 1 : 0, 1);
        for (uint256 i = 0; i < count;) {
            uint256 start = i;
            while (i < count && members[i] == members[start]) ++i;
            _putRun(bits, i - start);
        }
        bytes memory data = bits.data;
        uint256 length = (bits.at + 7) / 8;
        while (length != 0 && data[length - 1] == 0) --length;
        assembly ("memory-safe") {
            mstore(data, length)
        }
        return data;
    }

    /// @notice The numbers in `data`, in order. Another version, a run
    /// without an end, or more than `most` numbers exit 21.
    function decode(bytes memory data, uint256 most) internal pure returns (uint64[] memory members) {
        members = new uint64[](most);
        uint256 count = 0;
        if (data.length == 0) return _shorten(members, 0);
        Bits memory bits = Bits(data, 0);
        if (_get(bits, 2) != 0) _fail();

        bool set = _get(bits, 1) == 1;
        uint256 number = 0;
        while (bits.at < data.length * 8) {
            uint256 run = _getRun(bits);
            if (run == 0) break;
            if (number + run > type(uint64).max || (set && run > most - count)) _fail();
            for (uint256 i = 0; set && i < run; ++i) members[count++] = uint64(number + i);
            number += run;
            set = !set;
        }
        return _shorten(members, count);
    }

    function _fail() private pure {
        revert ActorExit(ExitCode.SERIALIZATION);
    }

    function _putRun(Bits memory bits, uint256 length) private pure {
        if (length == 1) {
            _put(bits, 1, 1);
        } else if (length < SHORT_LIMIT) {
            _put(bits, 2, 2);
            _put(bits, length, 4);
        } else {
            _put(bits, 0, 2);
            for (; length >= 0x80; length >>= 7) _put(bits, (length & 0x7f) | 0x80, 8);
            _put(bits, length, 8);
        }
    }

    function _getRun(Bits memory bits) private pure returns (uint256 length) {
        if (_get(bits, 1) == 1) return 1;
        if (_get(bits, 1) == 1) return _get(bits, 4);
        for (uint256 shift = 0; shift < 64; shift += 7) {
            uint256 group = _get(bits, 8);
            length |= (group & 0x7f) << shift;
            if (group < 0x80) return length;
        }
        _fail();
    }

    function _put(Bits memory bits, uint256 value, uint256 width) private pure {
        for (uint256 i = 0; i < width; ++i) {
            if ((value >> i) & 1 == 1) bits.data[bits.at / 8] |= bytes1(uint8(1 << (bits.at % 8)));
            ++bits.at;
        }
    }

    /// Zeros follow the last byte: the writer cut them off.
    function _get(Bits memory bits, uint256 width) private pure returns (uint256 value) {
        for (uint256 i = 0; i < width; ++i) {
            if (bits.at / 8 < bits.data.length && (uint8(bits.data[bits.at / 8]) >> (bits.at % 8)) & 1 == 1) {
                value |= 1 << i;
            }
            ++bits.at;
        }
    }

    function _shorten(uint64[] memory members, uint256 count) private pure returns (uint64[] memory) {
        assembly ("memory-safe") {
            mstore(members, count)
        }
        return members;
    }
}
