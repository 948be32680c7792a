// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {CborParams} from "../CborParams.sol";
import {CborWriter} from "../CborWriter.sol";
import {PieceCommitment} from "../PieceCommitment.sol";

/// @notice A deal proposal. Addresses are Filecoin's bytes; `validPiece` tells whether the CID read was a piece's.
struct DealProposal {
    bool validPiece;
    bytes32 digest;
    uint64 size;
    bool verified;
    bytes client;
    bytes provider;
    bytes label;
    bool labelIsText;
    int64 startEpoch;
    int64 endEpoch;
    uint256 pricePerEpoch;
    uint256 providerCollateral;
    uint256 clientCollateral;
}

/// @title DealProposals
/// @notice The CBOR of a deal proposal: an array of eleven.
library DealProposals {
    uint64 private constant FIELDS = 11;

    /// @notice The proposal's CBOR, with its addresses as they are.
    function encode(DealProposal memory p) internal pure returns (bytes memory) {
        bytes memory parties = bytes.concat(
            CborWriter.writeBytes(p.client),
            CborWriter.writeBytes(p.provider),
            p.labelIsText ? CborWriter.writeText(p.label) : CborWriter.writeBytes(p.label)
        );
        bytes memory terms = bytes.concat(
            CborWriter.writeInt(p.startEpoch),
            CborWriter.writeInt(p.endEpoch),
            CborWriter.writeBigInt(p.pricePerEpoch),
            CborWriter.writeBigInt(p.providerCollateral),
            CborWriter.writeBigInt(p.clientCollateral)
        );
        return
            bytes.concat(
                CborWriter.writeArray(FIELDS),
                PieceCommitment.encode(p.digest),
                CborWriter.writeUint(p.size),
                CborWriter.writeBool(p.verified),
                parties,
                terms
            );
    }

    /// @notice Reads one proposal; faults of its CBOR end the message.
    function read(CborParams.Cursor memory c) internal pure returns (DealProposal memory p) {
        CborParams.readTuple(c, FIELDS);
        (p.validPiece, p.digest) = PieceCommitment.decode(CborParams.readCid(c));
        p.size = CborParams.readUint(c);
        p.verified = CborParams.readBool(c);
        p.client = CborParams.readBytes(c);
        p.provider = CborParams.readBytes(c);
        (p.label, p.labelIsText) = CborParams.readLabel(c);
        p.startEpoch = CborParams.readInt(c);
        p.endEpoch = CborParams.readInt(c);
        p.pricePerEpoch = CborParams.readBigInt(c);
        p.providerCollateral = CborParams.readBigInt(c);
        p.clientCollateral = CborParams.readBigInt(c);
    }
}
