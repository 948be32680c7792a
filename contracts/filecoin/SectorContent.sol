// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cbor} from "./Cbor.sol";
import {CborEncode} from "./CborEncode.sol";

/// @title SectorContent
/// @notice SectorContentChanged (FIP-0109): what a miner actor tells a contract of pieces that were put into its sectors.
library SectorContent {
    using Cbor for Cbor.Cursor;

    /// @param cid Binary CID of the piece, without the leading `00` of its link; not judged here (see {PieceCid}).
    /// @param size Its padded size in bytes.
    /// @param payload What the provider wrote for the receiver.
    struct Piece {
        bytes cid;
        uint64 size;
        bytes payload;
    }

    /// @param number The sector's number at the miner that sends the message.
    /// @param commitmentEpoch Until when the sector is committed at least.
    struct Sector {
        uint64 number;
        int64 commitmentEpoch;
        Piece[] pieces;
    }

    /// @dev Bytes that the shortest sector takes: heads of two arrays, a number, an epoch.
    uint256 private constant MIN_SECTOR_LENGTH = 4;
    /// @dev Bytes that the shortest piece takes: an array's head, a link (4), a size, an empty payload.
    uint256 private constant MIN_PIECE_LENGTH = 7;
    uint256 private constant MAX_HEAD_LENGTH = 9;

    /// @notice Reads the message's parameters: [[sector, commitment epoch, [[piece CID, size, payload] …]] …].
    /// @dev Reverts with an error of {Cbor}. Memory stays in proportion to the bytes that came, whatever lengths they claim.
    function decode(bytes memory params) internal pure returns (Sector[] memory sectors) {
        Cbor.Cursor memory cursor = Cbor.open(params);
        sectors = new Sector[](_readLength(cursor, MIN_SECTOR_LENGTH));
        for (uint256 i = 0; i < sectors.length; ++i) {
            cursor.readArray(3);
            sectors[i].number = cursor.readUint();
            sectors[i].commitmentEpoch = cursor.readInt();
            sectors[i].pieces = _readPieces(cursor);
        }
        cursor.end();
    }

    /// @notice The message's answer: for each piece of each sector, in the order of the message, whether it is accepted.
    function encodeAccepted(bool[][] memory accepted) internal pure returns (bytes memory encoded) {
        uint256 length = MAX_HEAD_LENGTH;
        for (uint256 i = 0; i < accepted.length; ++i) length += MAX_HEAD_LENGTH + accepted[i].length;

        encoded = new bytes(length);
        length = _append(encoded, 0, CborEncode.encodeArray(uint64(accepted.length)));
        for (uint256 i = 0; i < accepted.length; ++i) {
            length = _append(encoded, length, CborEncode.encodeArray(uint64(accepted[i].length)));
            for (uint256 j = 0; j < accepted[i].length; ++j) {
                length = _append(encoded, length, CborEncode.encodeBool(accepted[i][j]));
            }
        }
        assembly ("memory-safe") {
            mstore(encoded, length)
        }
    }

    function _readPieces(Cbor.Cursor memory cursor) private pure returns (Piece[] memory pieces) {
        pieces = new Piece[](_readLength(cursor, MIN_PIECE_LENGTH));
        for (uint256 i = 0; i < pieces.length; ++i) {
            cursor.readArray(3);
            pieces[i].cid = cursor.readCid();
            pieces[i].size = cursor.readUint();
            pieces[i].payload = cursor.readBytes();
        }
    }

    /// @dev An element in memory is many times longer than the single byte that {Cbor-readArray} asks for.
    function _readLength(Cbor.Cursor memory cursor, uint256 minElementLength) private pure returns (uint256 length) {
        length = cursor.readArray();
        uint256 need = length * minElementLength;
        uint256 have = cursor.data.length - cursor.at;
        if (need > have) revert Cbor.CborTruncated(cursor.at, need, have);
    }

    /// @return end Offset behind what was written.
    function _append(bytes memory target, uint256 at, bytes memory part) private pure returns (uint256 end) {
        for (uint256 i = 0; i < part.length; ++i) target[at + i] = part[i];
        return at + part.length;
    }
}
