// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {CborWriter} from "./CborWriter.sol";

/// @title PieceCommitment
/// @notice A piece's commitment as actors write it: CIDv1, codec fil-commitment-unsealed 0xf101, sha2-256-trunc254-padded
/// 0x1012, 32 bytes.
library PieceCommitment {
    bytes internal constant CID_HEADER = hex"0181e203922020";

    /// @notice The tagged CID of the piece with commitment `digest`.
    function encode(bytes32 digest) internal pure returns (bytes memory) {
        return CborWriter.writeCid(bytes.concat(CID_HEADER, digest));
    }

    /// @notice The commitment in `cid`, and whether it is a piece's CID at all.
    function decode(bytes memory cid) internal pure returns (bool valid, bytes32 digest) {
        if (cid.length != 39) return (false, 0);
        assembly ("memory-safe") {
            digest := mload(add(cid, 39))
            // Only the header counts in what follows.
            mstore(cid, 7)
        }
        valid = keccak256(cid) == keccak256(CID_HEADER);
    }
}
