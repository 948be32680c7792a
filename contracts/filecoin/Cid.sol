// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Cid
/// @notice Content identifiers in binary, versions 0 and 1 (multiformats/cid): the form, not the meaning. Codecs and
/// hash functions are not judged, since new ones are registered all the time.
library Cid {
    enum Fault {
        Empty,
        TooLong,
        Truncated,
        VarintTooLong,
        VarintNotMinimal,
        UnknownVersion,
        TrailingBytes
    }

    /// @param version 0 or 1.
    /// @param codec What the block is encoded in; dag-pb (0x70) for version 0.
    /// @param hashCode The hash function of the multihash; sha2-256 (0x12) for version 0.
    /// @param hashLength Length of the digest in bytes.
    struct View {
        uint64 version;
        uint64 codec;
        uint64 hashCode;
        uint64 hashLength;
    }

    /// @notice Longest accepted CID in bytes: a 64-byte digest, or a short identity one, with room to spare.
    uint256 internal constant MAX_LENGTH = 128;

    uint64 private constant DAG_PB = 0x70;
    uint64 private constant SHA2_256 = 0x12;

    uint256 private constant V0_LENGTH = 34;
    bytes2 private constant V0_HEADER = 0x1220;

    /// @dev multiformats/unsigned-varint: no more than 9 bytes, 63 bits.
    uint256 private constant MAX_VARINT_LENGTH = 9;

    /// @notice `cid` is not a binary CID. One that is too long is left out of the error.
    error InvalidCid(bytes cid, Fault fault);

    /// @notice Holds that `cid` is one whole CID.
    /// @dev Reverts with {InvalidCid}.
    function requireValid(bytes memory cid) internal pure {
        decode(cid);
    }

    /// @notice The parts of `cid`, all of whose bytes must belong to it.
    /// @dev Reverts with {InvalidCid}.
    function decode(bytes memory cid) internal pure returns (View memory parts) {
        if (cid.length == 0) revert InvalidCid(cid, Fault.Empty);
        if (cid.length > MAX_LENGTH) revert InvalidCid("", Fault.TooLong);
        if (cid.length == V0_LENGTH && bytes2(cid) == V0_HEADER) return View(0, DAG_PB, SHA2_256, 32);

        uint256 at;
        (parts.version, at) = _varint(cid, 0);
        if (parts.version != 1) revert InvalidCid(cid, Fault.UnknownVersion);
        (parts.codec, at) = _varint(cid, at);
        (parts.hashCode, at) = _varint(cid, at);
        (parts.hashLength, at) = _varint(cid, at);

        uint256 left = cid.length - at;
        if (left < parts.hashLength) revert InvalidCid(cid, Fault.Truncated);
        if (left > parts.hashLength) revert InvalidCid(cid, Fault.TrailingBytes);
    }

    function _varint(bytes memory cid, uint256 start) private pure returns (uint64 value, uint256 at) {
        at = start;
        while (true) {
            if (at == cid.length) revert InvalidCid(cid, Fault.Truncated);
            if (at - start == MAX_VARINT_LENGTH) revert InvalidCid(cid, Fault.VarintTooLong);

            uint64 group = uint8(cid[at]);
            value |= (group & 0x7f) << uint64(7 * (at - start));
            ++at;
            if (group >= 0x80) continue;

            if (group == 0 && at - start > 1) revert InvalidCid(cid, Fault.VarintNotMinimal);
            return (value, at);
        }
    }
}
