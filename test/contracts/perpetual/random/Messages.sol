// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {FilAddress} from "../../../../contracts/filecoin/FilAddress.sol";
import {CborWriter} from "../../../../contracts/local/CborWriter.sol";
import {PieceCommitment} from "../../../../contracts/local/PieceCommitment.sol";
import {DealProposal, DealProposals} from "../../../../contracts/local/market/DealProposal.sol";

/// @notice What the market and miners send to a contract, in CBOR.
library Messages {
    /// @notice A slot's label: "SLOT/NONCE".
    function label(uint256 slot, uint256 nonce) internal pure returns (bytes memory) {
        return bytes(string.concat(Strings.toString(slot), "/", Strings.toString(nonce)));
    }

    /// @notice AuthenticateMessage: [signature, proposal].
    function authenticate(DealProposal memory proposal) internal pure returns (bytes memory) {
        return
            bytes.concat(
                CborWriter.writeArray(2),
                CborWriter.writeBytes(hex"00"),
                CborWriter.writeBytes(DealProposals.encode(proposal))
            );
    }

    /// @notice MarketNotifyDeal: [proposal with ids, deal id].
    function notify(DealProposal memory proposal, uint64 clientId, uint64 dealId) internal pure returns (bytes memory) {
        proposal.client = FilAddress.fromActorId(clientId);
        return
            bytes.concat(
                CborWriter.writeArray(2),
                CborWriter.writeBytes(DealProposals.encode(proposal)),
                CborWriter.writeUint(dealId)
            );
    }

    /// @notice SectorContentChanged of one piece: [[sector, commitment, [[CID, size, payload]]]].
    function contentChanged(
        uint64 sector,
        uint64 commitment,
        bytes32 digest,
        uint64 size,
        bytes memory payload
    ) internal pure returns (bytes memory) {
        bytes memory piece = bytes.concat(
            CborWriter.writeArray(3),
            PieceCommitment.encode(digest),
            CborWriter.writeUint(size),
            CborWriter.writeBytes(payload)
        );
        return
            bytes.concat(
                CborWriter.writeArray(1),
                CborWriter.writeArray(3),
                CborWriter.writeUint(sector),
                CborWriter.writeInt(int64(commitment)),
                CborWriter.writeArray(1),
                piece
            );
    }
}
