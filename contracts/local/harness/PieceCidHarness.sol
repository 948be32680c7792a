// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {PieceCid} from "../../filecoin/PieceCid.sol";

/// @title PieceCidHarness
/// @notice {PieceCid} as calls.
contract PieceCidHarness {
    function encode(bytes32 digest) external pure returns (bytes memory) {
        return PieceCid.encode(digest);
    }

    function decode(bytes memory cid) external pure returns (bytes32 digest) {
        return PieceCid.decode(cid);
    }

    function decodeV2(bytes memory cid) external pure returns (bytes32 digest, uint64 size) {
        return PieceCid.decodeV2(cid);
    }

    function isPieceSize(uint64 size) external pure returns (bool) {
        return PieceCid.isPieceSize(size);
    }
}
