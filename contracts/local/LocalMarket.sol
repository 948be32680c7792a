// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit, NativeActor} from "./NativeActor.sol";
import {ActorId} from "./ActorId.sol";
import {CborParams} from "./CborParams.sol";
import {CborWriter} from "./CborWriter.sol";
import {ExitCode} from "./ExitCode.sol";
import {FilecoinAddress} from "./FilecoinAddress.sol";
import {ILocalMarket} from "./ILocalMarket.sol";
import {ILocalMiner} from "./ILocalMiner.sol";
import {ILocalPower} from "./ILocalPower.sol";
import {MethodNumber} from "./MethodNumber.sol";
import {RleBitfield} from "./RleBitfield.sol";
import {DealProposal, DealProposals} from "./market/DealProposal.sol";
import {MarketEscrow} from "./market/MarketEscrow.sol";
import {MarketGetters} from "./market/MarketGetters.sol";
import {MarketPublish} from "./market/MarketPublish.sol";
import {MarketSettlement} from "./market/MarketSettlement.sol";
import {Deal, Deals, MarketState, Stage} from "./market/MarketState.sol";

/// @title LocalMarket
/// @notice The stand-in of the market actor (f05).
contract LocalMarket is NativeActor, ILocalMarket {
    using MarketEscrow for MarketState;
    using MarketPublish for MarketState;
    using MarketSettlement for MarketState;

    uint256 private constant MOST_SETTLED = 1024;

    MarketState private _state;

    /// @inheritdoc ILocalMarket
    function publish(Proposal[] calldata proposals) external returns (uint64[] memory ids) {
        MarketPublish.Submission[] memory submissions = new MarketPublish.Submission[](proposals.length);
        for (uint256 i = 0; i < proposals.length; ++i) submissions[i].proposal = _toDealProposal(proposals[i]);

        bool[] memory valid;
        (ids, valid) = _publish(submissions);
        if (ids.length == 0) revert AllProposalsInvalid(_faultsOf(submissions));

        for (uint256 i = 0; i < valid.length; ++i) {
            if (!valid[i]) emit ProposalDropped(i, submissions[i].fault);
        }
    }

    /// @inheritdoc ILocalMarket
    function activate(uint64 dealId, uint64 sector) external {
        Deal storage deal = Deals.get(_state, dealId);
        if (deal.stage == Stage.Active) revert DealAlreadyActive(dealId, deal.sector);
        if (int256(block.number) > deal.startEpoch) revert DealStartElapsed(dealId, deal.startEpoch, block.number);

        deal.stage = Stage.Active;
        deal.sector = sector;
        deal.activated = int64(uint64(block.number));
        _state.sectorDeals[deal.provider][sector].push(dealId);

        emit DealActivated(dealId, sector, deal.activated);

        ILocalMiner(ActorId.toAddress(deal.provider)).commitSector(sector, deal.endEpoch);
    }

    /// @inheritdoc ILocalMarket
    function terminate(uint64 dealId) external {
        Deal storage deal = Deals.get(_state, dealId);
        if (deal.stage != Stage.Active) revert DealNotActive(dealId);

        ILocalMiner(ActorId.toAddress(deal.provider)).terminateSector(deal.sector);
    }

    /// @inheritdoc ILocalMarket
    function settle(uint64[] calldata ids) external {
        for (uint256 i = 0; i < ids.length; ++i) _state.settle(ids[i]);
    }

    /// @inheritdoc ILocalMarket
    function addBalance(address account) external payable {
        _state.escrow[FilecoinAddress.register(account)].balance += msg.value;
    }

    /// @inheritdoc ILocalMarket
    function beginAt(uint64 dealId) external {
        if (_state.nextDealId != 0) revert DealIdsInUse(_state.nextDealId);

        _state.nextDealId = dealId;
    }

    /// @inheritdoc ILocalMarket
    function onSectorTerminated(uint64 sector) external {
        (bool masked, uint64 id) = ActorId.fromAddress(msg.sender);
        if (!masked || !ILocalPower(ActorId.toAddress(ActorId.POWER)).isMiner(id)) revert NotAMiner(msg.sender);

        _state.terminateSector(id, sector);
    }

    /// @inheritdoc ILocalMarket
    function nextDealId() external view returns (uint64) {
        return _state.nextDealId;
    }

    function _run(uint64 method, bool hasParams, bytes calldata params) internal override returns (bytes memory) {
        bool isGetter = MarketGetters.has(method);
        if (!isGetter && !_changes(method)) revert ActorExit(ExitCode.UNHANDLED_MESSAGE);
        _expectParams(true, hasParams);

        CborParams.Cursor memory c = CborParams.open(params);
        if (isGetter) return MarketGetters.answer(_state, method, c);
        if (method == MethodNumber.GET_BALANCE) return _state.get(c);
        if (method == MethodNumber.ADD_BALANCE) return _state.add(c);
        if (method == MethodNumber.WITHDRAW_BALANCE) return _state.withdraw(c);
        if (method == MethodNumber.SETTLE_DEAL_PAYMENTS) return _settleDealPayments(c);
        return _publishStorageDeals(c);
    }

    function _changes(uint64 method) private pure returns (bool) {
        return
            method == MethodNumber.GET_BALANCE ||
            method == MethodNumber.ADD_BALANCE ||
            method == MethodNumber.WITHDRAW_BALANCE ||
            method == MethodNumber.SETTLE_DEAL_PAYMENTS ||
            method == MethodNumber.PUBLISH_STORAGE_DEALS;
    }

    /// [[[proposal, signature] …]] → [[deal id …], bitfield of the valid proposals]
    function _publishStorageDeals(CborParams.Cursor memory c) private returns (bytes memory out) {
        CborParams.readTuple(c, 1);
        MarketPublish.Submission[] memory submissions = new MarketPublish.Submission[](CborParams.readLength(c));
        for (uint256 i = 0; i < submissions.length; ++i) {
            CborParams.readTuple(c, 2);
            submissions[i].proposal = DealProposals.read(c);
            submissions[i].signature = CborParams.readBytes(c);
        }
        CborParams.end(c);

        (uint64[] memory ids, bool[] memory valid) = _publish(submissions);
        if (ids.length == 0) revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);

        out = bytes.concat(CborWriter.writeArray(2), CborWriter.writeArray(uint64(ids.length)));
        for (uint256 i = 0; i < ids.length; ++i) out = bytes.concat(out, CborWriter.writeUint(ids[i]));
        return bytes.concat(out, CborWriter.writeBytes(RleBitfield.encode(valid)));
    }

    /// bitfield of deal ids → [[success count, failures], settlements]
    function _settleDealPayments(CborParams.Cursor memory c) private returns (bytes memory) {
        bytes memory bitfield = CborParams.readBytes(c);
        CborParams.end(c);
        uint64[] memory ids = RleBitfield.decode(bitfield, MOST_SETTLED);

        MarketSettlement.Outcome[] memory outcomes = new MarketSettlement.Outcome[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) outcomes[i] = _state.settle(ids[i]);
        return MarketSettlement.encode(outcomes);
    }

    function _publish(
        MarketPublish.Submission[] memory submissions
    ) private returns (uint64[] memory ids, bool[] memory valid) {
        if (submissions.length != 0) MarketPublish.requireControlled(submissions[0].proposal.provider);
        ids = new uint64[](_state.publish(submissions));
        valid = new bool[](submissions.length);
        uint256 count = 0;
        for (uint256 i = 0; i < submissions.length; ++i) {
            valid[i] = submissions[i].fault == Fault.None;
            if (valid[i]) ids[count++] = submissions[i].dealId;
        }
    }

    function _faultsOf(MarketPublish.Submission[] memory submissions) private pure returns (Fault[] memory faults) {
        faults = new Fault[](submissions.length);
        for (uint256 i = 0; i < faults.length; ++i) faults[i] = submissions[i].fault;
    }

    function _toDealProposal(Proposal calldata p) private pure returns (DealProposal memory out) {
        out.validPiece = true;
        out.digest = p.pieceDigest;
        out.size = p.pieceSize;
        out.verified = p.verified;
        out.client = FilecoinAddress.fromAccount(p.client);
        out.provider = FilecoinAddress.fromId(p.providerId);
        out.label = p.label;
        out.labelIsText = _isAscii(p.label);
        out.startEpoch = p.startEpoch;
        out.endEpoch = p.endEpoch;
        out.pricePerEpoch = p.pricePerEpoch;
        out.providerCollateral = p.providerCollateral;
        out.clientCollateral = p.clientCollateral;
    }

    function _isAscii(bytes calldata label) private pure returns (bool) {
        for (uint256 i = 0; i < label.length; ++i) if (uint8(label[i]) >= 0x80) return false;
        return true;
    }
}
