// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cbor} from "../../filecoin/Cbor.sol";
import {PieceCid} from "../../filecoin/PieceCid.sol";

/// @title ActorMessagesHarness
/// @notice Reads with {Cbor} what actors say beyond the getters: the answers of calls that change state, and the messages
/// that actors send to contracts.
contract ActorMessagesHarness {
    using Cbor for Cbor.Cursor;

    struct FailCode {
        uint64 index;
        uint64 code;
    }

    struct Settlement {
        uint256 payment;
        bool completed;
    }

    struct Proposal {
        bytes32 pieceDigest;
        uint64 pieceSize;
        bool verified;
        bytes client;
        bytes provider;
        bytes label;
        int64 startEpoch;
        int64 endEpoch;
        uint256 pricePerEpoch;
        uint256 providerCollateral;
        uint256 clientCollateral;
    }

    struct PieceChange {
        bytes32 digest;
        uint64 size;
        bytes payload;
    }

    struct SectorChange {
        uint64 sector;
        int64 minimumCommitmentEpoch;
        PieceChange[] pieces;
    }

    /// @notice PublishStorageDeals: ids, and a bitfield of the proposals that were valid.
    function publishStorageDealsReturn(
        bytes memory data
    ) external pure returns (uint64[] memory ids, bytes memory validDeals) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(2);
        ids = new uint64[](cursor.readArray());
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = cursor.readUint();
        validDeals = cursor.readBytes();
        cursor.end();
    }

    /// @notice SettleDealPayments: which of the deals could be settled, and what each was paid.
    function settleDealPaymentsReturn(
        bytes memory data
    ) external pure returns (uint64 successCount, FailCode[] memory failCodes, Settlement[] memory settlements) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(2);
        (successCount, failCodes) = _batchReturn(cursor);
        settlements = new Settlement[](cursor.readArray());
        for (uint256 i = 0; i < settlements.length; ++i) {
            cursor.readArray(2);
            settlements[i] = Settlement(cursor.readBigUint(), cursor.readBool());
        }
        cursor.end();
    }

    /// @notice GetClaims without a claim among the answers.
    function noClaimsReturn(
        bytes memory data
    ) external pure returns (uint64 successCount, FailCode[] memory failCodes) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(2);
        (successCount, failCodes) = _batchReturn(cursor);
        cursor.readArray(0);
        cursor.end();
    }

    /// @notice MarketNotifyDeal: the proposal, encoded within, and the deal's id.
    function marketNotifyDealParams(bytes memory data) external pure returns (Proposal memory proposal, uint64 dealId) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(2);
        proposal = _proposal(Cbor.open(cursor.readBytes()));
        dealId = cursor.readUint();
        cursor.end();
    }

    /// @notice SectorContentChanged (FIP-0109): sectors, and the pieces in each.
    function sectorContentChangedParams(bytes memory data) external pure returns (SectorChange[] memory changes) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        changes = new SectorChange[](cursor.readArray());
        for (uint256 i = 0; i < changes.length; ++i) {
            cursor.readArray(3);
            changes[i].sector = cursor.readUint();
            changes[i].minimumCommitmentEpoch = cursor.readInt();
            changes[i].pieces = new PieceChange[](cursor.readArray());
            for (uint256 j = 0; j < changes[i].pieces.length; ++j) {
                cursor.readArray(3);
                changes[i].pieces[j] = PieceChange(
                    PieceCid.decode(cursor.readCid()),
                    cursor.readUint(),
                    cursor.readBytes()
                );
            }
        }
        cursor.end();
    }

    /// @notice SectorContentChanged's answer for one sector with one piece.
    function sectorContentChangedReturn(bytes memory data) external pure returns (bool accepted) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(1);
        cursor.readArray(1);
        accepted = cursor.readBool();
        cursor.end();
    }

    function _batchReturn(
        Cbor.Cursor memory cursor
    ) private pure returns (uint64 successCount, FailCode[] memory failCodes) {
        cursor.readArray(2);
        successCount = cursor.readUint();
        failCodes = new FailCode[](cursor.readArray());
        for (uint256 i = 0; i < failCodes.length; ++i) {
            cursor.readArray(2);
            failCodes[i] = FailCode(cursor.readUint(), cursor.readUint());
        }
    }

    function _proposal(Cbor.Cursor memory cursor) private pure returns (Proposal memory proposal) {
        cursor.readArray(11);
        proposal.pieceDigest = PieceCid.decode(cursor.readCid());
        proposal.pieceSize = cursor.readUint();
        proposal.verified = cursor.readBool();
        proposal.client = cursor.readBytes();
        proposal.provider = cursor.readBytes();
        proposal.label = cursor.isText() ? cursor.readText() : cursor.readBytes();
        proposal.startEpoch = cursor.readInt();
        proposal.endEpoch = cursor.readInt();
        proposal.pricePerEpoch = cursor.readBigUint();
        proposal.providerCollateral = cursor.readBigUint();
        proposal.clientCollateral = cursor.readBigUint();
        cursor.end();
    }
}
