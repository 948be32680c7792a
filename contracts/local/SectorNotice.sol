// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorMessage} from "./ActorMessage.sol";
import {CborWriter} from "./CborWriter.sol";
import {ILocalMiner} from "./ILocalMiner.sol";
import {PieceCommitment} from "./PieceCommitment.sol";

/// @title SectorNotice
/// @notice The message SectorContentChanged (FIP-0109) and its answer.
library SectorNotice {
    bytes1 private constant CBOR_TRUE = 0xf5;

    /// @notice [[sector, minimum commitment epoch, [[piece CID, piece size, payload] …]] …]
    function encode(ILocalMiner.Content[] memory contents) internal pure returns (bytes memory out) {
        out = CborWriter.writeArray(uint64(contents.length));
        for (uint256 i = 0; i < contents.length; ++i) {
            out = bytes.concat(
                out,
                CborWriter.writeArray(3),
                CborWriter.writeUint(contents[i].sector),
                CborWriter.writeInt(contents[i].expirationEpoch),
                _encodePieces(contents[i].pieces)
            );
        }
    }

    /// @notice [[bool …] …]; an answer of another shape accepts nothing.
    function decodeAccepted(
        ActorMessage.Reply memory reply,
        ILocalMiner.Content[] memory contents
    ) internal pure returns (bool[][] memory accepted) {
        accepted = _none(contents);
        bytes memory data = reply.data;
        if (reply.exitCode != 0 || data.length != _encodeAccepted(accepted).length) return accepted;

        uint256 at = _headLength(accepted.length);
        for (uint256 i = 0; i < accepted.length; ++i) {
            at += _headLength(accepted[i].length);
            for (uint256 j = 0; j < accepted[i].length; ++j) accepted[i][j] = data[at++] == CBOR_TRUE;
        }
        if (keccak256(_encodeAccepted(accepted)) != keccak256(data)) return _none(contents);
    }

    function _encodePieces(ILocalMiner.Piece[] memory pieces) private pure returns (bytes memory out) {
        out = CborWriter.writeArray(uint64(pieces.length));
        for (uint256 i = 0; i < pieces.length; ++i) {
            out = bytes.concat(
                out,
                CborWriter.writeArray(3),
                PieceCommitment.encode(pieces[i].digest),
                CborWriter.writeUint(pieces[i].size),
                CborWriter.writeBytes(pieces[i].payload)
            );
        }
    }

    function _encodeAccepted(bool[][] memory accepted) private pure returns (bytes memory out) {
        out = CborWriter.writeArray(uint64(accepted.length));
        for (uint256 i = 0; i < accepted.length; ++i) {
            out = bytes.concat(out, CborWriter.writeArray(uint64(accepted[i].length)));
            for (uint256 j = 0; j < accepted[i].length; ++j) {
                out = bytes.concat(out, CborWriter.writeBool(accepted[i][j]));
            }
        }
    }

    function _none(ILocalMiner.Content[] memory contents) private pure returns (bool[][] memory accepted) {
        accepted = new bool[][](contents.length);
        for (uint256 i = 0; i < contents.length; ++i) accepted[i] = new bool[](contents[i].pieces.length);
    }

    function _headLength(uint256 length) private pure returns (uint256) {
        return CborWriter.writeArray(uint64(length)).length;
    }
}
