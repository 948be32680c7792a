// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title The Edge provider's jobs: their numbers, stages and encodings
/// @notice Answers are canonical: two honest operators encode the same facts to the same bytes, without timestamps.
library EdgeJobs {
    /// @notice Pin a CID on IPFS. One stage: Pinned.
    uint32 internal constant PIN = 1;
    /// @notice Pin a CID, pack it into a piece, have deals made. Stages: Pinned, Packed, Stored. *Stored* is not voted: the asking
    /// contract proves the deals itself and concludes the request; operators can only answer it by a failure.
    uint32 internal constant STORE = 2;
    /// @notice Report a deal's status. One stage: Reported.
    uint32 internal constant STATUS = 3;
    /// @notice Fetch a URL whose bytes must be a CID, and pin that. One stage: Fetched.
    uint32 internal constant FETCH = 4;
    /// @notice Pin a CID and pack it into a piece; no deals. Stages: Pinned, Packed, with the answers of STORE.
    uint32 internal constant PACK = 5;

    uint8 internal constant STAGE_PINNED = 0;
    uint8 internal constant STAGE_PACKED = 1;
    uint8 internal constant STAGE_STORED = 2;

    /// @param cid The binary CID (v0 or v1).
    /// @param fetchLink Where to get it: empty, multiaddrs with /p2p (comma separated text), or the http(s) URL of a CAR or a
    /// trustless gateway (text).
    struct PinPayload {
        bytes cid;
        bytes fetchLink;
    }

    /// @param replicas Deals with as many different providers.
    /// @param minTermEpochs What a deal must still run when it is shown, epochs.
    /// @param allowExistingDeals Whether a deal that was active before the request counts.
    /// @param pieceDigest CommP that the requester names; zero if the operators are to find it.
    /// @param pieceSize Padded size of that piece, bytes; 0 with a zero digest.
    struct StorePayload {
        bytes cid;
        bytes fetchLink;
        uint16 replicas;
        uint64 minTermEpochs;
        bool allowExistingDeals;
        bytes32 pieceDigest;
        uint64 pieceSize;
    }

    struct StatusPayload {
        uint64 dealId;
    }

    /// @param url The http(s) URL (text), 1 to 1,024 bytes.
    /// @param cid The binary CID (v0 or v1) that the URL's bytes must be: the block itself for a raw CID, the file for a UnixFS one.
    struct FetchPayload {
        bytes url;
        bytes cid;
    }

    /// @dev The fields are those of {PinPayload}.
    struct PackPayload {
        bytes cid;
        bytes fetchLink;
    }

    /// @param carBytes Size of the CID's canonical CAR: CARv1, one root, depth-first in link order, each block once.
    struct PinnedAnswer {
        uint64 carBytes;
    }

    /// @param sizeBytes What the URL served, bytes.
    struct FetchedAnswer {
        uint64 sizeBytes;
    }

    /// @param pieceDigest CommP of the canonical CAR.
    /// @param pieceSize Padded size of that piece, bytes.
    struct PackedAnswer {
        bytes32 pieceDigest;
        uint64 pieceSize;
        uint64 carBytes;
    }

    /// @notice A deal as the market actor shows it. Unknown: never published (exit 17). Removed: terminated, timed out or settled
    /// after its end; the market keeps no difference (exit 32).
    enum DealState {
        Unknown,
        Published,
        Active,
        Ended,
        Removed
    }

    /// @dev Epochs are −1 where the market says so; all other fields are zero where the deal is Unknown or Removed.
    struct StatusAnswer {
        uint64 dealId;
        DealState state;
        uint64 providerId;
        bytes32 pieceDigest;
        uint64 pieceSize;
        int64 activatedEpoch;
        int64 startEpoch;
        int64 endEpoch;
    }
}
