// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title SlotLabel
/// @notice The name of one claim of a slot outside of the contract, on a deal or in a sector's notification: the text `SLOT/NONCE` in
/// decimal digits without leading zeros (slot 256, nonce 1: `256/1`).
library SlotLabel {
    bytes1 private constant SLASH = "/";
    uint8 private constant ZERO = 0x30;
    uint8 private constant NINE = 0x39;

    /// @dev Digits of 2²⁵⁶ − 1, a slash, digits of 2⁶⁴ − 1.
    uint256 private constant MAX_LENGTH = 78 + 1 + 20;

    /// @notice The label of the `nonce`th claim of `slot`.
    function encode(uint256 slot, uint64 nonce) internal pure returns (bytes memory) {
        return bytes.concat(bytes(Strings.toString(slot)), SLASH, bytes(Strings.toString(nonce)));
    }

    /// @notice Reads what {encode} writes; anything else, another spelling of the same numbers too, is no label. Never reverts.
    /// @return ok Whether it is a label.
    /// @return slot 0 unless `ok`, like `nonce`.
    function parse(bytes memory label) internal pure returns (bool ok, uint256 slot, uint64 nonce) {
        uint256 length = label.length;
        if (length > MAX_LENGTH) return (false, 0, 0);

        uint256 slash = 0;
        while (slash < length && label[slash] != SLASH) ++slash;
        if (slash == length) return (false, 0, 0);

        uint256 number = 0;
        (ok, slot) = _parseNumber(label, 0, slash, type(uint256).max);
        if (ok) (ok, number) = _parseNumber(label, slash + 1, length, type(uint64).max);
        return ok ? (true, slot, uint64(number)) : (false, 0, 0);
    }

    function _parseNumber(
        bytes memory label,
        uint256 from,
        uint256 to,
        uint256 max
    ) private pure returns (bool ok, uint256 number) {
        if (from == to) return (false, 0);
        if (uint8(label[from]) == ZERO && to - from > 1) return (false, 0);

        for (uint256 i = from; i < to; ++i) {
            uint8 character = uint8(label[i]);
            if (character < ZERO || character > NINE) return (false, 0);

            uint256 digit = character - ZERO;
            if (number > (max - digit) / 10) return (false, 0);
            number = number * 10 + digit;
        }
        return (true, number);
    }
}
