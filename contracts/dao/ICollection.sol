// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {CidProposal, StorageKind} from "./StorageTerms.sol";

/// @title Collection: the CIDs that a DataDAO keeps
/// @notice An entry is added and removed by executed proposals only; a removed one stays as history. The same content is in the
/// collection once: a version 0 CID and its version 1 form are one. Entries count from 0, in the order in which they were added.
interface ICollection {
    /// @param size Bytes of the CID's CAR, at most.
    /// @param providerId The storage provider that proposed it; 0: a member did.
    /// @param removedEpoch 0 while it is in the collection.
    /// @param storageId Of the request in PinningRequests or the order in PerpetualStorage, as `kind` says.
    struct Entry {
        uint64 size;
        uint64 providerId;
        uint64 addedEpoch;
        uint64 removedEpoch;
        address proposer;
        StorageKind kind;
        uint256 proposalId;
        uint256 storageId;
        bytes cid;
    }

    /// @notice What the contracts that had it proven say now.
    /// @param stored Whether all the replicas that were voted for run now.
    /// @param wanted Replicas that were voted for; of an order what it asks for now.
    /// @param running Of a request: proven deals that have not ended. Of an order: active replicas that were not shown faulty since, a
    /// replica and its successor counting once.
    /// @param untilEpoch The first epoch at which one of the running ones ends; 0: none runs.
    struct Keeping {
        bool stored;
        uint16 wanted;
        uint16 running;
        uint64 untilEpoch;
    }

    event CidAdded(
        uint256 indexed index,
        bytes32 indexed cidKey,
        uint256 indexed proposalId,
        bytes cid,
        StorageKind kind,
        uint256 storageId
    );
    event CidRemoved(uint256 indexed index, bytes32 indexed cidKey, bytes cid, string reason);

    error NotTreasury(address treasury, address caller);
    error NotCollected(bytes cid);
    error UnknownEntry(uint256 index);

    /// @notice Adds a CID. For the treasury alone.
    /// @dev Emits {CidAdded}. Reverts with {NotTreasury}.
    function add(CidProposal calldata proposal, uint256 storageId) external returns (uint256 index);

    /// @notice Takes a CID out; what was known of it stays. For the treasury alone.
    /// @dev Emits {CidRemoved}. Reverts with {NotTreasury}, {NotCollected}, InvalidCid.
    function remove(bytes calldata cid, string calldata reason) external returns (StorageKind kind, uint256 storageId);

    /// @notice Whether the CID, of either version, is in the collection now, and its index.
    /// @dev Reverts with InvalidCid.
    function find(bytes calldata cid) external view returns (bool collected, uint256 index);

    /// @dev Reverts with {UnknownEntry}.
    function keepingOf(uint256 index) external view returns (Keeping memory);

    /// @notice Entries that there ever were.
    function entryCount() external view returns (uint256);

    /// @notice Entries from index `start`, 200 at most, and what is really stored of each.
    function entries(
        uint256 start,
        uint256 count
    ) external view returns (Entry[] memory found, Keeping[] memory keepings);
}
