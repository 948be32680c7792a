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

    /// @notice Longest accepted CID in bytes: a 64-byte digest, or a short identity one, with room to spare.
    uint256 internal constant MAX_LENGTH = 128;

    uint64 private constant DAG_PB = 0x70;
    uint64 private constant SHA2_256 = 0x12;

    uint256 private constant V0_LENGTH = 34;
    bytes2 private constant V0_HEADER = 0x1220;
    bytes2 private constant V1_DAG_PB = 0x0170;

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
    /// @return version 0 or 1.
    /// @return codec What the block is encoded in; dag-pb (0x70) for version 0.
    /// @return hashCode The hash function of the multihash; sha2-256 (0x12) for version 0.
    /// @return hashLength Length of the digest in bytes.
    function decode(
        bytes memory cid
    ) internal pure returns (uint64 version, uint64 codec, uint64 hashCode, uint64 hashLength) {
        _hold(cid.length != 0, cid, Fault.Empty);
        if (cid.length > MAX_LENGTH) revert InvalidCid("", Fault.TooLong);
        if (cid.length == V0_LENGTH && bytes2(cid) == V0_HEADER) return (0, DAG_PB, SHA2_256, 32);

        uint256 at;
        (version, at) = _varint(cid, 0);
        _hold(version == 1, cid, Fault.UnknownVersion);
        (codec, at) = _varint(cid, at);
        (hashCode, at) = _varint(cid, at);
        (hashLength, at) = _varint(cid, at);

        uint256 left = cid.length - at;
        _hold(left >= hashLength, cid, Fault.Truncated);
        _hold(left <= hashLength, cid, Fault.TrailingBytes);
    }

    /// @notice One key per content: a version 0 CID has the key of its version 1 form.
    /// @dev Reverts with {InvalidCid}.
    function keyOf(bytes memory cid) internal pure returns (bytes32) {
        (uint64 version, , , ) = decode(cid);
        return version == 0 ? keccak256(abi.encodePacked(V1_DAG_PB, cid)) : keccak256(cid);
    }

    function _varint(bytes memory cid, uint256 start) private pure returns (uint64 value, uint256 at) {
        at = start;
        for (uint256 shift = 0; ; shift += 7) {
            _hold(at < cid.length, cid, Fault.Truncated);
            _hold(shift < 7 * MAX_VARINT_LENGTH, cid, Fault.VarintTooLong);

            uint64 group = uint8(cid[at]);
            value |= (group & 0x7f) << shift;
            ++at;
            if (group >= 0x80) continue;

            _hold(group != 0 || shift == 0, cid, Fault.VarintNotMinimal);
            return (value, at);
        }
    }

    function _hold(bool holds, bytes memory cid, Fault fault) private pure {
        if (!holds) revert InvalidCid(cid, fault);
    }
}
