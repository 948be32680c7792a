// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Slots: places of an order that storage providers take
/// @notice A slot's id is orderId · 256 + seat. An order with r replicas has 2r seats in r pairs (seats p and p + 16): the successor of
/// the replica in one seat of a pair is claimed in the other, before the replica's term ends. A seat is used again and again: every
/// claim of it has its own nonce, counted from 1. A slot is known to the outside by its label, the text "SLOT/NONCE" in decimal digits
/// (slot 256, nonce 1: `256/1`); a deal's label or a sector's notification payload carries it.
/// States: None → Claimed → Active → Ended | Lost | Resigned; Claimed → Abandoned | Lapsed; from each of the final states the seat can
/// be claimed again. *Open* is no state but computed: see {OpenSlot}.
interface IPerpetualSlots {
    enum SlotState {
        None,
        Claimed,
        Active,
        Abandoned,
        Lapsed,
        Lost,
        Resigned,
        Ended
    }

    /// @notice By what a slot is proven: a market deal, or a sector whose miner told of it (direct data onboarding).
    enum Kind {
        None,
        Deal,
        Sector
    }

    /// @notice What the caller of {settle} says of the sector; the miner actor must confirm it. None: nothing.
    enum SectorClaim {
        None,
        Active,
        Faulty,
        Dead
    }

    /// @notice A seat that can be claimed now.
    /// @param nonce To be named in {claim}.
    /// @param price Per epoch, attoFIL, now: rising from the order's price to its ceiling in a renewal window.
    /// @param incumbent Provider whose replica the slot succeeds; 0: none.
    /// @param incumbentOnlyUntil First epoch at which others may claim it too; 0: now.
    /// @param claimBy The last epoch, inclusive, at which a claim made now can be proven.
    struct OpenSlot {
        uint256 slot;
        uint64 nonce;
        uint32 orderVersion;
        uint64 incumbent;
        uint64 incumbentOnlyUntil;
        uint64 claimBy;
        uint64 pieceSize;
        uint64 minTermEpochs;
        uint64 maxTermEpochs;
        uint128 price;
        uint128 collateral;
        bytes32 pieceDigest;
    }

    /// @param owner Actor id of the provider's owner when it claimed.
    /// @param poster Who put the collateral down, and gets it back.
    /// @param price What it pays per epoch, attoFIL; fixed by the claim, like `maxTermEpochs` and `orderEnd`.
    /// @param start First epoch that is paid; `end` the first that is not. Of a claimed slot bound by a miner's notification `end` is
    /// the sector's commitment.
    /// @param provenTo First epoch that is neither paid nor given back yet.
    /// @param faultSince Epoch at which it was first shown faulty; 0: it is not.
    /// @param settleBy The last epoch, inclusive, at which {settle} loses nothing; 0 unless Active.
    /// @param paid What it earned so far, attoFIL.
    struct SlotView {
        uint256 slot;
        uint64 nonce;
        SlotState state;
        Kind kind;
        uint64 provider;
        uint64 owner;
        address poster;
        uint128 price;
        uint128 collateral;
        uint64 maxTermEpochs;
        uint64 orderEnd;
        uint64 claimedEpoch;
        uint64 claimBy;
        uint64 start;
        uint64 end;
        uint64 provenTo;
        uint64 faultSince;
        uint64 settleBy;
        uint64 dealId;
        uint64 sector;
        uint256 paid;
    }

