// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {EdgeJobs} from "../../../contracts/oracle/EdgeJobs.sol";
import {FailReason} from "../../../contracts/oracle/FailReason.sol";
import {IOracleChallenges} from "../../../contracts/oracle/IOracleChallenges.sol";
import {InclusionProof} from "../../../contracts/pinning/Frc0087.sol";
import {IPinningRequests} from "../../../contracts/pinning/IPinningRequests.sol";
import {PieceCid} from "../../../contracts/filecoin/PieceCid.sol";
import {LocalActors} from "../helpers/LocalActors.sol";
import {TwoPieceAggregate} from "../helpers/TwoPieceAggregate.sol";
import {Forcing} from "../helpers/ForcedSend.sol";
import {vm} from "../helpers/Vm.sol";
import {PinningWorld} from "./PinningWorld.sol";

/// @notice What requesters, operators, providers and strangers can do, in any order, each with seeds for its choices.
/// It keeps its own record of every deal, and holds each proof that was accepted against it.
abstract contract PinningHandler is PinningWorld {
    /// @param content 0 or 1: that piece as it is; 2: the aggregate of both.
    struct DealRecord {
        uint64 providerId;
        uint8 content;
        bool active;
        bool terminated;
        uint256 activated;
        uint256 start;
        uint256 end;
    }

    /// @dev A seed with which {_show} shows nothing wrong.
    uint256 internal constant ALL_RIGHT = 4;
    uint256 private constant MAX_REQUESTS = 4;

    uint256[] public ids;
    uint64[] public dealIds;
    mapping(uint64 dealId => DealRecord) public deals;
    /// @notice The piece that a request's operators find: 0 or 1.
    mapping(uint256 id => uint256) public pieceOf;
    mapping(uint256 id => mapping(uint64 dealId => bool)) public accepted;
    mapping(uint256 id => uint256) public acceptedCount;

    /// @notice Proofs that were accepted and should not have been.
    uint256 public wronglyAccepted;
    /// @notice What each order of perpetual storage is to begin with; 0 for a request with deals.
    mapping(uint256 id => uint256) public escrowOf;
    /// @notice Orders opened, and the money that went into them, attoFIL.
    uint256 public orders;
    uint256 public ordered;
    /// @notice Withdrawals so far, rewards and escrows promised, and value forced in, attoFIL.
    uint256 public withdrawn;
    uint256 public promised;
    uint256 public forced;
    uint256 public epoch = 2_000;

    modifier now_() {
        vm.roll(epoch);
        _;
    }

    function pass(uint256 seed) external {
        epoch += seed % 4 == 0 ? 600_000 : seed % 40;
    }

    function ask(uint256 seed, uint16 replicas, uint32 reward, bool existing) external now_ {
        if (ids.length == MAX_REQUESTS) return;
        if (seed % 4 == 0) return _askByStandard(seed, reward);
        if (seed % 4 == 1) return _askForOrder(seed, replicas, reward);
        uint256 piece = seed % 2;
        IPinningRequests.Terms memory terms;
        terms.replicas = 1 + (replicas % 4);
        terms.minTermEpochs = uint64(1 + (seed % 600_000));
        terms.deadlineEpoch = uint64(epoch + 60 + (seed % 2 == 0 ? 3_000_000 : seed % 300));
        terms.maxBytes = 1 << 20;
        terms.rewardPerReplica = (reward / 2) * 2;
        terms.allowExistingDeals = existing;
        if (seed % 3 == 0) {
            terms.pieceCid = PieceCid.encode(pieces[piece]);
            terms.pieceSize = TwoPieceAggregate.PIECE_SIZE;
        }
        uint256 id = _submit(requesters[seed % 3], piece, terms);
        promised += terms.replicas * terms.rewardPerReplica;
        ids.push(id);
        pieceOf[id] = seed % 21 == 0 ? 1 - piece : piece;
    }

    /// @notice The operators answer the stage that is awaited, or now and then fail the request.
    function answer(uint256 seed) external now_ {
        uint256 id = _request(seed);
        uint8 stage = registry.getRequest(id).stage;
        if (seed % 5 != 0) return _answer(id, pieceOf[id]);
        _fail(id, stage, FailReason(seed % 3));
    }

    /// @notice An answer is brought: by the registry's callback, by anybody, or it is only settled.
    function bring(uint256 seed) external now_ {
        uint256 id = _request(seed);
        uint8 stage = pinning.getRequest(id).state == IPinningRequests.State.Requested ? 0 : 1;
        bytes memory data = _answerData(stage, pieceOf[id]);
        if ((seed >> 8) % 2 == 0) {
            if (registry.getRequest(id).stage == stage) _answer(id, pieceOf[id]);
            _wait(uint256(registry.getAnswer(id, stage).matureEpoch) + 1);
        }
        if (seed % 4 == 0) registry.sync(id);
        else if (seed % 4 == 1) registry.deliver(id, stage, data);
        else if (seed % 4 == 2) pinning.sync(id, stage, data);
        else registry.deliver(id, uint8(seed % 3), abi.encode(registry.getRequest(id).failReason));
    }

    /// @notice Both answers are given, become final, and are brought.
    function pack(uint256 seed) external now_ {
        _pack(_request(seed));
    }

    /// @notice Somebody challenges an answer.
    function challenge(uint256 seed) external now_ {
        _challenge(_request(seed), uint8((seed / 4) % 3));
    }

    /// @notice The arbiter rules, or keeps silent until its time is over.
    function rule(uint256 seed) external now_ {
        _rule(_request(seed), seed);
    }

    /// @notice The stage that is awaited is answered or failed, challenged at once, and ruled upon.
    function dispute(uint256 seed) external now_ {
        uint256 id = _request(seed);
        uint8 stage = registry.getRequest(id).stage;
        if (stage == 2 || seed % 5 == 0) _fail(id, stage, FailReason(seed % 3));
        else _answer(id, pieceOf[id]);
        _challenge(id, stage);
        _rule(id, seed / 5);
    }

    /// @notice What the executor does for one replica: the answers that are missing, a deal that fits, the proof. Now and then
    /// the deal is one that exists.
    function replicate(uint256 seed, uint256 dealSeed) external now_ {
        uint256 id = _request(seed);
        _pack(id);
        bool known = seed % 3 == 0 && dealIds.length != 0;
        _show(id, known ? _deal(dealSeed) : _makeFittingDeal(id, seed, dealSeed), ALL_RIGHT);
    }

    function makeDeal(uint256 seed, uint8 content, bool active) external now_ {
        uint64 providerId = uint64(1000 + (seed % MINERS));
        _makeDeal(providerId, content % 3, epoch + (seed % 3), 518_400 + (seed % 1_000_000), active);
    }

    function terminate(uint256 seed) external now_ {
        uint64 dealId = _deal(seed);
        LocalActors.market().terminate(dealId);
        deals[dealId].terminated = true;
    }

    /// @notice Any deal is shown for any request.
    function show(uint256 requestSeed, uint256 dealSeed, uint256 wrong) external now_ {
        _show(_request(requestSeed), _deal(dealSeed), wrong);
    }

    /// @notice Anybody opens the order of any request; mostly when it is Packed at last.
    function openOrder(uint256 seed) external now_ {
        uint256 id = _request(seed);
        if (seed % 4 != 0) _pack(id);
        _openOrder(id);
    }

    function giveBack(uint256 seed) external now_ {
        uint256 id = _request(seed);
        if (seed % 4 == 0) return registry.refund(id);
        if (seed % 4 != 1) {
            pinning.refund(id);
            return;
        }
        vm.prank(pinning.getRequest(id).requester);
        pinning.cancel(id);
    }

    function pay(uint256 seed) external now_ {
        uint256 who = (seed / 4) % 3;
        if (seed % 4 == 0) registry.withdrawFor(address(pinning));
        else withdrawn += pinning.withdrawFor(seed % 4 == 1 ? operators[who] : requesters[who]);
    }

    function force(uint64 amount) external now_ {
        forced += amount;
        Forcing.send(address(pinning), amount);
    }

    function requestCount() external view returns (uint256) {
        return ids.length;
    }

    function _askByStandard(uint256 seed, uint32 reward) private {
        address requester = requesters[seed % 3];
        (uint256 fee, ) = pinning.quote(pinning.defaultTerms());
        vm.deal(requester, requester.balance + fee + reward);
        vm.prank(requester);
        uint256 id = pinning.submit{value: fee + reward}(abi.encodePacked(hex"01551220", pieces[seed % 2]), "");
        promised += reward;
        ids.push(id);
        pieceOf[id] = seed % 2;
    }

    function _askForOrder(uint256 seed, uint16 replicas, uint32 more) private {
        address requester = requesters[seed % 3];
        uint256 target = 1 + (replicas % 16);
        uint256 fee = registry.quote(PROVIDER, EdgeJobs.PACK, 1 << 30);
        uint256 escrow = target * 1_036_800 * (1 + (seed % 1e12)) + more;
        vm.deal(requester, requester.balance + fee + escrow);
        vm.prank(requester);
        uint256 id = pinning.submitRaaS{value: fee + escrow}(
            abi.encodePacked(hex"01551220", pieces[seed % 2]),
            "",
            target,
            0,
            0
        );
        promised += escrow;
        escrowOf[id] = escrow;
        ids.push(id);
        pieceOf[id] = seed % 2;
    }

    function _openOrder(uint256 id) internal {
        uint256 deposit = pinning.getRequest(id).reward;
        uint256 orderId = pinning.openOrder(id);
        if (escrowOf[id] == 0 || deposit != escrowOf[id]) ++wronglyAccepted;
        if (orderId != ++orders) ++wronglyAccepted;
        ordered += deposit;
    }

    /// @dev Has the request answered, waits for the answers to be final, and brings them.
    function _pack(uint256 id) internal {
        for (uint8 stage = 0; stage < 2; ++stage) {
            if (uint256(pinning.getRequest(id).state) > uint256(stage) + 1) continue;
            if (registry.getRequest(id).stage == stage) _answer(id, pieceOf[id]);
            _wait(uint256(registry.getAnswer(id, stage).matureEpoch) + 1);
            pinning.sync(id, stage, _answerData(stage, pieceOf[id]));
        }
    }

    function _fail(uint256 id, uint8 stage, FailReason reason) private {
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(operators[i]);
            registry.reportFailure(id, stage, reason);
        }
    }

    function _challenge(uint256 id, uint8 stage) private {
        uint256 bond = registry.bondFor(id, stage);
        vm.deal(SP, SP.balance + bond);
        vm.prank(SP);
        registry.challenge{value: bond}(id, stage, "");
    }

    function _rule(uint256 id, uint256 seed) private {
        IOracleChallenges.ChallengeView memory open = registry.getChallenge(id);
        if (seed % 3 != 0) {
            IOracleChallenges.Ruling ruling =
                seed % 3 == 1 ? IOracleChallenges.Ruling.Upheld : IOracleChallenges.Ruling.Rejected;
            return arbiter.rule(registry, id, open.stage, ruling);
        }
        if (open.open) _wait(uint256(open.deadlineEpoch) + 1);
        registry.resolve(id);
    }

    function _wait(uint256 until) private {
        if (epoch < until) epoch = until;
        vm.roll(epoch);
    }

    function _makeFittingDeal(uint256 id, uint256 seed, uint256 dealSeed) internal returns (uint64) {
        uint8 content = seed % 7 == 0 ? uint8(pieceOf[id]) : 2;
        // Of another duration than those before: the market takes no proposal twice.
        uint256 duration = 1_400_000 + dealIds.length;
        return _makeDeal(uint64(1000 + (dealSeed % MINERS)), content, epoch, duration, true);
    }

    function _makeDeal(
        uint64 providerId,
        uint8 content,
        uint256 start,
        uint256 duration,
        bool active
    ) private returns (uint64 dealId) {
        (bytes32 digest, uint64 size) = content == 2
            ? (aggregate, TwoPieceAggregate.SIZE)
            : (pieces[content], TwoPieceAggregate.PIECE_SIZE);
        dealId = _publish(digest, size, providerId, start, duration);
        if (active) LocalActors.market().activate(dealId, dealId);
        dealIds.push(dealId);
        deals[dealId] = DealRecord(providerId, content, active, false, epoch, start, start + duration);
    }

    /// @dev What is shown is right in most of its parts; each part is now and then another one.
    function _show(uint256 id, uint64 dealId, uint256 wrong) internal {
        uint64 marketActorId = wrong % 13 == 1 ? 6 : LocalActors.MARKET;
        uint64 providerId = wrong % 13 == 2 ? 1000 : deals[dealId].providerId;
        uint64 at = uint64(wrong % 13 == 3 ? 1 - pieceOf[id] : pieceOf[id]);
        IPinningRequests.RequestView memory before = pinning.getRequest(id);

        if (wrong % 17 == 0 ? deals[dealId].content == 2 : deals[dealId].content != 2) {
            pinning.onchain_complete(id, marketActorId, dealId, providerId);
            if (deals[dealId].content != pieceOf[id]) ++wronglyAccepted;
        } else {
            (, InclusionProof memory proof) = TwoPieceAggregate.build(pieces, at);
            pinning.complete(id, marketActorId, dealId, providerId, proof, TwoPieceAggregate.verifierData(pieces[at]));
            if (deals[dealId].content != 2 || at != pieceOf[id]) ++wronglyAccepted;
        }

        if (marketActorId != LocalActors.MARKET || !_countable(before, dealId, providerId)) ++wronglyAccepted;
        if (accepted[id][dealId]) ++wronglyAccepted;
        accepted[id][dealId] = true;
        ++acceptedCount[id];
    }

    /// @dev The rules once more, over the handler's own record.
    function _countable(
        IPinningRequests.RequestView memory request,
        uint64 dealId,
        uint64 providerId
    ) private view returns (bool) {
        DealRecord storage deal = deals[dealId];
        if (request.minTermEpochs == 0) return false; // it is to become an order
        bool open = request.state == IPinningRequests.State.Packed || request.state == IPinningRequests.State.Storing;
        bool inTime = epoch <= request.deadlineEpoch;
        bool alive = deal.active && !deal.terminated && deal.start <= epoch && epoch < deal.end;
        bool longEnough = deal.end >= epoch + request.minTermEpochs;
        bool newEnough = request.allowExistingDeals || deal.activated >= request.requestedEpoch;
        return open && inTime && alive && longEnough && newEnough && deal.providerId == providerId;
    }

    function _request(uint256 seed) internal view returns (uint256) {
        return ids[seed % ids.length];
    }

    function _deal(uint256 seed) internal view returns (uint64) {
        return dealIds[seed % dealIds.length];
    }
}
