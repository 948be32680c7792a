// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title PieceCid
/// @notice Piece commitments as CIDs: version 1 (`baga…`) and version 2 (`bafkzcib…`, FRC-0069).
library PieceCid {
    /// @dev CIDv1, codec fil-commitment-unsealed (0xf101), multihash sha2-256-trunc254-padded (0x1012), 32 bytes.
    bytes7 internal constant HEADER = 0x0181e203922020;

    uint256 private constant LENGTH = 39;

    /// @dev CIDv1, codec raw, multihash fr32-sha256-trunc254-padded-binary-tree (0x1011); the digest's length follows.
    bytes4 private constant HEADER_V2 = 0x01559120;
    uint256 private constant HEADER_V2_LENGTH = 4;

    /// @dev Length byte, padding of 1 to 9 bytes, height, root.
    uint256 private constant V2_MIN_LENGTH = HEADER_V2_LENGTH + 1 + 1 + 1 + 32;

    /// @dev A tree of 128 bytes has two levels above its four leaves of 32 bytes; its size must fit 64 bits.
    uint256 private constant MIN_HEIGHT = 2;
    uint256 private constant MAX_HEIGHT = 58;

    uint64 internal constant MIN_PIECE_SIZE = 128;

    /// @notice Not a piece CID in binary of the version asked for.
    error NotAPieceCid(bytes cid);

    /// @notice The binary piece CID v1 of a commitment, 39 bytes.
    function encode(bytes32 digest) internal pure returns (bytes memory) {
        return abi.encodePacked(HEADER, digest);
    }

    /// @notice The commitment in a binary piece CID v1 of 39 bytes.
    /// @dev Reverts with {NotAPieceCid}. A CID taken from an actor's CBOR has a leading `00` there: {Cbor-readCid}
    /// strips it.
    function decode(bytes memory cid) internal pure returns (bytes32 digest) {
        if (cid.length != LENGTH || bytes7(cid) != HEADER) revert NotAPieceCid(cid);
        assembly ("memory-safe") {
            digest := mload(add(cid, 0x27))
        }
    }

    /// @notice Commitment and padded size in a binary piece CID v2.
    /// @dev Reverts with {NotAPieceCid}. The digest is: payload padding (varint), height of the tree, root. A tree of
    /// height h holds 127 · 2^(h−2) bytes of payload in 32 · 2^h padded bytes.
    /// @return digest The root.
    /// @return size Padded size of the piece in bytes.
    function decodeV2(bytes memory cid) internal pure returns (bytes32 digest, uint64 size) {
        uint256 length = cid.length;
        if (length < V2_MIN_LENGTH || bytes4(cid) != HEADER_V2) revert NotAPieceCid(cid);
        if (uint8(cid[HEADER_V2_LENGTH]) != length - HEADER_V2_LENGTH - 1) revert NotAPieceCid(cid);

        uint256 heightAt = length - 33;
        uint256 height = uint8(cid[heightAt]);
        if (height < MIN_HEIGHT || height > MAX_HEIGHT) revert NotAPieceCid(cid);

        uint256 padding;
        uint256 shift;
        for (uint256 i = HEADER_V2_LENGTH + 1; i < heightAt; ++i) {
            uint256 group = uint8(cid[i]);
            bool last = i == heightAt - 1;
            if (shift > 56 || (group < 0x80) != last || (last && group == 0 && shift > 0)) revert NotAPieceCid(cid);
            padding |= (group & 0x7f) << shift;
            shift += 7;
        }
        if (padding >= uint256(127) << (height - MIN_HEIGHT)) revert NotAPieceCid(cid);

        assembly ("memory-safe") {
            digest := mload(add(cid, length))
        }
        size = uint64(32) << uint64(height);
    }

    /// @notice Whether `size` can be the padded size of a piece: a power of two of at least 128 bytes.
    function isPieceSize(uint64 size) internal pure returns (bool) {
        return size >= MIN_PIECE_SIZE && size & (size - 1) == 0;
    }
}