    /// @param claimBy The last epoch, inclusive, at which it can be proven.
    event SlotClaimed(
        uint256 indexed slot,
        uint64 indexed provider,
        uint64 indexed nonce,
        uint64 owner,
        address poster,
        uint128 price,
        uint64 maxTermEpochs,
        uint64 orderEnd,
        uint64 claimBy,
        uint128 collateral
    );
    /// @param dealId 0 for a sector.
    /// @param commitmentEpoch Of a sector: until when it is committed; 0 for a deal.
    event SlotBound(
        uint256 indexed slot,
        uint64 indexed provider,
        uint64 nonce,
        Kind kind,
        uint64 dealId,
        uint64 sector,
        uint64 commitmentEpoch
    );
    /// @param returned What the claim had reserved beyond price · (end − start); the order's again.
    event SlotProven(
        uint256 indexed slot,
        uint64 indexed provider,
        uint64 nonce,
        Kind kind,
        uint64 dealId,
        uint64 sector,
        uint64 start,
        uint64 end,
        uint256 returned
    );
    /// @notice The provider earned `amount` for the epochs up to `provenTo`.
    event SlotPaid(uint256 indexed slot, uint64 indexed provider, uint64 nonce, uint64 provenTo, uint256 amount);
    /// @notice Epochs up to `provenTo` were not proven in time, or were faulty: `amount` is the order's again.
    event SlotCut(uint256 indexed slot, uint64 indexed provider, uint64 nonce, uint64 provenTo, uint256 amount);
    event SlotFaulty(uint256 indexed slot, uint64 indexed provider, uint64 nonce, uint64 sinceEpoch);
    event SlotRecovered(uint256 indexed slot, uint64 indexed provider, uint64 nonce);
    /// @notice The slot is in a final state, `state`; its collateral is split and the seat is free.
    /// @param returned Unearned reservation that is the order's again.
    /// @param toPoster Of the collateral; `toOrder`, `toCaller` (a bounty) and `toSink` are the rest of it.
    event SlotClosed(
        uint256 indexed slot,
        uint64 indexed provider,
        uint64 nonce,
        SlotState state,
        uint256 returned,
        uint256 toPoster,
        uint256 toOrder,
        uint256 toCaller,
        uint256 toSink
    );
    event Barred(uint256 indexed orderId, uint64 indexed provider, uint64 indexed owner, uint64 untilEpoch);

    error UnknownSlot(uint256 slot);
    error WrongSlotState(uint256 slot, SlotState actual);
    /// @param nextEpoch The next epoch at which a slot of the order opens by time alone; 0: none does.
    error SlotNotOpen(uint256 slot, uint64 nextEpoch);
    error StaleNonce(uint256 slot, uint64 expected, uint64 actual);
    error StaleVersion(uint256 orderId, uint32 expected, uint32 actual);
    error PriceTooLow(uint256 required, uint256 actual);
    error IncumbentOnly(uint256 slot, uint64 incumbent, uint64 untilEpoch);
    error NotAMiner(uint64 actorId);
    error NotControlling(uint64 provider, address caller);
    error PowerTooLow(uint256 required, uint256 actual);
    error ProviderNotAllowed(uint256 orderId, uint64 provider);
    error ProviderBarred(uint256 orderId, uint64 actorId, uint64 untilEpoch);
    /// @notice The provider, or its owner, has a live slot in the order already.
    error AlreadyLive(uint256 orderId, uint64 actorId, uint256 slot);
    error TooManyClaims(uint64 owner, uint256 limit);
    error WrongValue(uint256 expected, uint256 actual);
    error FetchWindowOver(uint64 lastEpoch, uint256 currentEpoch);
    error NotLapsed(uint64 claimBy, uint256 currentEpoch);
    error NothingToCut(uint256 slot);
    error TermOver(uint64 endEpoch, uint256 currentEpoch);
    error NotReleasable(uint64 releaseEpoch, uint256 currentEpoch);
    error NotStarted(uint64 startEpoch, uint256 currentEpoch);
    /// @notice Nothing that was shown lets the slot be paid, faulted, lost or ended.
    error Unproven(uint256 slot);
    error TooManyCalls(uint256 limit, uint256 length);
    error TooFewDone(uint256 required, uint256 done);

