// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title ILocalMarket
/// @notice What a local chain can tell the stand-in of the market actor (f05), beside its messages: what miners, Filecoin's
/// cron and nodes do elsewhere.
interface ILocalMarket {
    /// @notice A deal to publish. `pieceSize` is padded bytes; epochs are inclusive start and exclusive end; money is attoFIL.
    /// `client` may be a masked id. `label` is text where it is ASCII, else bytes.
    struct Proposal {
        bytes32 pieceDigest;
        uint64 pieceSize;
        bool verified;
        address client;
        uint64 providerId;
        bytes label;
        int64 startEpoch;
        int64 endEpoch;
        uint256 pricePerEpoch;
        uint256 providerCollateral;
        uint256 clientCollateral;
    }

    /// @notice Why a proposal was left out.
    enum Fault {
        None,
        NotAuthenticated,
        LabelTooLong,
        BadPiece,
        EndNotAfterStart,
        StartElapsed,
        DurationOutOfBounds,
        PriceOutOfBounds,
        OtherProvider,
        UnknownClient,
        ClientFunds,
        ProviderFunds,
        Duplicate
    }

    event DealPublished(uint64 indexed dealId, address indexed client, uint64 indexed providerId);
    event DealActivated(uint64 indexed dealId, uint64 sector, int64 epoch);
    event DealTerminated(uint64 indexed dealId);
    event DealCompleted(uint64 indexed dealId);
    /// @notice The proposal at `index` was left out, while others of its message were published.
    event ProposalDropped(uint256 index, Fault fault);

    /// @notice Every proposal was left out: the actor's exit 16, with the reasons that it keeps to itself.
    error AllProposalsInvalid(Fault[] faults);
    /// @notice The deal is in a sector already.
    error DealAlreadyActive(uint64 dealId, uint64 sector);
    /// @notice The deal is in no sector.
    error DealNotActive(uint64 dealId);
    /// @notice It is too late to activate the deal.
    error DealStartElapsed(uint64 dealId, int64 startEpoch, uint256 currentEpoch);
    /// @notice The sender is no miner.
    error NotAMiner(address sender);
    /// @notice Deals were published already.
    error DealIdsInUse(uint64 nextDealId);

    /// @notice Publishes deals of one provider, by one of its controlling addresses, as PublishStorageDeals does. A contract
    /// client is asked first (AuthenticateMessage, read-only) and told after (MarketNotifyDeal); an account's signature is
    /// taken as given. A verified deal's datacap is taken as given too.
    /// @dev Emits {DealPublished}, {ProposalDropped}. Reverts with {AllProposalsInvalid}, or {ActorExit}: 16 no proposals,
    /// not a miner, or a client that fails when told; 18 not a controlling address.
    /// @return ids The ids of the deals published, in order; proposals with a fault have none.
    function publish(Proposal[] calldata proposals) external returns (uint64[] memory ids);

    /// @notice Puts a published deal into `sector` of its provider, which becomes active, until the deal's start at the latest.
    /// @dev Emits {DealActivated}. Reverts with {DealAlreadyActive}, {DealStartElapsed}, or {ActorExit}: 17, 32.
    function activate(uint64 dealId, uint64 sector) external;

    /// @notice Terminates the sector that the deal is in; that and every other deal in it is removed at once.
    /// @dev Emits {DealTerminated}. Reverts with {DealNotActive}, or {ActorExit}: 17, 32.
    function terminate(uint64 dealId) external;

    /// @notice Pays providers what their deals earned, and removes deals which are over or were not activated in time.
    /// @dev Emits {DealCompleted}.
    function settle(uint64[] calldata ids) external;

    /// @notice Adds what is sent to the escrow of `account`, which may be a masked id.
    function addBalance(address account) external payable;

    /// @notice Lets deal ids begin at `dealId`, while there is no deal yet.
    /// @dev Reverts with {DealIdsInUse}.
    function beginAt(uint64 dealId) external;

    /// @notice Tells of a sector's early end; for miners.
    /// @dev Emits {DealTerminated}. Reverts with {NotAMiner}.
    function onSectorTerminated(uint64 sector) external;

    /// @notice The id which the next deal will get.
    function nextDealId() external view returns (uint64);
}
