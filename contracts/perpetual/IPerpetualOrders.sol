// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Orders: what a client wants kept, and the money for it
/// @notice A client funds an order once; storage providers claim its slots, prove a replica each, and are paid for proven epochs out
/// of it. Amounts are attoFIL; terms and windows are epochs; sizes are bytes; an order's id counts from 1.
/// @dev `free` is what the client may take back and new claims may reserve; `reserved` is what live slots can still earn:
/// Σ price · maxTerm of the claimed and Σ price · (end − provenTo) of the active ones. What flows back to a cancelled order goes to
/// the client's credit instead. Orders pay in FIL only: data cap cannot be held here ({IPerpetualCallbacks-DatacapRefused}).
interface IPerpetualOrders {
    /// @notice Suspended: no claims, everything else goes on. Cancelled: for ever.
    enum OrderStatus {
        None,
        Live,
        Suspended,
        Cancelled
    }

    /// @notice What shows that a replica is alive. Sector: the miner actor validates that its sector is Active. Deal: the market's
    /// answer alone is enough, which ignores faults for up to 42 days; the weak mode, to be chosen.
    enum Liveness {
        Sector,
        Deal
    }

    /// @notice Who may claim: everyone; the providers that are listed; or all but the listed.
    enum Access {
        Everyone,
        Listed,
        NotListed
    }

    /// @notice Rules of an order that never change. Bounds, inclusive, are those of {PerpetualRules}.
    /// @param minTermEpochs A slot's term, at least: 518,400 (180 d) to `maxTermEpochs`.
    /// @param maxTermEpochs What a claim reserves money for, at most 3,680,640 (1,278 d).
    /// @param claimEpochs From the claim to the proof: 2,880 (1 d) to 86,400 (30 d).
    /// @param fetchEpochs From the claim, in which the claim can be abandoned for a small fee: 120 to `claimEpochs`.
    /// @param gapEpochs How far back one proof pays: 2,880 to 86,400.
    /// @param renewalEpochs Before a slot's end, in which its successor can be claimed: 8,640 (3 d) to 172,800 (60 d).
    /// @param evictEpochs A replica shown faulty for so long is lost: 2,880 to 120,959 (less than 42 d).
    /// @param collateral What a claim puts down, attoFIL: 0.1 FIL at least.
    /// @param minPower Raw power that a claiming provider must have, bytes.
    struct Terms {
        uint64 minTermEpochs;
        uint64 maxTermEpochs;
        uint64 claimEpochs;
        uint64 fetchEpochs;
        uint64 gapEpochs;
        uint64 renewalEpochs;
        uint64 evictEpochs;
        uint128 collateral;
        uint128 minPower;
        Liveness liveness;
        Access access;
    }

    /// @param pieceCid The piece, CIDv1 (39 bytes, baga…).
    /// @param pieceSize Its padded size, bytes.
    /// @param replicas 1 to 16, each with another provider of another owner.
    /// @param price Per replica and epoch, attoFIL, at least 1.
    /// @param ceiling To which the price of a successor rises while the slot's end draws near; not below `price`.
    /// @param endEpoch No slot runs beyond it; 0: for ever.
    /// @param payloadCid The binary CID that was packed into the piece; may be empty.
    /// @param seed Where to fetch the piece: text, at most 1,024 bytes; public.
    /// @param providers The list for `terms.access`, at most 200; more by {setListed}.
    struct NewOrder {
        bytes pieceCid;
        uint64 pieceSize;
        uint16 replicas;
        uint128 price;
        uint128 ceiling;
        uint64 endEpoch;
        bytes payloadCid;
        bytes seed;
        Terms terms;
        uint64[] providers;
    }

    /// @param version Of what can change; a claim names it, so that nobody claims what he has not read.
    struct OrderView {
        address client;
        OrderStatus status;
        uint32 version;
        uint16 replicas;
        uint128 price;
        uint128 ceiling;
        uint64 endEpoch;
        uint64 openedEpoch;
        uint64 pieceSize;
        bytes32 pieceDigest;
        uint256 free;
        uint256 reserved;
        bytes payloadCid;
        bytes seed;
        Terms terms;
    }

    /// @dev `order.seed`, `order.payloadCid`, `order.terms` and the list are all a reader needs to know the order's start.
    event OrderOpened(
        uint256 indexed orderId,
        address indexed client,
        bytes32 indexed pieceDigest,
        NewOrder order,
        uint256 deposit
    );
    event ToppedUp(uint256 indexed orderId, address indexed payer, uint256 amount);
    event OrderChanged(
        uint256 indexed orderId,
        uint32 version,
        uint16 replicas,
        uint128 price,
        uint128 ceiling,
        uint64 endEpoch
    );
    event SeedChanged(uint256 indexed orderId, uint32 version, bytes seed);
    event ListChanged(uint256 indexed orderId, uint64[] providers, bool listed);
    event Suspended(uint256 indexed orderId);
    event Resumed(uint256 indexed orderId);
    event FreeWithdrawn(uint256 indexed orderId, uint256 amount);
    /// @param amount What was free, and is the client's credit now.
    event OrderCancelled(uint256 indexed orderId, uint256 amount);