    /// @notice Takes a slot for `provider`: {Terms-collateral} is paid in, the price and term are fixed, and the replica is to be proven
    /// by `claimBy`. A claim in that seat which has lapsed, or a replica that can be released, is closed on the way.
    /// @dev Emits {SlotClaimed}. Reverts with {UnknownSlot}, {WrongOrderStatus}, {StaleVersion}, {StaleNonce}, {SlotNotOpen},
    /// {PriceTooLow}, {WrongValue}, {IncumbentOnly}, {NotAMiner}, {NotControlling}, {PowerTooLow}, {ProviderNotAllowed}, {ProviderBarred},
    /// {AlreadyLive}, {TooManyClaims}, {ActorUnclear}.
    /// @param nonce The one that {openSlots} shows.
    /// @param minPrice Per epoch, attoFIL: a lower price now is refused.
    /// @param provider The miner actor's id; the caller is its owner, worker or one of its control addresses.
    /// @return seed Where to fetch the piece.
    /// @return holders The providers whose replicas of it are active now.
    function claim(
        uint256 slot,
        uint64 nonce,
        uint32 orderVersion,
        uint128 minPrice,
        uint64 provider
    ) external payable returns (bytes memory seed, uint64[] memory holders);

    /// @notice The provider gives a claim back within `fetchEpochs`, and before it lapses: 5 % of the collateral goes to the sink, the rest to its poster.
    /// @dev Emits {SlotClosed}. Reverts with {UnknownSlot}, {WrongSlotState}, {NotControlling}, {FetchWindowOver}.
    function abandon(uint256 slot) external;

    /// @notice Closes a claim that was not proven in time; by anyone. The collateral goes to the sink; the provider and its owner
    /// cannot claim in this order for 86,400 epochs.
    /// @dev Emits {SlotClosed}, {Barred}. Reverts with {UnknownSlot}, {WrongSlotState}, {NotLapsed}.
    function lapse(uint256 slot) external;

    /// @notice Brings a slot up to date with what Filecoin's actors say now; by anyone, as often as wanted. Before the term's end: pays up
    /// to `gapEpochs` back when the replica is shown alive; gives the time back to the order when it is shown faulty; closes it as Lost when
    /// the deal is gone, the sector is dead, or it has been faulty for `evictEpochs` (a tenth of the collateral is the caller's, the rest
    /// the order's). From the end on: pays the tail and gives the collateral back when the deal can still be read or the sector is
    /// alive; {releaseEpoch} later without evidence the tail is the order's, the collateral the poster's.
    /// @dev Emits {SlotPaid}, {SlotCut}, {SlotFaulty}, {SlotRecovered}, {SlotClosed}. Reverts with {UnknownSlot}, {WrongSlotState},
    /// {NotStarted}, {Unproven}, {ActorUnclear}, ActorCall's and Cbor's errors; then nothing has changed.
    /// @param status What the sector is said to be; must be confirmed by the miner actor (FIP-0112).
    /// @param location CBOR of [deadline, partition], computed off-chain by GenerateSectorLocation.
    function settle(uint256 slot, SectorClaim status, bytes calldata location) external;

    /// @notice Gives unproven time older than `gapEpochs` back to the order; by anyone, without any actor.
    /// @dev Emits {SlotCut}. Reverts with {UnknownSlot}, {WrongSlotState}, {NothingToCut}.
    function cut(uint256 slot) external;

    /// @notice The provider leaves before the end: nothing since the last proof is paid, the collateral is the order's, the seat is open.
    /// @dev Emits {SlotClosed}. Reverts with {UnknownSlot}, {WrongSlotState}, {NotControlling}, {TermOver}.
    function resign(uint256 slot) external;

    /// @notice Closes a replica 20,160 epochs after its end without asking an actor: the unpaid tail is the order's, the collateral
    /// its poster's.
    /// @dev Emits {SlotClosed}. Reverts with {UnknownSlot}, {WrongSlotState}, {NotReleasable}.
    function release(uint256 slot) external;

    /// @notice Runs up to 64 calls of this contract as the caller; one that fails does not undo the others.
    /// @dev Reverts with {TooManyCalls}, {TooFewDone}: name what a simulation did, so that no estimate of gas can be too small for it.
    /// @return done Which succeeded.
    function batch(bytes[] calldata calls, uint256 minDone) external returns (bool[] memory done);
}
