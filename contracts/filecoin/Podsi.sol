// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {InclusionProof, ProofData} from "../pinning/Frc0087.sol";
import {PieceCid} from "./PieceCid.sol";

/// @title Podsi
/// @notice Proof of data segment inclusion (FRC-0058): that a piece lies whole in an aggregate, and that the aggregate's
/// index says so.
/// @dev A proof shows inclusion in *some* aggregate. Whether a deal stores that aggregate is for the market actor to say.
library Podsi {
    /// @dev A leaf of the index path is an entry of 64 bytes: 2^30 of them are 64 GiB, the largest sector.
    uint256 internal constant MAX_PATH_LENGTH = 30;

    uint256 private constant ENTRY_SIZE = 64;

    /// @dev The index takes one entry per 2048 of what the aggregate could hold, and four at least (FRC-0058).
    uint256 private constant ENTRIES_SHARE = 2048;
    uint256 private constant MIN_ENTRIES = 4;

    /// @dev A field element of 254 bits: the two top bits of the last, most significant byte are zero.
    bytes32 private constant FR32_MASK = ~bytes32(uint256(0xc0));
    bytes16 private constant CHECKSUM_MASK = ~bytes16(uint128(0xc0));

    /// @notice The padded size of a piece is a power of two of at least 128 bytes.
    error InvalidPieceSize(uint64 actual);

    /// @notice A path longer than the largest sector has levels.
    error PathTooLong(uint256 max, uint256 actual);

    /// @notice A leaf's index beyond the 2^pathLength leaves of its level.
    error IndexOutOfRange(uint256 pathLength, uint64 actual);

    /// @notice The two paths speak of aggregates of different sizes in bytes.
    error AggregateSizeMismatch(uint256 bySubtree, uint256 byIndex);

    /// @notice The entry lies before the aggregate's index area.
    /// @param firstEntry Number of the area's first 64-byte entry, from the aggregate's start.
    error OutsideIndexArea(uint256 firstEntry, uint64 actual);

    /// @notice The two paths lead to different aggregates.
    error RootMismatch(bytes32 bySubtree, bytes32 byIndex);

    /// @notice Checks the proof that the piece (`digest`, `sizePc`) lies in an aggregate, and returns that aggregate.
    /// @dev Reverts with the named error of the first rule that does not hold.
    /// @param digest Commitment of the piece.
    /// @param sizePc Padded size of the piece in bytes.
    /// @return aggregateDigest Commitment of the aggregate.
    /// @return sizePa Padded size of the aggregate in bytes.
    function verify(
        bytes32 digest,
        uint64 sizePc,
        InclusionProof memory proof
    ) internal pure returns (bytes32 aggregateDigest, uint64 sizePa) {
        if (!PieceCid.isPieceSize(sizePc)) revert InvalidPieceSize(sizePc);
        _requireInRange(proof.proofSubtree);
        _requireInRange(proof.proofIndex);
        uint256 size = uint256(sizePc) << proof.proofSubtree.path.length;
        uint256 sizeByIndex = ENTRY_SIZE << proof.proofIndex.path.length;
        if (size != sizeByIndex) revert AggregateSizeMismatch(size, sizeByIndex);
        _requireInIndexArea(size, proof.proofIndex.index);

        bytes memory pair = new bytes(64);
        aggregateDigest = _root(digest, proof.proofSubtree, pair);
        bytes32 entry = _descriptorLeaf(digest, proof.proofSubtree.index * sizePc, sizePc, pair);
        bytes32 rootByIndex = _root(entry, proof.proofIndex, pair);
        if (aggregateDigest != rootByIndex) revert RootMismatch(aggregateDigest, rootByIndex);

        sizePa = uint64(size);
    }

    function _requireInRange(ProofData memory proof) private pure {
        uint256 length = proof.path.length;
        if (length > MAX_PATH_LENGTH) revert PathTooLong(MAX_PATH_LENGTH, length);
        if (proof.index >> length != 0) revert IndexOutOfRange(length, proof.index);
    }

    function _requireInIndexArea(uint256 size, uint64 index) private pure {
        uint256 entries = size / ENTRIES_SHARE / ENTRY_SIZE;
        if (entries < MIN_ENTRIES) entries = MIN_ENTRIES;
        uint256 total = size / ENTRY_SIZE;
        if (index + entries < total) revert OutsideIndexArea(total - entries, index);
    }

    /// @param pair 64 bytes of scratch memory, the same for every level.
    function _root(bytes32 leaf, ProofData memory proof, bytes memory pair) private pure returns (bytes32 node) {
        node = leaf;
        uint256 index = proof.index;
        uint256 length = proof.path.length;
        for (uint256 i = 0; i < length; ++i) {
            bytes32 sibling = proof.path[i];
            (bytes32 left, bytes32 right) = index & 1 == 0 ? (node, sibling) : (sibling, node);
            node = _sha256(left, right, pair) & FR32_MASK;
            index >>= 1;
        }
    }

    /// @dev The aggregate's index holds, for each piece, its commitment, offset and size and a checksum over them.
    function _descriptorLeaf(
        bytes32 digest,
        uint64 offset,
        uint64 size,
        bytes memory pair
    ) private pure returns (bytes32) {
        bytes32 place = bytes32((_littleEndian(offset) << 192) | (_littleEndian(size) << 128));
        bytes16 checksum = bytes16(_sha256(digest, place, pair)) & CHECKSUM_MASK;
        return _sha256(digest, place | (bytes32(checksum) >> 128), pair) & FR32_MASK;
    }

    function _sha256(bytes32 left, bytes32 right, bytes memory pair) private pure returns (bytes32) {
        assembly ("memory-safe") {
            mstore(add(pair, 0x20), left)
            mstore(add(pair, 0x40), right)
        }
        return sha256(pair);
    }

    /// @param value Of 64 bits.
    function _littleEndian(uint256 value) private pure returns (uint256) {
        value = ((value & 0xff00ff00ff00ff00) >> 8) | ((value & 0x00ff00ff00ff00ff) << 8);
        value = ((value & 0xffff0000ffff0000) >> 16) | ((value & 0x0000ffff0000ffff) << 16);
        return (value >> 32) | ((value & 0xffffffff) << 32);
    }
}
