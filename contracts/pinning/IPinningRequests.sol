// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason} from "../oracle/FailReason.sol";
import {IPerpetualStorage} from "../perpetual/IPerpetualStorage.sol";
import {IAggregatorOracle} from "./IAggregatorOracle.sol";

/// @title PinningRequests: "keep this CID", with every deal proven to the chain
/// @notice A request is pinned and packed by the Edge provider's operators (their fee rests in the OracleRegistry); every replica
/// is then shown by {complete} or {onchain_complete}, which believe the market actor only. The reward per replica rests here and
/// is credited to the operators that agreed on *Packed*. A request's id is its id in the OracleRegistry.
/// Amounts are attoFIL; epochs are Filecoin epochs; pieces are a CommP digest and a padded size in bytes.
/// @dev What {complete} and {onchain_complete} check, in this order, and what they revert with: the request exists
/// ({UnknownRequest}); the market is the built-in one ({WrongMarketActor}); the request is Packed or Storing ({NotCompletable}: until
/// *Packed* is final and delivered it is neither) and not past its deadline ({DeadlinePassed}); neither deal nor provider counted for
/// it before ({DealAlreadyCounted}, {ProviderAlreadyCounted}); the piece shown is the request's ({WrongPiece}, NotAPieceCid) and
/// lies in an aggregate (an error of Podsi); the market's commitment for the deal is that aggregate, or in {onchain_complete} the
/// piece itself ({DealCheck-WrongAggregate}); the provider is the one named ({DealCheck-WrongProvider}); the deal is activated
/// ({DealCheck-DealNotActive}), not before the request unless that is allowed ({DealCheck-DealTooOld}); it has begun
/// ({DealNotStarted}), is not over ({DealExpired}) and runs long enough from now ({TermTooShort}). The market's refusals are
/// {DealCheck-DealUnknown} (exit 17: never published), {DealCheck-DealRemoved} (exit 32: terminated, timed out or settled) and
/// {ActorCall-ActorUnclear} (any other).
interface IPinningRequests is IAggregatorOracle {
    /// @notice Requested → Pinned → Packed → Storing (1 to replicas − 1 deals proven) → Stored; the others end it. Answers count here
    /// when they are final. Failed, Expired, Cancelled: over before it was stored. Refuted: an answer of the operators was shown
    /// false. Undecided: one was challenged and the arbiter did not rule. Failed becomes Refuted or Undecided if that befalls the
    /// failure itself. Ordered: what {submitRaaS} asked for goes on as an order of {perpetualStorage}, with all the money that rested
    /// here. None is no request: every function that takes an id reverts with {UnknownRequest}.
    enum State {
        None,
        Requested,
        Pinned,
        Packed,
        Storing,
        Stored,
        Failed,
        Expired,
        Cancelled,
        Refuted,
        Undecided,
        Ordered
    }

    /// @param replicas Deals with as many different providers, 1 to 16.
    /// @param minTermEpochs What each deal must still run when it is shown: 1 to 3,680,640.
    /// @param deadlineEpoch The last epoch, inclusive, at which votes and completions are accepted; at most 3,680,640 epochs from now.
    /// @param maxBytes Largest CAR, bytes; more is answered by TooLarge. It sets the operators' fee, whatever the real size is.
    /// @param rewardPerReplica Paid for each proven deal; divisible by the quorum of the provider's version in force; may be 0.
    /// @param allowExistingDeals Whether a deal that was activated before the request counts.
    /// @param pieceCid The piece, if the requester wants to name it: 39 bytes, CIDv1 (baga…); empty to let the operators find it.
    /// @param pieceSize Padded size of that piece; 0 with an empty pieceCid.
    struct Terms {
        uint16 replicas;
        uint64 minTermEpochs;
        uint64 deadlineEpoch;
        uint64 maxBytes;
        uint256 rewardPerReplica;
        bool allowExistingDeals;
        bytes pieceCid;
        uint64 pieceSize;
    }

    /// @param state Failed, Refuted and Undecided show as soon as the registry says so, Expired as soon as the deadline has passed,
    /// even before {refund} records it. While a challenge is open the deadline stands still.
    /// @param failReason Of no meaning unless `state` is Failed.
    /// @param deadlineEpoch As the registry has it: a challenge that was rejected puts it off.
    /// @param proven Deals that count; they go on counting whatever becomes of the request.
    /// @param carBytes Size of the CID's canonical CAR, 0 until Pinned.
    /// @param pieceDigest The piece that deals must store: named by the requester, or the operators' answer once Packed, zero before.
    /// @param reward What still rests here for unproven replicas.
    struct RequestView {
        address requester;
        State state;
        FailReason failReason;
        uint16 replicas;
        uint16 proven;
        bool allowExistingDeals;
        uint64 minTermEpochs;
        uint64 requestedEpoch;
        uint64 deadlineEpoch;
        uint64 carBytes;
        uint64 pieceSize;
        bytes32 pieceDigest;
        uint256 rewardPerReplica;
        uint256 reward;
        bytes cid;
    }