    error UnknownOrder(uint256 orderId);
    error NotClient(uint256 orderId, address client, address caller);
    error WrongOrderStatus(uint256 orderId, OrderStatus actual);
    /// @param what The field's name.
    error OutOfBounds(string what, uint256 minimum, uint256 maximum, uint256 actual);
    error BadPieceSize(uint64 pieceSize);
    error TextTooLong(uint256 limit, uint256 length);
    error TooManyProviders(uint256 limit, uint256 length);
    error DepositTooLow(uint256 required, uint256 actual);
    error FreeTooLow(uint256 free, uint256 required);
    /// @notice The change changes nothing.
    error Unchanged(uint256 orderId);

    /// @notice Opens an order of the caller's with {defaultTerms}, for ever, whose price may double towards a slot's end.
    /// @dev Emits {OrderOpened}. Reverts as {openFor}.
    /// @param price Per replica and epoch, attoFIL.
    function open(
        bytes calldata pieceCid,
        uint64 pieceSize,
        uint16 replicas,
        uint128 price,
        bytes calldata payloadCid,
        bytes calldata seed
    ) external payable returns (uint256 orderId);

    /// @notice Opens an order of `client`'s; the caller pays. msg.value is what the order begins with: price · minTermEpochs at least. A
    /// slot is open only while the free money covers it for maxTermEpochs.
    /// @dev Emits {OrderOpened}. Reverts with {OutOfBounds}, {BadPieceSize}, NotAPieceCid, {TextTooLong}, {TooManyProviders},
    /// {DepositTooLow}, InvalidCid.
    function openFor(address client, NewOrder calldata order) external payable returns (uint256 orderId);

    /// @notice Adds msg.value to an order's free money; by anyone, while it is not cancelled.
    /// @dev Emits {ToppedUp}. Reverts with {UnknownOrder}, {WrongOrderStatus}, {OutOfBounds} (nothing).
    function topUp(uint256 orderId) external payable;

    /// @notice Sets the price and the ceiling of future claims.
    /// @dev The setters emit {OrderChanged} and revert with {UnknownOrder}, {NotClient}, {WrongOrderStatus} (cancelled), {OutOfBounds},
    /// {Unchanged}. None of them touches a claimed or active slot.
    function setPrice(uint256 orderId, uint128 price, uint128 ceiling) external;

    /// @notice Sets how many replicas future claims may bring it to; ends no slot.
    function setReplicas(uint256 orderId, uint16 replicas) external;

    /// @notice Sets the epoch beyond which no future slot runs; 0: for ever.
    function setEnd(uint256 orderId, uint64 endEpoch) external;

    /// @notice Sets where to fetch the piece.
    /// @dev Emits {SeedChanged}. Reverts with {TextTooLong} and as the other setters.
    function setSeed(uint256 orderId, bytes calldata seed) external;

    /// @notice Puts providers on the order's list or takes them off, at most 200 in a call.
    /// @dev Emits {ListChanged}. Reverts with {TooManyProviders} and as the other setters.
    function setListed(uint256 orderId, uint64[] calldata providers, bool listed) external;

    /// @notice No claims until {resume}.
    /// @dev Emits {Suspended}. Reverts with {UnknownOrder}, {NotClient}, {WrongOrderStatus}.
    function suspend(uint256 orderId) external;

    /// @dev Emits {Resumed}. Reverts with {UnknownOrder}, {NotClient}, {WrongOrderStatus}.
    function resume(uint256 orderId) external;

    /// @notice Turns free money into the client's credit.
    /// @dev Emits {FreeWithdrawn}. Reverts with {UnknownOrder}, {NotClient}, {FreeTooLow}, {OutOfBounds} (nothing).
    function withdrawFree(uint256 orderId, uint256 amount) external;

    /// @notice Ends the order: what is free is the client's credit at once; claimed and active slots run on and are paid.
    /// @dev Emits {OrderCancelled}. Reverts with {UnknownOrder}, {NotClient}, {WrongOrderStatus}.
    function cancel(uint256 orderId) external;

    /// @notice The terms with which {open} opens an order of this price.
    function defaultTerms(uint128 price) external view returns (Terms memory);

    function getOrder(uint256 orderId) external view returns (OrderView memory);

    function orderCount() external view returns (uint256);

    /// @notice Orders of one client in the order of their opening, from position `start`; 200 at most.
    function ordersOf(address client, uint256 start, uint256 count) external view returns (uint256[] memory orderIds);

    /// @notice Whether a provider is on the order's list.
    function isListed(uint256 orderId, uint64 provider) external view returns (bool);
}
