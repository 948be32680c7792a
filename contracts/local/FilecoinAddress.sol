// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorId} from "./ActorId.sol";
import {ExitCode} from "./ExitCode.sol";
import {IAddressBook} from "./IAddressBook.sol";
import {ActorExit} from "./NativeActor.sol";

/// @title FilecoinAddress
/// @notice Filecoin addresses as bytes: protocol byte, then f0 = id as unsigned LEB128, f1 and f2 = 20 bytes, f3 = 48 bytes,
/// f4 = namespace as unsigned LEB128 and up to 54 bytes; namespace 10 (f410) holds an Ethereum address.
library FilecoinAddress {
    enum Kind {
        Malformed,
        Id,
        Ethereum,
        Other
    }

    struct Parsed {
        Kind kind;
        uint64 id;
        address account;
    }

    bytes1 private constant ID = 0x00;
    bytes1 private constant DELEGATED = 0x04;
    bytes1 private constant ETHEREUM_NAMESPACE = 0x0a;
    uint256 private constant MAX_SUBADDRESS = 54;

    /// @notice The f0 address of actor `id`.
    function fromId(uint64 id) internal pure returns (bytes memory out) {
        out = abi.encodePacked(ID);
        while (id >= 0x80) {
            out = bytes.concat(out, bytes1(uint8(id) | 0x80));
            id >>= 7;
        }
        return bytes.concat(out, bytes1(uint8(id)));
    }

    /// @notice The f410 address of `account`, or the f0 address when `account` is a masked id.
    function fromAccount(address account) internal pure returns (bytes memory) {
        (bool masked, uint64 id) = ActorId.fromAddress(account);
        return masked ? fromId(id) : abi.encodePacked(DELEGATED, ETHEREUM_NAMESPACE, account);
    }

    /// @notice What `raw` is.
    function parse(bytes memory raw) internal pure returns (Parsed memory out) {
        if (raw.length < 2) return out;
        if (raw[0] == ID) return _parseId(raw);
        if (raw[0] == 0x01 || raw[0] == 0x02) return _other(raw.length == 21);
        if (raw[0] == 0x03) return _other(raw.length == 49);
        if (raw[0] != DELEGATED) return out;

        if (raw[1] == ETHEREUM_NAMESPACE) {
            if (raw.length != 22) return out;
            address account;
            assembly ("memory-safe") {
                account := shr(96, mload(add(raw, 34)))
            }
            return Parsed(Kind.Ethereum, 0, account);
        }
        return _other(raw[1] < 0x80 && raw.length <= 2 + MAX_SUBADDRESS);
    }

    /// @notice The id behind `raw`; a malformed address exits 21.
    function resolve(bytes memory raw) internal view returns (bool known, uint64 id) {
        Parsed memory parsed = parse(raw);
        if (parsed.kind == Kind.Malformed) revert ActorExit(ExitCode.SERIALIZATION);
        if (parsed.kind == Kind.Id) return (true, parsed.id);
        if (parsed.kind == Kind.Other) return (false, 0);
        return book().idOf(parsed.account);
    }

    /// @notice The id of `account`, which may be a masked one; it is known under it from now on.
    function register(address account) internal returns (uint64) {
        (bool masked, uint64 id) = ActorId.fromAddress(account);
        return masked ? id : book().register(account);
    }

    /// @notice The address book.
    function book() internal pure returns (IAddressBook) {
        return IAddressBook(ActorId.toAddress(ActorId.INIT));
    }

    function _other(bool wellFormed) private pure returns (Parsed memory) {
        return Parsed(wellFormed ? Kind.Other : Kind.Malformed, 0, address(0));
    }

    function _parseId(bytes memory raw) private pure returns (Parsed memory out) {
        uint256 id = 0;
        for (uint256 i = 1; i < raw.length && i <= 10; ++i) {
            uint8 group = uint8(raw[i]);
            id |= uint256(group & 0x7f) << (7 * (i - 1));
            if (group >= 0x80) continue;
            // Shortest form only, and nothing behind it.
            bool valid = i == raw.length - 1 && (group != 0 || i == 1) && id <= type(uint64).max;
            return valid ? Parsed(Kind.Id, uint64(id), address(0)) : out;
        }
    }
}