    /// @param endEpoch The first epoch at which the deal is over: start + duration.
    struct ProvenDeal {
        uint64 dealId;
        uint64 providerId;
        uint64 marketActorId;
        uint64 provenEpoch;
        uint64 startEpoch;
        uint64 endEpoch;
        uint64 aggregateSize;
        bytes32 aggregateDigest;
    }

    /// @notice What a request of {submitRaaS} becomes an order with; zeros for any other.
    /// @param evictEpochs A replica that was shown faulty for so long is lost and its slot opens again: the repair threshold.
    /// @param renewalEpochs So long before a replica's end its successor can be claimed: the renew threshold.
    /// @param price Per replica and epoch, attoFIL; it may double towards a replica's end.
    /// @param orderId The order's id in {perpetualStorage}; 0 until it is opened.
    /// @param seed Where providers fetch the piece: the fetch link.
    struct PerpetualTerms {
        uint64 evictEpochs;
        uint64 renewalEpochs;
        uint128 price;
        uint256 orderId;
        bytes seed;
    }

    /// @param fetchLink Where to get the data; only events carry it.
    /// @param fee What the registry was paid for the operators' work.
    event PinningRequested(uint256 indexed id, address indexed requester, bytes fetchLink, Terms terms, uint256 fee);
    /// @param terms Of the order that it is to become.
    /// @param escrow What the order will begin with.
    /// @param fee What the registry was paid for the operators' work.
    event PerpetualRequested(
        uint256 indexed id,
        address indexed requester,
        uint16 replicas,
        PerpetualTerms terms,
        uint256 escrow,
        uint256 fee
    );
    event Pinned(uint256 indexed id, uint64 carBytes);
    event Packed(uint256 indexed id, bytes32 pieceDigest, uint64 pieceSize, uint64 carBytes);
    event ReplicaProven(
        uint256 indexed id,
        uint64 indexed dealId,
        uint64 indexed providerId,
        uint64 endEpoch,
        bytes32 aggregateDigest,
        uint64 aggregateSize
    );
    event Stored(uint256 indexed id);
    /// @param deposit What the order began with: all that rested here for the request.
    event Ordered(uint256 indexed id, uint256 indexed orderId, address indexed client, uint256 deposit);
    event Failed(uint256 indexed id, FailReason reason);
    event Cancelled(uint256 indexed id);
    event Expired(uint256 indexed id);
    event Refuted(uint256 indexed id);
    event Undecided(uint256 indexed id);
    event Refunded(uint256 indexed id, address indexed requester, uint256 amount);
    event Credited(address indexed account, uint256 indexed id, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Nothing was paid.
    error ZeroFee();
    error FeeTooLow(uint256 required, uint256 actual);
    error WrongValue(uint256 expected, uint256 actual);
    error RewardNotDivisible(uint256 quorum, uint256 reward);
    error BadReplicas(uint256 limit, uint256 actual);
    error BadTerm(uint64 minimum, uint64 maximum, uint64 actual);
    error PastDeadline(uint256 currentEpoch, uint64 deadlineEpoch);
    error DeadlineTooFar(uint256 latestEpoch, uint64 deadlineEpoch);
    error BadPieceSize(uint64 pieceSize);
    error FetchLinkTooLong(uint256 limit, uint256 actual);
    error UnknownRequest(uint256 id);
    error NotRequester(address requester, address caller);
    error NotCompletable(uint256 id, State state);
    error NotCancellable(uint256 id, State state);

    /// @notice Not asked by {submitRaaS}, not *Packed* yet, ordered already, or over.
    error NotOrderable(uint256 id, State state);
    error NothingToRefund(uint256 id, State state);

    /// @notice The registry's: a challenge of the answer to `stage` is open.
    error UnderChallenge(uint256 id, uint8 stage);
    error DeadlinePassed(uint64 deadlineEpoch, uint256 currentEpoch);
    error WrongMarketActor(uint64 expected, uint64 actual);
    error DealAlreadyCounted(uint256 id, uint64 dealId);
    error ProviderAlreadyCounted(uint256 id, uint64 providerId);
    error WrongPiece(bytes32 expectedDigest, uint64 expectedSize, bytes32 actualDigest, uint64 actualSize);
    error DealNotStarted(uint64 startEpoch, uint256 currentEpoch);
    error DealExpired(uint64 endEpoch, uint256 currentEpoch);

    error TermTooShort(uint64 requiredEpochs, uint64 remainingEpochs);

    error NoCredit(address account);
    error PaymentFailed(address account, uint256 amount);

    /// @notice Made for another registry or another PerpetualStorage.
    error WrongExtension(address extension);

    /// @notice Asks for `cid` to be kept on the given terms. msg.value is exactly {quote}.
    /// @dev Emits {SubmitAggregatorRequest} and {PinningRequested}. Reverts with {ZeroFee}, {WrongValue}, InvalidCid,
    /// {FetchLinkTooLong}, {BadReplicas}, {BadTerm}, {PastDeadline}, {DeadlineTooFar}, {BadPieceSize}, NotAPieceCid, {RewardNotDivisible}, and as
    /// {IOracleRequests-request} does (a deadline nearer than the provider accepts: DeadlineTooSoon).
    /// @param cid The binary CID, v0 or v1.
    /// @param fetchLink Empty, multiaddrs with /p2p (comma separated), or the http(s) URL of a CAR or a trustless gateway; ≤ 1,024 B.
    /// @return id The request's id, here and in the registry.
    function submitWithTerms(
        bytes calldata cid,
        bytes calldata fetchLink,
        Terms calldata terms
    ) external payable returns (uint256 id);

    /// @notice What {submitWithTerms} costs, attoFIL: the operators' fee and replicas × rewardPerReplica.
    function quote(Terms calldata terms) external view returns (uint256 fee, uint256 rewards);

    /// @notice The terms on which {submit} asks now: one replica for 518,400 epochs (180 days), 28,800 epochs (10 days) to the
    /// deadline, 1 GiB, and whatever is paid beyond its {quote} as the reward.
    function defaultTerms() external view returns (Terms memory);

    /// @notice Opens the order that a request of {submitRaaS} has become once *Packed* is final and delivered; by anyone, also after the
    /// deadline. The requester is its client; all that rests here for the request moves into it in this call.
    /// @dev Emits {Ordered}. Reverts with {UnknownRequest}, {NotOrderable}. The order is one that {perpetualStorage} accepts: what it
    /// holds against is held by {submitRaaS}, and an answer with an impossible piece ends the request as Failed.
    /// @return orderId The order's id in {perpetualStorage}.
    function openOrder(uint256 id) external returns (uint256 orderId);

    /// @notice The requester takes the request back while no deal is proven and it is not over. Unearned fees and the whole reward
    /// go to the requester's credit; the stage in progress is paid as {IOracleRequests-cancel} says.
    /// @dev Emits {Cancelled} and {Refunded}. Reverts with {UnknownRequest}, {NotRequester}, {NotCancellable}, {UnderChallenge}.
    function cancel(uint256 id) external;

    /// @notice Books what a request that failed, passed its deadline, was refuted or left undecided did not spend to the requester's
    /// credit. Anyone may call it; needs only the id. Proven deals stay proven and paid. Each attoFIL is booked once, whoever had the
    /// registry end the request or pay this contract before; what the registry gives back later (a challenge does that, also after
    /// a failure or a cancellation) is booked by calling again.
    /// @dev Emits {Refunded}, and {Failed}, {Expired}, {Refuted} or {Undecided} if that was not recorded yet. Reverts with
    /// {UnknownRequest}, {NothingToRefund}, {UnderChallenge} (after the deadline: a challenge that is open may put it off).
    /// @return amount attoFIL booked by this call.
    function refund(uint256 id) external returns (uint256 amount);

    /// @notice Pays the caller's credit to the caller.
    function withdraw() external returns (uint256 amount);

    /// @notice Pays `account`'s credit to `account`; anyone may ask for it.
    function withdrawFor(address account) external returns (uint256 amount);

    function creditOf(address account) external view returns (uint256);

    function getRequest(uint256 id) external view returns (RequestView memory);

    function requestCount() external view returns (uint256);

    /// @notice Ids in the order they were asked, from position `start`: `count`, but no more than 200, fewer at the end.
    function requestIds(uint256 start, uint256 count) external view returns (uint256[] memory ids);

    /// @notice Like {requestIds}, for one requester.
    function requestIdsOf(address requester, uint256 start, uint256 count) external view returns (uint256[] memory ids);

    /// @dev Reverts with {UnknownRequest}.
    function perpetualTermsOf(uint256 id) external view returns (PerpetualTerms memory);

    /// @notice Where requests of {submitRaaS} go on.
    function perpetualStorage() external view returns (IPerpetualStorage);

    /// @notice The deals that were proven for a request (at most 16).
    function dealsOf(uint256 id) external view returns (ProvenDeal[] memory);

    /// @notice All that rests here for others: rewards and credits. The contract's balance is never below it.
    function liabilities() external view returns (uint256);
}
