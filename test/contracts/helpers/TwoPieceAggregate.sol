// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {InclusionProof, InclusionVerifierData} from "../../../contracts/pinning/Frc0087.sol";
import {PieceCid} from "../../../contracts/filecoin/PieceCid.sol";

/// @title TwoPieceAggregate
/// @notice The smallest aggregate of FRC-0058 with two pieces: 128 bytes each, then an index of four entries of 64 bytes.
library TwoPieceAggregate {
    uint64 internal constant PIECE_SIZE = 128;
    uint64 internal constant SIZE = 512;

    uint256 private constant INDEX_START = 4;

    /// @dev 128 as little-endian u64.
    bytes8 private constant ONE_PIECE = 0x8000000000000000;

    function digestOf(string memory name) internal pure returns (bytes32) {
        return _truncated(abi.encodePacked(name));
    }

    /// @return root The aggregate's commitment.
    /// @return proof The inclusion of the piece at `at`, 0 or 1.
    function build(
        bytes32[2] memory pieces,
        uint64 at
    ) internal pure returns (bytes32 root, InclusionProof memory proof) {
        bytes32[2] memory entries = [_entry(pieces[0], 0), _entry(pieces[1], ONE_PIECE)];
        bytes32 unused = _node(bytes32(0), bytes32(0));
        bytes32 data = _node(pieces[0], pieces[1]);
        bytes32 index = _node(_node(entries[0], entries[1]), unused);
        root = _node(data, index);

        proof.proofSubtree.index = at;
        proof.proofSubtree.path = new bytes32[](2);
        proof.proofSubtree.path[0] = pieces[1 - at];
        proof.proofSubtree.path[1] = index;
        proof.proofIndex.index = uint64(INDEX_START) + at;
        proof.proofIndex.path = new bytes32[](3);
        proof.proofIndex.path[0] = entries[1 - at];
        proof.proofIndex.path[1] = unused;
        proof.proofIndex.path[2] = data;
    }

    function verifierData(bytes32 digest) internal pure returns (InclusionVerifierData memory) {
        return InclusionVerifierData(PieceCid.encode(digest), PIECE_SIZE);
    }

    function _entry(bytes32 digest, bytes8 offset) private pure returns (bytes32) {
        bytes16 checksum =
            bytes16(sha256(abi.encodePacked(digest, offset, ONE_PIECE, bytes16(0)))) & ~bytes16(uint128(0xc0));
        return _truncated(abi.encodePacked(digest, offset, ONE_PIECE, checksum));
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return _truncated(abi.encodePacked(left, right));
    }

    function _truncated(bytes memory data) private pure returns (bytes32) {
        return sha256(data) & ~bytes32(uint256(0xc0));
    }
}
