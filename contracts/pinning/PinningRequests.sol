// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cid} from "../filecoin/Cid.sol";
import {DealCheck} from "../filecoin/DealCheck.sol";
import {Epochs} from "../filecoin/Epochs.sol";
import {MarketActor} from "../filecoin/MarketActor.sol";
import {PieceCid} from "../filecoin/PieceCid.sol";
import {Podsi} from "../filecoin/Podsi.sol";
import {EdgeJobs} from "../oracle/EdgeJobs.sol";
import {FailReason} from "../oracle/FailReason.sol";
import {IOracleRegistry} from "../oracle/IOracleRegistry.sol";
import {IOracleRequests} from "../oracle/IOracleRequests.sol";
import {OracleCaller} from "../oracle/OracleCaller.sol";
import {CidCatalogue} from "./CidCatalogue.sol";
import {InclusionAuxData, InclusionProof, InclusionVerifierData} from "./Frc0087.sol";
import {IAggregatorOracle} from "./IAggregatorOracle.sol";
import {IPinningRequests} from "./IPinningRequests.sol";
import {Ledger} from "./Ledger.sol";
import {PinningBook} from "./PinningBook.sol";
import {ReplicaCheck} from "./ReplicaCheck.sol";
import {TermsCheck} from "./TermsCheck.sol";

