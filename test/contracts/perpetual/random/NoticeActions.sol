// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../../../../contracts/filecoin/FilAddress.sol";
import {MethodNumber} from "../../../../contracts/local/MethodNumber.sol";
import {DealProposal} from "../../../../contracts/local/market/DealProposal.sol";
import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {TwoPieceAggregate} from "../../helpers/TwoPieceAggregate.sol";
import {vm} from "../../helpers/Vm.sol";
import {Messages} from "./Messages.sol";
import {MoodyActors} from "./MoodyActors.sol";
import {ProofActions} from "./ProofActions.sol";

/// @notice The market asks the contract about deals and tells it of them; miners tell it of their sectors; others pretend to.
abstract contract NoticeActions is ProofActions {
    uint64 private constant CBOR = 0x51;
    bytes32 private constant YES = keccak256(hex"f5");
    bytes32 private constant TAKEN = keccak256(hex"8181f5");
    bytes32 private constant LEFT = keccak256(hex"8181f4");

    /// @notice A deal of which the contract is the client: asked, told, activated, proven by anyone.
    function dealWithUs(uint256 seed) external {
        seed = _mix(seed);
        uint256 slot = _claimed(seed);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory claimed = perpetual.getSlot(slot);
        uint256 wrong = (seed >> 8) % 3 == 0 ? 1 + ((seed >> 16) % 12) : 0;
        DealProposal memory proposal = _propose(claimed, seed >> 24, wrong);
        bool fits = wrong == 0 && claimed.state == IPerpetualSlots.SlotState.Claimed && _now() <= claimed.claimBy;
        bytes32 before = _sightOf(slot);
        bool yes = _ask(wrong == 12 ? FilAddress.mask(6) : MARKET, proposal);
        _must(yes == fits, "the contract signs the deals that fit a claim, and no others");
        _must(_sightOf(slot) == before, "who is asked changes nothing");
        if (yes) _tellAndProve(claimed, proposal, seed >> 128);
    }

    /// @notice A sector with the piece, of which its miner tells; then it is shown alive, by anyone.
    function onboard(uint256 seed) external {
        seed = _mix(seed);
        uint256 slot = _claimed(seed);
        if (slot == 0) return;
        IPerpetualSlots.SlotView memory claimed = perpetual.getSlot(slot);
        uint256 wrong = (seed >> 8) % 3 == 0 ? 1 + ((seed >> 16) % 5) : 0;
        Replica memory replica = _sectorFor(claimed, seed >> 24);
        if (!_notice(claimed, replica, wrong)) return;

        uint8 status = (seed >> 96) % 8 == 0 ? 2 : 1;
        actors.setSector(claimed.provider, replica.sector, status, int64(replica.end));
        replica.fits = status == 1;
        claimed = perpetual.getSlot(slot);
        bytes memory call = abi.encodeCall(perpetual.proveSector, (slot, LOCATION));
        if (_prove(claimed, replica, account((seed >> 104) % SINK_INDEX), call)) _happened("prove by a sector");
    }

    // ---- the market

    function _propose(
        IPerpetualSlots.SlotView memory claimed,
        uint256 seed,
        uint256 wrong
    ) private view returns (DealProposal memory p) {
        uint64 minTerm = perpetual.getOrder(claimed.slot / SEATS).terms.minTermEpochs;
        uint64 start = _now() + uint64(seed % (claimed.claimBy >= _now() ? claimed.claimBy - _now() + 1 : 1));
        if (wrong == 1) start = claimed.claimBy + 1;
        if (wrong == 2) start = _now() - 1;
        uint64 end = _max(claimed.claimBy, _predecessorEnd(claimed)) + minTerm + uint64((seed >> 64) % 50_000);
        if (wrong == 3) end = claimed.claimBy + minTerm - 1;
        p.digest = perpetual.getOrder(claimed.slot / SEATS).pieceDigest;
        if (wrong == 4) p.digest = p.digest == _pieces[0] ? _pieces[1] : _pieces[0];
        p.size = wrong == 5 ? TwoPieceAggregate.SIZE : TwoPieceAggregate.PIECE_SIZE;
        p.verified = wrong == 6;
        p.client = FilAddress.fromEth(wrong == 7 ? client(0) : address(perpetual));
        p.provider = FilAddress.fromActorId(wrong == 8 ? miner(claimed.provider - FIRST_MINER + 1) : claimed.provider);
        p.label = Messages.label(claimed.slot, claimed.nonce - (wrong == 9 ? 1 : 0));
        p.labelIsText = true;
        p.startEpoch = int64(start);
        p.endEpoch = int64(end);
        p.pricePerEpoch = wrong == 10 ? 1 : 0;
        p.clientCollateral = wrong == 11 ? 1 : 0;
        p.providerCollateral = seed % 1000;
    }

    /// @dev Read-only, as the market asks.
    function _ask(address sender, DealProposal memory proposal) private returns (bool) {
        bytes memory call = abi.encodeCall(
            perpetual.handle_filecoin_method,
            (MethodNumber.AUTHENTICATE_MESSAGE, CBOR, Messages.authenticate(proposal))
        );
        vm.prank(sender);
        (bool success, bytes memory answer) = address(perpetual).staticcall(call);
        if (!success) return false;
        (uint32 exitCode, , bytes memory data) = abi.decode(answer, (uint32, uint64, bytes));
        return exitCode == 0 && keccak256(data) == YES;
    }

    /// @dev Two deals of the same label may be published together: the first is bound.
    function _tellAndProve(
        IPerpetualSlots.SlotView memory claimed,
        DealProposal memory proposal,
        uint256 seed
    ) private {
        MoodyActors.Deal memory deal;
        deal.known = true;
        (deal.size, deal.digest, deal.label) = (proposal.size, proposal.digest, proposal.label);
        deal.client = _ownId();
        deal.provider = claimed.provider;
        deal.start = proposal.startEpoch;
        deal.duration = proposal.endEpoch - proposal.startEpoch;
        deal.activated = -1;
        deal.sector = actors.setSector(claimed.provider, 0, 1, proposal.endEpoch);
        uint64 dealId = actors.setDeal(0, deal);
        _must(_tell(proposal, dealId), "who is told does not refuse");
        uint64 bound = perpetual.getSlot(claimed.slot).dealId;
        bool sector = claimed.kind == IPerpetualSlots.Kind.Sector;
        _must((bound == 0) == sector, "a deal that was signed is bound when it is published, unless a sector was");
        if (bound != dealId) return;
        _happened("bound by the market");
        uint256 free = perpetual.getOrder(claimed.slot / SEATS).free;
        _must(_tell(proposal, actors.nextDeal() + 7), "who is told does not refuse");
        _must(perpetual.getOrder(claimed.slot / SEATS).free == free, "telling moves no money");

        deal.activated = int64(_now());
        actors.setDeal(dealId, deal);
        Replica memory replica = Replica({
            kind: IPerpetualSlots.Kind.Deal,
            dealId: dealId,
            sector: deal.sector,
            start: uint64(deal.start),
            end: uint64(proposal.endEpoch),
            fits: true
        });
        bytes memory call = abi.encodeCall(perpetual.proveDeal, (claimed.slot, dealId, LOCATION));
        if (_prove(perpetual.getSlot(claimed.slot), replica, account(seed % SINK_INDEX), call))
            _happened("prove by a deal with the contract");
    }

    function _tell(DealProposal memory proposal, uint64 dealId) private returns (bool) {
        return _send(MARKET, MethodNumber.MARKET_NOTIFY_DEAL, Messages.notify(proposal, _ownId(), dealId)).length != 0;
    }

    // ---- miners

    function _sectorFor(
        IPerpetualSlots.SlotView memory claimed,
        uint256 seed
    ) private returns (Replica memory replica) {
        uint64 minTerm = perpetual.getOrder(claimed.slot / SEATS).terms.minTermEpochs;
        replica.kind = IPerpetualSlots.Kind.Sector;
        replica.end = _max(_now(), _predecessorEnd(claimed)) + minTerm + uint64(seed % 120_000);
        replica.sector = actors.setSector(claimed.provider, 0, 0, 0);
    }

    /// @dev Whether the slot is bound now.
    function _notice(
        IPerpetualSlots.SlotView memory claimed,
        Replica memory replica,
        uint256 wrong
    ) private returns (bool) {
        bytes32 digest = perpetual.getOrder(claimed.slot / SEATS).pieceDigest;
        bytes memory params = Messages.contentChanged(
            replica.sector,
            replica.end,
            wrong == 1 ? (keccak256("another piece") >> 8) << 8 : digest,
            wrong == 2 ? TwoPieceAggregate.SIZE : TwoPieceAggregate.PIECE_SIZE,
            Messages.label(claimed.slot, claimed.nonce - (wrong == 3 ? 1 : 0))
        );
        uint64 sender = claimed.provider;
        if (wrong == 4) sender = miner(claimed.provider - FIRST_MINER + 1);
        if (wrong == 5) sender = FALSE_MINER;
        bytes32 before = _sightOf(claimed.slot);
        bytes memory answer = _send(FilAddress.mask(sender), MethodNumber.SECTOR_CONTENT_CHANGED, params);
        bool fits = wrong == 0 && claimed.state == IPerpetualSlots.SlotState.Claimed && _now() <= claimed.claimBy;
        if (wrong == 5) {
            _must(answer.length == 0, "an actor that f04 does not know is no miner");
        } else {
            (, , bytes memory data) = abi.decode(answer, (uint32, uint64, bytes));
            _must(keccak256(data) == (fits ? TAKEN : LEFT), "a miner is told which pieces were taken");
        }
        if (!fits) _must(_sightOf(claimed.slot) == before, "what does not fit a claim is not bound");
        return fits;
    }

    // ---- tools

    /// @return What came back; nothing if it failed.
    function _send(address sender, uint64 method, bytes memory params) private returns (bytes memory) {
        vm.prank(sender);
        (bool success, bytes memory answer) = address(perpetual).call(
            abi.encodeCall(perpetual.handle_filecoin_method, (method, CBOR, params))
        );
        return success ? answer : bytes("");
    }

    function _sightOf(uint256 slot) private view returns (bytes32) {
        return keccak256(abi.encode(perpetual.getSlot(slot)));
    }

    function _ownId() private view returns (uint64) {
        return uint64(uint160(address(perpetual)));
    }
}
