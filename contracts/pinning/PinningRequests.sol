// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cid} from "../filecoin/Cid.sol";
import {DealCheck} from "../filecoin/DealCheck.sol";
import {Epochs} from "../filecoin/Epochs.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {MarketActor} from "../filecoin/MarketActor.sol";
import {PieceCid} from "../filecoin/PieceCid.sol";
import {Podsi} from "../filecoin/Podsi.sol";
import {EdgeJobs} from "../oracle/EdgeJobs.sol";
import {FailReason} from "../oracle/FailReason.sol";
import {IOracleRegistry} from "../oracle/IOracleRegistry.sol";
import {IOracleRequests} from "../oracle/IOracleRequests.sol";
import {OracleCaller} from "../oracle/OracleCaller.sol";
import {IPerpetualStorage} from "../perpetual/IPerpetualStorage.sol";
import {InclusionAuxData, InclusionProof, InclusionVerifierData} from "./Frc0087.sol";
import {IAggregatorOracle} from "./IAggregatorOracle.sol";
import {IPinningRequests} from "./IPinningRequests.sol";
import {PinningExtension} from "./PinningExtension.sol";
import {PinningForwards} from "./PinningForwards.sol";
import {PinningState} from "./PinningState.sol";
import {PinningStates} from "./PinningStates.sol";
import {RaaSCheck} from "./RaaSCheck.sol";
import {ReplicaCheck} from "./ReplicaCheck.sol";
import {TermsCheck} from "./TermsCheck.sol";

/// @title PinningRequests
/// @dev Assumes of the registry: it is the one of this deployment, calls nothing but its callbacks, credits what it refunds, and
/// answers *Packed* by exactly the quorum. The provider's STORE job ends with a stage that only the requester concludes.
/// Answers come when they are final: what is recorded here is never undone. What the registry can still change (a failure that is
/// challenged) is read there every time.
contract PinningRequests is PinningState, OracleCaller, PinningForwards {
    uint64 private constant DEFAULT_DEADLINE_EPOCHS = 10 * Epochs.DAY;
    uint64 private constant DEFAULT_MAX_BYTES = 1 << 30;

    /// @inheritdoc IPinningRequests
    IPerpetualStorage public immutable perpetualStorage;

    /// @param extension_ Made for the same registry and PerpetualStorage.
    constructor(
        IOracleRegistry registry_,
        uint256 providerId_,
        IPerpetualStorage perpetualStorage_,
        PinningExtension extension_
    ) OracleCaller(registry_, providerId_) PinningForwards(extension_) {
        bool matches =
            address(extension_.registry()) == address(registry_) &&
                address(extension_.perpetualStorage()) == address(perpetualStorage_);
        if (!matches) revert WrongExtension(address(extension_));
        perpetualStorage = perpetualStorage_;
    }

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
    function submitRaaS(
        bytes memory cid,
        bytes memory fetchLink,
        uint256 replicationTarget,
        uint256 repairThreshold,
        uint256 renewThreshold
    ) external payable returns (uint256 id) {
        if (msg.value == 0) revert ZeroFee();
        Cid.requireValid(cid);
        TermsCheck.requireLink(fetchLink);
        uint256 fee = registry.quote(providerId, EdgeJobs.PACK, DEFAULT_MAX_BYTES);
        PerpetualTerms memory terms = RaaSCheck.termsOf(
            replicationTarget,
            repairThreshold,
            renewThreshold,
            msg.value,
            fee
        );
        terms.seed = fetchLink;

        id = _ask(
            EdgeJobs.PACK,
            abi.encode(EdgeJobs.PackPayload({cid: cid, fetchLink: fetchLink})),
            DEFAULT_MAX_BYTES,
            fee,
            uint64(block.number) + DEFAULT_DEADLINE_EPOCHS
        );

        Request storage request = _open(id, msg.sender);
        request.perpetual = true;
        request.replicas = uint16(replicationTarget);
        request.cidHash = _list(cid);
        request.reward = msg.value - fee;
        _perpetual[id] = terms;
        _hold(msg.value - fee);

        emit SubmitAggregatorRequestWithRaaS(id, cid, replicationTarget, repairThreshold, renewThreshold);
        emit PerpetualRequested(id, msg.sender, request.replicas, terms, msg.value - fee, fee);
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
    function withdraw() external returns (uint256 amount) {
        return _pay(msg.sender);
    }

    /// @inheritdoc IPinningRequests
    function withdrawFor(address account) external returns (uint256 amount) {
        return _pay(FilAddress.normalise(account));
    }

    /// @inheritdoc IPinningRequests
    function creditOf(address account) external view returns (uint256) {
        return _credits[FilAddress.normalise(account)];
    }

    /// @inheritdoc IPinningRequests
    function liabilities() external view returns (uint256) {
        return _liabilities;
    }

    /// @inheritdoc IPinningRequests
    function requestCount() external view returns (uint256) {
        return _ids.length;
    }

    /// @inheritdoc IPinningRequests
    function defaultTerms() public view returns (Terms memory terms) {
        terms.replicas = 1;
        terms.minTermEpochs = Epochs.MIN_DEAL_DURATION;
        terms.deadlineEpoch = uint64(block.number) + DEFAULT_DEADLINE_EPOCHS;
        terms.maxBytes = DEFAULT_MAX_BYTES;
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
        if (request.perpetual && !PieceCid.isPieceSize(answer.pieceSize))
            return _end(id, request, State.Failed, FailReason.BadContent); // no order can be of that

        request.state = State.Packed;
        request.carBytes = answer.carBytes;
        request.pieceDigest = answer.pieceDigest;
        request.pieceSize = answer.pieceSize;

        emit Packed(id, answer.pieceDigest, answer.pieceSize, answer.carBytes);
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
        State state = PinningStates.ofRecord(request.state, asked);
        if (request.perpetual || (state != State.Packed && state != State.Storing)) revert NotCompletable(id, state);
        if (block.number > asked.deadlineEpoch) revert DeadlinePassed(asked.deadlineEpoch, block.number);
        _requireNotCounted(id, dealId, providerId);
    }

    function _asked(uint256 id) private view returns (IOracleRequests.RequestView memory) {
        return registry.getRequest(id);
    }
}