/// @title PinningRequests
/// @dev Assumes of the registry: it is the one of this deployment, calls nothing but its callbacks, credits what it refunds, and
/// answers *Packed* by exactly the quorum. The provider's STORE job ends with a stage that only the requester concludes.
/// Answers come when they are final: what is recorded here is never undone. What the registry can still change (a failure that is
/// challenged) is read there every time.
contract PinningRequests is IPinningRequests, OracleCaller, PinningBook, CidCatalogue, Ledger {
    uint64 private constant DEFAULT_DEADLINE_EPOCHS = 10 * Epochs.DAY;

    constructor(IOracleRegistry registry_, uint256 providerId_) OracleCaller(registry_, providerId_) {}

    /// @inheritdoc IAggregatorOracle
    function submit(bytes memory cid, bytes memory fetchLink) external payable returns (uint256 id) {
        Terms memory terms = defaultTerms();
        (uint256 fee, ) = _payable(terms);
        if (msg.value < fee) revert FeeTooLow(fee, msg.value);

        id = _askToStore(cid, fetchLink, terms, fee);
        uint256 dust = (msg.value - fee) % _asked(id).quorum;
        terms.rewardPerReplica = msg.value - fee - dust;
        _record(id, cid, fetchLink, terms, fee);
        _hold(dust);
        _credit(msg.sender, id, dust);
    }

    /// @inheritdoc IAggregatorOracle
    function submitRaaS(bytes memory, bytes memory, uint256, uint256, uint256) external payable returns (uint256) {
        revert NotAvailable("submitRaaS: no perpetual storage yet");
    }

    /// @inheritdoc IPinningRequests
    function submitWithTerms(
        bytes memory cid,
        bytes memory fetchLink,
        Terms memory terms
    ) external payable returns (uint256 id) {
        (uint256 fee, uint256 rewards) = _payable(terms);
        if (msg.value != fee + rewards) revert WrongValue(fee + rewards, msg.value);

        id = _askToStore(cid, fetchLink, terms, fee);
        uint256 quorum = _asked(id).quorum;
        if (terms.rewardPerReplica % quorum != 0) revert RewardNotDivisible(quorum, terms.rewardPerReplica);
        _record(id, cid, fetchLink, terms, fee);
    }

    /// @inheritdoc IAggregatorOracle
    function complete(
        uint256 id,
        uint64 marketActorId,
        uint64 dealId,
        uint64 providerId,
        InclusionProof memory proof,
        InclusionVerifierData memory verifierData
    ) external returns (InclusionAuxData memory) {
        Request storage request = _completable(id, marketActorId, dealId, providerId);
        ReplicaCheck.requirePiece(request.pieceDigest, request.pieceSize, verifierData);
        (bytes32 digest, uint64 size) = Podsi.verify(request.pieceDigest, request.pieceSize, proof);

        _prove(id, request, dealId, providerId, digest, size);
        return InclusionAuxData(PieceCid.encode(digest), size);
    }

    /// @inheritdoc IAggregatorOracle
    function onchain_complete(uint256 id, uint64 marketActorId, uint64 dealId, uint64 providerId) external {
        Request storage request = _completable(id, marketActorId, dealId, providerId);

        _prove(id, request, dealId, providerId, request.pieceDigest, request.pieceSize);
    }

    /// @inheritdoc IPinningRequests
    function cancel(uint256 id) external {
        Request storage request = _requestOf(id);
        State state = _stateNow(request, _asked(id));
        if (msg.sender != request.requester) revert NotRequester(request.requester, msg.sender);
        if (state > State.Packed) revert NotCancellable(id, state);

        request.state = State.Cancelled;

        emit Cancelled(id);

        registry.cancel(id);
        _bookRefund(id, request, _asked(id).refunded);
    }

    /// @inheritdoc IPinningRequests
    /// @dev The registry is made to end the request first: it refuses while a challenge is open, which may give back time.
    function refund(uint256 id) external returns (uint256 amount) {
        Request storage request = _requestOf(id);
        IOracleRequests.RequestView memory asked = _asked(id);
        if (asked.state == IOracleRequests.RequestState.Open && block.number > asked.deadlineEpoch) {
            registry.refund(id);
            asked = _asked(id);
        }
        State state = _stateOf(request, asked);
        if (state < State.Failed) revert NothingToRefund(id, state);

        if (request.state != state) _end(id, request, state, asked.failReason);
        amount = _bookRefund(id, request, asked.refunded);
        if (amount == 0) revert NothingToRefund(id, state);
    }

    /// @inheritdoc IPinningRequests
    function getRequest(uint256 id) external view returns (RequestView memory) {
        Request storage request = _requestOf(id);
        IOracleRequests.RequestView memory asked = _asked(id);
        return
            RequestView({
                requester: request.requester,
                state: _stateNow(request, asked),
                failReason: request.state == State.Failed ? request.failReason : asked.failReason,
                replicas: request.replicas,
                proven: uint16(request.deals.length),
                allowExistingDeals: request.allowExistingDeals,
                minTermEpochs: request.minTermEpochs,
                requestedEpoch: request.requestedEpoch,
                deadlineEpoch: asked.deadlineEpoch,
                carBytes: request.carBytes,
                pieceSize: request.pieceSize,
                pieceDigest: request.pieceDigest,
                rewardPerReplica: request.rewardPerReplica,
                reward: request.reward,
                cid: _cidOf(request.cidHash)
            });
    }

    /// @inheritdoc IPinningRequests
    function defaultTerms() public view returns (Terms memory terms) {
        terms.replicas = 1;
        terms.minTermEpochs = Epochs.MIN_DEAL_DURATION;
        terms.deadlineEpoch = uint64(block.number) + DEFAULT_DEADLINE_EPOCHS;
        terms.maxBytes = 1 << 30;
    }

    /// @inheritdoc IPinningRequests
    function quote(Terms memory terms) public view returns (uint256 fee, uint256 rewards) {
        fee = registry.quote(providerId, EdgeJobs.STORE, terms.maxBytes);
        rewards = terms.replicas * terms.rewardPerReplica;
    }

    /// @inheritdoc OracleCaller
    function _onAnswer(uint256 id, uint8 stage, bytes calldata data) internal override {
        Request storage request = _requestOf(id);
        if (request.state > State.Pinned) return;

        if (stage == EdgeJobs.STAGE_PINNED) _pinned(id, request, abi.decode(data, (EdgeJobs.PinnedAnswer)));
        else _packed(id, request, abi.decode(data, (EdgeJobs.PackedAnswer)));
    }

    /// @inheritdoc OracleCaller
    function _onFailure(uint256 id, uint8, FailReason reason) internal override {
        Request storage request = _requestOf(id);
        if (request.state < State.Stored) _end(id, request, State.Failed, reason);
    }

    /// @dev {quote}, for a caller that paid something.
    function _payable(Terms memory terms) private view returns (uint256 fee, uint256 rewards) {
        if (msg.value == 0) revert ZeroFee();
        return quote(terms);
    }

    /// @dev The registry gives the id, so it is asked before anything is written; it does not call back before operators vote.
    function _askToStore(
        bytes memory cid,
        bytes memory fetchLink,
        Terms memory terms,
        uint256 fee
    ) private returns (uint256 id) {
        Cid.requireValid(cid);
        TermsCheck.requireValid(terms, fetchLink);
        (bytes32 pieceDigest, uint64 pieceSize) = TermsCheck.namedPiece(terms);

        id = _ask(
            EdgeJobs.STORE,
            abi.encode(
                EdgeJobs.StorePayload({
                    cid: cid,
                    fetchLink: fetchLink,
                    replicas: terms.replicas,
                    minTermEpochs: terms.minTermEpochs,
                    allowExistingDeals: terms.allowExistingDeals,
                    pieceDigest: pieceDigest,
                    pieceSize: pieceSize
                })
            ),
            terms.maxBytes,
            fee,
            terms.deadlineEpoch
        );

        Request storage request = _open(id, msg.sender);
        request.replicas = terms.replicas;
        request.allowExistingDeals = terms.allowExistingDeals;
        request.minTermEpochs = terms.minTermEpochs;
        request.pieceSize = pieceSize;
        request.pieceDigest = pieceDigest;
    }

    function _record(uint256 id, bytes memory cid, bytes memory fetchLink, Terms memory terms, uint256 fee) private {
        Request storage request = _requestOf(id);
        request.cidHash = _list(cid);
        request.rewardPerReplica = terms.rewardPerReplica;
        request.reward = terms.replicas * terms.rewardPerReplica;
        _hold(request.reward);

        emit SubmitAggregatorRequest(id, cid);
        emit PinningRequested(id, msg.sender, fetchLink, terms, fee);
    }

    function _pinned(uint256 id, Request storage request, EdgeJobs.PinnedAnswer memory answer) private {
        request.state = State.Pinned;
        request.carBytes = answer.carBytes;

        emit Pinned(id, answer.carBytes);
    }

    function _packed(uint256 id, Request storage request, EdgeJobs.PackedAnswer memory answer) private {
        bool same = answer.pieceDigest == request.pieceDigest && answer.pieceSize == request.pieceSize;
        if (request.pieceSize != 0 && !same) return _end(id, request, State.Failed, FailReason.PieceMismatch);

        request.state = State.Packed;
        request.carBytes = answer.carBytes;
        request.pieceDigest = answer.pieceDigest;
        request.pieceSize = answer.pieceSize;

        emit Packed(id, answer.pieceDigest, answer.pieceSize, answer.carBytes);
    }

    /// @dev Records an end that the registry, or the operators' answer, brought about.
    /// @param reason Of a failure.
    function _end(uint256 id, Request storage request, State state, FailReason reason) private {
        request.state = state;
        if (state == State.Failed) {
            request.failReason = reason;
            emit Failed(id, reason);
        } else if (state == State.Expired) emit Expired(id);
        else if (state == State.Refuted) emit Refuted(id);
        else emit Undecided(id);
    }

    /// @dev Counts the deal after every check of it, and pays for it.
    function _prove(
        uint256 id,
        Request storage request,
        uint64 dealId,
        uint64 providerId,
        bytes32 digest,
        uint64 size
    ) private {
        DealCheck.requireCommitment(dealId, digest, size);
        DealCheck.requireProvider(dealId, providerId);
        DealCheck.requireActivated(dealId, request.allowExistingDeals ? 0 : request.requestedEpoch);
        (uint64 startEpoch, uint64 endEpoch) = ReplicaCheck.requireTerm(dealId, request.minTermEpochs);

        ProvenDeal storage deal = request.deals.push();
        deal.dealId = dealId;
        deal.providerId = providerId;
        deal.marketActorId = MarketActor.ID;
        deal.provenEpoch = uint64(block.number);
        deal.startEpoch = startEpoch;
        deal.endEpoch = endEpoch;
        deal.aggregateSize = size;
        deal.aggregateDigest = digest;
        bool all = request.deals.length == request.replicas;
        request.state = all ? State.Stored : State.Storing;
        _listDeal(request.cidHash, dealId, providerId);
        _payOperators(id, request);

        emit CompleteAggregatorRequest(id, dealId);
        emit ReplicaProven(id, dealId, providerId, endEpoch, digest, size);

        if (!all) return;
        emit Stored(id);
        registry.conclude(id);
    }

    /// @dev Whoever shows the deal, the operators that packed the piece are paid: a proof can be copied from the pool.
    function _payOperators(uint256 id, Request storage request) private {
        address[] memory owners = registry.agreeing(id, EdgeJobs.STAGE_PACKED);
        uint256 share = request.rewardPerReplica / owners.length;
        request.reward -= share * owners.length;
        for (uint256 i = 0; i < owners.length; ++i) _credit(owners[i], id, share);
    }

    /// @dev Credits the requester with the reward that is left and the fees that the registry refunded since the last time, and
    /// draws what the registry owes, so that credits are always covered by native value here.
    /// @param refunded What the registry gave back for this request in all.
    function _bookRefund(uint256 id, Request storage request, uint256 refunded) private returns (uint256 amount) {
        uint256 fees = refunded - request.feesBooked;
        amount = request.reward + fees;
        if (amount == 0) return 0;

        request.reward = 0;
        request.feesBooked = refunded;
        _hold(fees);
        _credit(request.requester, id, amount);

        emit Refunded(id, request.requester, amount);

        if (registry.creditOf(address(this)) != 0) registry.withdraw();
    }

    /// @dev Reverts with {UnknownRequest}, {WrongMarketActor}, {NotCompletable}, {DeadlinePassed},
    /// {DealAlreadyCounted}, {ProviderAlreadyCounted}.
    function _completable(
        uint256 id,
        uint64 marketActorId,
        uint64 dealId,
        uint64 providerId
    ) private view returns (Request storage request) {
        request = _requestOf(id);
        if (marketActorId != MarketActor.ID) revert WrongMarketActor(MarketActor.ID, marketActorId);
        IOracleRequests.RequestView memory asked = _asked(id);
        State state = _stateOf(request, asked);
        if (state != State.Packed && state != State.Storing) revert NotCompletable(id, state);
        if (block.number > asked.deadlineEpoch) revert DeadlinePassed(asked.deadlineEpoch, block.number);
        _requireNotCounted(id, dealId, providerId);
    }

    /// @dev The state as told, unless the registry ended the request since: the delivery of a failure may be outstanding, and a
    /// failure that was recorded before it was final may have been undone.
    function _stateOf(Request storage request, IOracleRequests.RequestView memory asked) private view returns (State) {
        if (asked.state == IOracleRequests.RequestState.Refuted) return State.Refuted;
        if (asked.state == IOracleRequests.RequestState.Undecided) return State.Undecided;
        if (request.state >= State.Stored) return request.state;
        if (asked.state == IOracleRequests.RequestState.Failed) return State.Failed;
        if (asked.state == IOracleRequests.RequestState.Expired) return State.Expired;
        return request.state;
    }

    /// @dev {_stateOf} at the current epoch: from the deadline on a request is expired, recorded or not. While a challenge is open
    /// the deadline stands still.
    function _stateNow(
        Request storage request,
        IOracleRequests.RequestView memory asked
    ) private view returns (State state) {
        state = _stateOf(request, asked);
        if (state < State.Stored && block.number > asked.deadlineEpoch && !asked.challenged) state = State.Expired;
    }

    function _asked(uint256 id) private view returns (IOracleRequests.RequestView memory) {
        return registry.getRequest(id);
    }
}
