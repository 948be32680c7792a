// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {AggregatedDeal, InclusionAuxData, InclusionProof, InclusionVerifierData} from "./Frc0087.sol";

/// @title FRC-0087 (draft): on-chain aggregation requests
/// @notice The standard's functions with the event signatures of its reference kit, so that tools written for either can read it.
interface IAggregatorOracle {
    event SubmitAggregatorRequest(uint256 indexed id, bytes cid);
    /// @dev The names are the standard's.
    // solhint-disable var-name-mixedcase
    event SubmitAggregatorRequestWithRaaS(
        uint256 indexed id,
        bytes cid,
        uint256 _replication_target,
        uint256 _repair_threshold,
        uint256 _renew_threshold
    );
    // solhint-enable var-name-mixedcase
    event CompleteAggregatorRequest(uint256 indexed id, uint64 indexed dealId);

    /// @notice Asks for `cid` to be kept in one deal; msg.value pays the operators' fee and, with all the rest, the deal's reward.
    /// What of it cannot be shared evenly among the operators becomes the caller's credit. The standard names no size, and the fee
    /// goes by size: it is that of 1 GiB ({IPinningRequests-defaultTerms}). More (its CAR, bytes) is answered by TooLarge and given
    /// back but for the failure fee: ask for it by {IPinningRequests-submitWithTerms}.
    /// @dev Emits {SubmitAggregatorRequest}. Reverts with FeeTooLow, which names the least value, and as submitWithTerms does.
    /// @param fetchLink Where to get the data; may be empty.
    function submit(bytes memory cid, bytes memory fetchLink) external payable returns (uint256 id);

    /// @notice Asks for `cid` to be packed and kept for as long as the money lasts: when *Packed* is final anyone opens an order of
    /// perpetual storage for it ({IPinningRequests-openOrder}), whose client is the caller. msg.value pays the operators' fee for content
    /// of up to 1 GiB; all the rest is the order's, and must pay at least 1 attoFIL for each replica and epoch of the longest term.
    /// Until the order is opened it goes back as that of any request does.
    /// @dev Emits {SubmitAggregatorRequestWithRaaS} and PerpetualRequested. Reverts with ZeroFee, FeeTooLow (which names the least
    /// value), InvalidCid, FetchLinkTooLong, BadReplicas, {IPerpetualOrders-OutOfBounds}, and as {IOracleRequests-request} does.
    /// @param fetchLink Where to get the data, the operators now and providers later (the order's seed); may be empty.
    /// @param replicationTarget Replicas at the same time: 1 to 16.
    /// @param repairThreshold Epochs for which a replica may be shown faulty before it is lost and replaced: 2,880 to 120,959; 0: 40,320.
    /// @param renewThreshold Epochs before a replica's end in which its successor is sought: 8,640 to 172,800; 0: 86,400.
    function submitRaaS(
        bytes memory cid,
        bytes memory fetchLink,
        uint256 replicationTarget,
        uint256 repairThreshold,
        uint256 renewThreshold
    ) external payable returns (uint256 id);

    /// @notice Shows that the request's piece lies in the aggregate that deal `dealId` stores. Anyone may.
    /// @dev Emits {CompleteAggregatorRequest}. What the deal must be, and the errors, are in {IPinningRequests}.
    /// @param marketActorId 5, the storage market actor.
    /// @param proof FRC-0058 inclusion proof of the piece in the deal's data commitment.
    /// @param verifierData The piece: its CID (39 bytes) and padded size.
    /// @return The aggregate: its CID (39 bytes) and padded size.
    function complete(
        uint256 id,
        uint64 marketActorId,
        uint64 dealId,
        uint64 providerId,
        InclusionProof memory proof,
        InclusionVerifierData memory verifierData
    ) external returns (InclusionAuxData memory);

    /// @notice Shows a deal whose data commitment is the request's piece itself: no aggregation, no inclusion proof.
    function onchain_complete(uint256 id, uint64 marketActorId, uint64 dealId, uint64 providerId) external;

    /// @notice Distinct CIDs in the order of their first request, from position `startIndex`: `count`, but no more than 200, fewer
    /// at the end.
    function getAllCIDs(uint64 startIndex, uint64 count) external view returns (bytes[] memory);

    /// @notice Every deal ever proven for `cid`, over all its requests, each once; paged like {getAllCIDs}.
    function getAllDeals(
        bytes memory cid,
        uint64 startIndex,
        uint64 count
    ) external view returns (AggregatedDeal[] memory);

    /// @notice The deals of `cid` that the market actor shows as running now; looks at the newest 256.
    function getActiveDeals(bytes memory cid) external view returns (AggregatedDeal[] memory);

    /// @notice Running deals of `cid` that end within `epochs` epochs; looks at the newest 256.
    function getExpiringDeals(bytes memory cid, uint64 epochs) external view returns (AggregatedDeal[] memory);
}
