// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {SectorContent} from "../../../contracts/filecoin/SectorContent.sol";
import {CborWriter} from "../../../contracts/local/CborWriter.sol";
import {SectorContentHarness} from "../../../contracts/local/harness/SectorContentHarness.sol";
import {CborRefusals} from "../helpers/CborRefusals.sol";

/// @notice Whatever the bytes: what was written is read back, all else is refused by name, and neither takes memory out of
/// proportion.
contract SectorContentTest {
    SectorContentHarness private immutable _content = new SectorContentHarness();

    function testFuzz_aMessageIsReadBack(uint256 seed, bytes calldata text) external view {
        SectorContent.Sector[] memory given = _sectors(seed, text);
        (, bytes memory read) = address(_content).staticcall(abi.encodeCall(_content.decode, (_encode(given))));
        require(keccak256(read) == keccak256(abi.encode(given)), "another content");
    }

    function testFuzz_everyCutIsRefusedByName(uint256 seed, bytes calldata text, uint256 cut) external view {
        bytes memory params = _encode(_sectors(seed, text));
        cut %= params.length;
        assembly ("memory-safe") {
            mstore(params, cut)
        }
        CborRefusals.requireRefused(address(_content), abi.encodeCall(_content.decode, (params)));
    }

    function testFuzz_everyOtherByteIsReadOrRefusedByName(
        uint256 seed,
        bytes calldata text,
        uint256 at,
        bytes1 byte_
    ) external view {
        bytes memory params = _encode(_sectors(seed, text));
        params[at % params.length] = byte_;
        CborRefusals.requireNamed(address(_content), abi.encodeCall(_content.decode, (params)));
    }

    function testFuzz_anyBytesAreReadOrRefusedByName(bytes calldata data) external view {
        CborRefusals.requireNamed(address(_content), abi.encodeCall(_content.decode, (data)));
    }

    function testFuzz_claimedLengthsTakeNoMemory(uint64 sectors, uint64 pieces, uint16 length) external view {
        bytes memory rest = new bytes(length % 8192);
        bytes memory manySectors = bytes.concat(CborWriter.writeArray(sectors), rest);
        CborRefusals.requireNamed(address(_content), abi.encodeCall(_content.decode, (manySectors)));
        bytes memory manyPieces = bytes.concat(hex"81830101", CborWriter.writeArray(pieces), rest);
        CborRefusals.requireNamed(address(_content), abi.encodeCall(_content.decode, (manyPieces)));
    }

    function testFuzz_answersAreNestedAsTheyCame(uint256 flags, uint8[5] calldata counts) external view {
        bool[][] memory accepted = new bool[][](counts[0] % counts.length);
        for (uint256 i = 0; i < accepted.length; ++i) {
            accepted[i] = new bool[](counts[i + 1]);
            for (uint256 j = 0; j < accepted[i].length; ++j) accepted[i][j] = (flags >> (i ^ j)) % 2 == 0;
        }
        bytes memory expected = CborWriter.writeArray(uint64(accepted.length));
        for (uint256 i = 0; i < accepted.length; ++i) {
            expected = bytes.concat(expected, CborWriter.writeArray(uint64(accepted[i].length)));
            for (uint256 j = 0; j < accepted[i].length; ++j) {
                expected = bytes.concat(expected, CborWriter.writeBool(accepted[i][j]));
            }
        }
        require(keccak256(_content.encodeAccepted(accepted)) == keccak256(expected), "another answer");
    }

    /// Up to seven sectors with up to 31 pieces each, numbers of every length, and parts of `text`.
    function _sectors(uint256 seed, bytes calldata text) private pure returns (SectorContent.Sector[] memory sectors) {
        sectors = new SectorContent.Sector[](seed % 8);
        for (uint256 i = 0; i < sectors.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            sectors[i].number = uint64(seed) >> (seed >> 250);
            sectors[i].commitmentEpoch = int64(uint64(seed >> 64)) >> (seed >> 250);
            sectors[i].pieces = new SectorContent.Piece[]((seed >> 128) % 32);
            for (uint256 j = 0; j < sectors[i].pieces.length; ++j) {
                uint256 cut = uint256(keccak256(abi.encode(seed, j))) % (text.length + 1);
                sectors[i].pieces[j] = SectorContent.Piece(text[:cut], uint64(cut << (j * 2)), text[cut:]);
            }
        }
    }

    function _encode(SectorContent.Sector[] memory sectors) private pure returns (bytes memory out) {
        out = CborWriter.writeArray(uint64(sectors.length));
        for (uint256 i = 0; i < sectors.length; ++i) {
            out = bytes.concat(
                out,
                CborWriter.writeArray(3),
                CborWriter.writeUint(sectors[i].number),
                CborWriter.writeInt(sectors[i].commitmentEpoch),
                _encodePieces(sectors[i].pieces)
            );
        }
    }

    function _encodePieces(SectorContent.Piece[] memory pieces) private pure returns (bytes memory out) {
        out = CborWriter.writeArray(uint64(pieces.length));
        for (uint256 i = 0; i < pieces.length; ++i) {
            out = bytes.concat(
                out,
                CborWriter.writeArray(3),
                CborWriter.writeCid(pieces[i].cid),
                CborWriter.writeUint(pieces[i].size),
                CborWriter.writeBytes(pieces[i].payload)
            );
        }
    }
}
