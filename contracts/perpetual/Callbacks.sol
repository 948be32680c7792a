// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Extension} from "../Extension.sol";
import {DealProposal} from "../filecoin/DealProposal.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {MarketActor} from "../filecoin/MarketActor.sol";
import {PieceCid} from "../filecoin/PieceCid.sol";
import {PowerActor} from "../filecoin/PowerActor.sol";
import {SectorContent} from "../filecoin/SectorContent.sol";
import {IPerpetualCallbacks} from "./IPerpetualCallbacks.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {PerpetualBook} from "./PerpetualBook.sol";
import {SlotLabel} from "./SlotLabel.sol";

/// @title Callbacks: what Filecoin's actors ask and tell
/// @dev Nothing is paid here, and nothing becomes active: a claim learns by which deal or sector it may be proven.
abstract contract Callbacks is PerpetualBook, Extension, IPerpetualCallbacks {
    uint64 private constant AUTHENTICATE_MESSAGE = 2643134072;
    uint64 private constant MARKET_NOTIFY_DEAL = 4186741094;
    uint64 private constant SECTOR_CONTENT_CHANGED = 2034386435;
    /// @dev FRC-0046: tokens came in; the only one that a native actor sends is data cap.
    uint64 private constant RECEIVE = 3726118371;

    uint64 private constant CBOR = 0x51;
    bytes private constant CBOR_TRUE = hex"f5";

    /// @inheritdoc IPerpetualCallbacks
    // solhint-disable-next-line func-name-mixedcase
    function handle_filecoin_method(
        uint64 method,
        uint64,
        bytes calldata params
    ) external onlyDelegated returns (uint32 exitCode, uint64 codec, bytes memory data) {
        if (method == AUTHENTICATE_MESSAGE) {
            _authenticate(DealProposal.decode(DealProposal.decodeAuthenticate(params)));
            return (0, CBOR, CBOR_TRUE);
        }
        if (method == MARKET_NOTIFY_DEAL) {
            _requireMarket();
            (DealProposal.Proposal memory proposal, uint64 dealId) = DealProposal.decodeNotify(params);
            _bindDeal(proposal, dealId);
            return (0, 0, "");
        }
        if (method == SECTOR_CONTENT_CHANGED) return (0, CBOR, _bindSectors(params));
        if (method == RECEIVE) revert DatacapRefused();
        revert UnhandledMethod(method);
    }

    function _requireMarket() private view {
        _hold(msg.sender == FilAddress.mask(MarketActor.ID), Refusal.NotTheMarket);
    }

    /// @dev The market asks before it publishes, read-only. Its bytes name parties as the provider wrote them: an f410 or an f0 address.
    function _authenticate(DealProposal.Proposal memory proposal) private view {
        _requireMarket();
        (bool known, uint64 client) = FilAddress.resolve(proposal.client);
        _hold(known && FilAddress.normalise(FilAddress.mask(client)) == address(this), Refusal.OtherClient);
        _hold(proposal.pricePerEpoch == 0 && proposal.clientCollateral == 0, Refusal.NotFree);
        _hold(!proposal.verified, Refusal.Verified);
        (bool ok, uint256 slot, uint64 nonce) = SlotLabel.parse(proposal.label);
        _hold(ok, Refusal.BadLabel);
        _hold(_isClaim(slot, nonce), Refusal.NoSuchClaim);

        Slot storage taken = _slots[slot];
        Order storage order = _orders[_orderIdOf(slot)];
        (bool resolved, uint64 provider) = FilAddress.resolve(proposal.provider);
        _hold(resolved && provider == taken.provider, Refusal.OtherProvider);
        _hold(_isPiece(order, proposal.pieceCid, proposal.pieceSize), Refusal.OtherPiece);
        int256 claimBy = int256(uint256(taken.claimBy));
        _hold(proposal.startEpoch >= int256(block.number) && proposal.startEpoch <= claimBy, Refusal.BadStart);
        // Whenever it is proven until then, what is left is a term.
        int256 minTerm = int256(uint256(order.terms.minTermEpochs));
        _hold(proposal.endEpoch >= claimBy + minTerm, Refusal.TermTooShort);
    }

    /// @dev The first deal for a claim is bound, others of the same message are not; the market's message does not fail for it.
    function _bindDeal(DealProposal.Proposal memory proposal, uint64 dealId) private {
        (bool ok, uint256 slot, uint64 nonce) = SlotLabel.parse(proposal.label);
        if (!ok || !_isClaim(slot, nonce)) return;
        Slot storage taken = _slots[slot];
        (bool known, uint64 provider) = FilAddress.resolve(proposal.provider);
        if (!known || provider != taken.provider || taken.kind != IPerpetualSlots.Kind.None) return;
        if (!_isPiece(_orders[_orderIdOf(slot)], proposal.pieceCid, proposal.pieceSize)) return;

        taken.kind = IPerpetualSlots.Kind.Deal;
        taken.dealId = dealId;

        emit IPerpetualSlots.SlotBound(slot, provider, nonce, IPerpetualSlots.Kind.Deal, dealId, 0, 0);
    }

    /// @dev Any native account has a masked address: only f04 knows which are miners.
    function _bindSectors(bytes calldata params) private returns (bytes memory) {
        uint64 miner = uint64(uint160(msg.sender));
        if (msg.sender != FilAddress.mask(miner) || !PowerActor.isMiner(miner)) revert IPerpetualSlots.NotAMiner(miner);

        SectorContent.Sector[] memory sectors = SectorContent.decode(params);
        bool[][] memory accepted = new bool[][](sectors.length);
        for (uint256 i = 0; i < sectors.length; ++i) {
            SectorContent.Sector memory sector = sectors[i];
            accepted[i] = new bool[](sector.pieces.length);
            for (uint256 j = 0; j < sector.pieces.length; ++j)
                accepted[i][j] = _bindSector(miner, sector, sector.pieces[j]);
        }
        return SectorContent.encodeAccepted(accepted);
    }

    /// @return Whether the piece is one that the miner claimed.
    function _bindSector(
        uint64 miner,
        SectorContent.Sector memory sector,
        SectorContent.Piece memory piece
    ) private returns (bool) {
        (bool ok, uint256 slot, uint64 nonce) = SlotLabel.parse(piece.payload);
        if (!ok || !_isClaim(slot, nonce) || _slots[slot].provider != miner || sector.commitmentEpoch < 0) return false;
        if (!_isPiece(_orders[_orderIdOf(slot)], piece.cid, piece.size)) return false;

        Slot storage taken = _slots[slot];
        uint64 commitmentEpoch = uint64(sector.commitmentEpoch);
        taken.kind = IPerpetualSlots.Kind.Sector;
        taken.dealId = 0;
        taken.sector = sector.number;
        taken.end = commitmentEpoch;

        emit IPerpetualSlots.SlotBound(
            slot,
            miner,
            nonce,
            IPerpetualSlots.Kind.Sector,
            0,
            sector.number,
            commitmentEpoch
        );
        return true;
    }

    /// @dev Whether `nonce` is the claim of `slot` that is to be proven now.
    function _isClaim(uint256 slot, uint64 nonce) private view returns (bool) {
        Slot storage taken = _slots[slot];
        return
            taken.state == IPerpetualSlots.SlotState.Claimed && taken.nonce == nonce && block.number <= taken.claimBy;
    }

    function _isPiece(Order storage order, bytes memory cid, uint64 size) private view returns (bool) {
        return size == order.pieceSize && keccak256(cid) == keccak256(PieceCid.encode(order.pieceDigest));
    }

    function _hold(bool holds, Refusal otherwise) private pure {
        if (!holds) revert DealRefused(otherwise);
    }
}
