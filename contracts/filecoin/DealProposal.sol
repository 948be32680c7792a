// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cbor} from "./Cbor.sol";

/// @title DealProposal
/// @notice Deal proposals as the market actor (f05) shows them to a contract that is a deal's client.
/// @dev The proposal of AuthenticateMessage is the one that was submitted; the one of MarketNotifyDeal has its addresses turned into f0.
/// So their bytes, and any hash of them, differ. Every function reverts with an error of {Cbor} for what is not exactly that message.
library DealProposal {
    using Cbor for Cbor.Cursor;

    /// @param pieceCid Binary CID of the piece, without the leading `00` of its link; not judged here (see {PieceCid}).
    /// @param pieceSize Its padded size in bytes.
    /// @param verified Whether the deal spends a verified client's data cap.
    /// @param client Filecoin address in binary (see {FilAddress}), like `provider`.
    /// @param label What the client wrote on the deal, 256 bytes at most.
    /// @param labelIsText Whether the client called them text.
    /// @param startEpoch First epoch of the term.
    /// @param endEpoch First epoch after it.
    /// @param pricePerEpoch attoFIL, like the collaterals.
    struct Proposal {
        bytes pieceCid;
        uint64 pieceSize;
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

    uint256 private constant FIELDS = 11;

    /// @notice Reads a proposal, an array of eleven.
    function decode(bytes memory cbor) internal pure returns (Proposal memory proposal) {
        Cbor.Cursor memory cursor = Cbor.open(cbor);
        cursor.readArray(FIELDS);
        proposal.pieceCid = cursor.readCid();
        proposal.pieceSize = cursor.readUint();
        proposal.verified = cursor.readBool();
        proposal.client = cursor.readBytes();
        proposal.provider = cursor.readBytes();
        proposal.labelIsText = cursor.isText();
        proposal.label = proposal.labelIsText ? cursor.readText() : cursor.readBytes();
        proposal.startEpoch = cursor.readInt();
        proposal.endEpoch = cursor.readInt();
        proposal.pricePerEpoch = cursor.readBigUint();
        proposal.providerCollateral = cursor.readBigUint();
        proposal.clientCollateral = cursor.readBigUint();
        cursor.end();
    }

    /// @notice The message of AuthenticateMessage's [signature, message]: a proposal's CBOR, when the market asks. The signature means
    /// nothing to a contract and is left out.
    function decodeAuthenticate(bytes memory params) internal pure returns (bytes memory proposal) {
        Cbor.Cursor memory cursor = Cbor.open(params);
        cursor.readArray(2);
        cursor.readBytes();
        proposal = cursor.readBytes();
        cursor.end();
    }

    /// @notice MarketNotifyDeal's [proposal, deal id].
    function decodeNotify(bytes memory params) internal pure returns (Proposal memory proposal, uint64 dealId) {
        Cbor.Cursor memory cursor = Cbor.open(params);
        cursor.readArray(2);
        proposal = decode(cursor.readBytes());
        dealId = cursor.readUint();
        cursor.end();
    }
}
