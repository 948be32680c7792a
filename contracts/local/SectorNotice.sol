// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorMessage} from "./ActorMessage.sol";
import {CborWriter} from "./CborWriter.sol";
import {ILocalMiner} from "./ILocalMiner.sol";
import {PieceCommitment} from "./PieceCommitment.sol";

/// @title SectorNotice
/// @notice The message SectorContentChanged (FIP-0109) for one sector, and its answer.
library SectorNotice {
    bytes1 private constant CBOR_TRUE = 0xf5;

    /// @notice [[sector, minimum commitment epoch, [[piece CID, piece size, payload] …]]]
    function encode(
        uint64 sector,
        int64 expirationEpoch,
        ILocalMiner.Piece[] calldata pieces
    ) internal pure returns (bytes memory out) {
        out = bytes.concat(
            CborWriter.writeArray(1),
            CborWriter.writeArray(3),
            CborWriter.writeUint(sector),
            CborWriter.writeInt(expirationEpoch),
            CborWriter.writeArray(uint64(pieces.length))
        );
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

    /// @notice [[bool …]]; another answer accepts nothing.
    function decodeAccepted(
        ActorMessage.Reply memory reply,
        uint256 count
    ) internal pure returns (bool[] memory accepted) {
        accepted = new bool[](count);
        bytes memory head = bytes.concat(CborWriter.writeArray(1), CborWriter.writeArray(uint64(count)));
        if (reply.exitCode != 0 || reply.data.length != head.length + count) return accepted;
        for (uint256 i = 0; i < head.length; ++i) if (reply.data[i] != head[i]) return accepted;

        for (uint256 i = 0; i < count; ++i) accepted[i] = reply.data[head.length + i] == CBOR_TRUE;
    }
}
