// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

// The shapes of FRC-0087 (on-chain aggregation requests), field for field and in the standard's order, so that tools
// written for the standard encode and decode them unchanged.

/// @notice A Merkle path: the leaf's position in its level, and the siblings met on the way up.
/// @param index Position of the leaf among the 2^path.length leaves of its level, from the left, 0 first.
/// @param path Siblings, the leaf's own first.
struct ProofData {
    uint64 index;
    bytes32[] path;
}

/// @notice A proof of data segment inclusion (PoDSI, FRC-0058).
/// @param proofSubtree Path from the piece's commitment to the aggregate's.
/// @param proofIndex Path from the piece's segment descriptor, in the aggregate's index, to the aggregate's commitment.
struct InclusionProof {
    ProofData proofSubtree;
    ProofData proofIndex;
}

/// @notice The piece whose inclusion is shown.
/// @param commPc Piece CID v1 in binary: 39 bytes, `0181e203922020` and the 32-byte commitment.
/// @param sizePc Padded size of the piece in bytes, a power of two.
struct InclusionVerifierData {
    bytes commPc;
    uint64 sizePc;
}

/// @notice The aggregate a proof leads to: what a storage deal for it must commit to.
/// @param commPa Piece CID v1 of the aggregate in binary, 39 bytes.
/// @param sizePa Padded size of the aggregate in bytes, a power of two.
struct InclusionAuxData {
    bytes commPa;
    uint64 sizePa;
}

/// @notice A proven deal, as the enumerable part of the standard returns it (there: `Deal`).
/// @param dealId Id given by the market actor.
/// @param providerId Actor id of the storage provider's miner actor.
/// @param marketActorId Actor id of the market that holds the deal: 5 for the built-in one.
struct AggregatedDeal {
    uint64 dealId;
    uint64 providerId;
    uint64 marketActorId;
}
