// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @notice By what a collected CID is stored: a request of {IPinningRequests}, whose deals are proven once, or an order of
/// {IPerpetualStorage}, whose replicas are paid by proven time and renewed.
enum StorageKind {
    Request,
    Order
}

/// @notice On which terms a CID is to be stored; members vote on them together with the CID.
/// @param pieceCid The piece, CIDv1 (39 bytes, baga…); a Request may leave it empty: the operators find it.
/// @param pieceSize Padded size of that piece, bytes; 0 with an empty pieceCid.
/// @param replicas 1 to 16, each with another provider.
/// @param termEpochs Request: what a deal must still run when it is shown. Order: epochs from the execution to the order's end; 0: for
/// ever.
/// @param price Request: reward per replica, attoFIL, divisible by the operators' quorum; may be 0. Order: pay per replica and epoch,
/// attoFIL; it may double towards a replica's end.
/// @param budget The most that is taken from the treasury, attoFIL. Request: the fee and the rewards at the execution, whatever is
/// left stays. Order: what it begins with, all of it.
/// @param deadlineEpochs Request: epochs from the execution in which it must be stored. Order: 0.
/// @param seed Where to fetch the data: the request's fetch link, the order's seed; at most 1,024 bytes; public.
struct StorageTerms {
    StorageKind kind;
    uint16 replicas;
    uint64 pieceSize;
    uint64 termEpochs;
    uint64 deadlineEpochs;
    uint128 price;
    uint128 budget;
    bytes pieceCid;
    bytes seed;
}

/// @notice What is voted on when a CID is proposed: the argument of the one call that a passed vote makes.
/// @param serial Counts the DAO's proposals about CIDs: the same CID on the same terms is another proposal the second time.
/// @param providerId The storage provider that proposed it; 0: a member did.
/// @param size Bytes of the CID's canonical CAR, at most: a Request pays the operators for so many.
struct CidProposal {
    uint256 serial;
    address proposer;
    uint64 providerId;
    uint64 size;
    bytes cid;
    StorageTerms terms;
}
