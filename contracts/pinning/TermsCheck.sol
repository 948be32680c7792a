// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Epochs} from "../filecoin/Epochs.sol";
import {PieceCid} from "../filecoin/PieceCid.sol";
import {IPinningRequests} from "./IPinningRequests.sol";

/// @title TermsCheck
/// @notice What a requester may ask for.
library TermsCheck {
    uint256 internal constant MAX_FETCH_LINK_LENGTH = 1024;
    uint16 internal constant MAX_REPLICAS = 16;
    uint64 internal constant MIN_TERM_EPOCHS = 1;

    /// @dev No deal runs longer.
    uint64 internal constant MAX_TERM_EPOCHS = Epochs.MAX_DEAL_DURATION;

    /// @notice Holds that the terms and the fetch link are within bounds.
    /// @dev Reverts with {IPinningRequests-FetchLinkTooLong}, {IPinningRequests-BadReplicas}, {IPinningRequests-BadTerm},
    /// {IPinningRequests-PastDeadline}, {IPinningRequests-DeadlineTooFar}: a request with a proven deal cannot be cancelled,
    /// so what it did not spend rests until the deadline; a Unix time taken for an epoch would lie seventeen centuries ahead.
    function requireValid(IPinningRequests.Terms memory terms, bytes memory fetchLink) internal view {
        requireLink(fetchLink);
        if (terms.replicas == 0 || terms.replicas > MAX_REPLICAS)
            revert IPinningRequests.BadReplicas(MAX_REPLICAS, terms.replicas);
        if (terms.minTermEpochs < MIN_TERM_EPOCHS || terms.minTermEpochs > MAX_TERM_EPOCHS)
            revert IPinningRequests.BadTerm(MIN_TERM_EPOCHS, MAX_TERM_EPOCHS, terms.minTermEpochs);
        if (terms.deadlineEpoch < block.number) revert IPinningRequests.PastDeadline(block.number, terms.deadlineEpoch);
        uint256 latest = block.number + MAX_TERM_EPOCHS;
        if (terms.deadlineEpoch > latest) revert IPinningRequests.DeadlineTooFar(latest, terms.deadlineEpoch);
    }

    /// @dev Reverts with {IPinningRequests-FetchLinkTooLong}.
    function requireLink(bytes memory fetchLink) internal pure {
        if (fetchLink.length > MAX_FETCH_LINK_LENGTH)
            revert IPinningRequests.FetchLinkTooLong(MAX_FETCH_LINK_LENGTH, fetchLink.length);
    }

    /// @notice The piece that the requester names; zeros if it names none.
    /// @dev Reverts with {IPinningRequests-BadPieceSize}, {PieceCid-NotAPieceCid}.
    function namedPiece(IPinningRequests.Terms memory terms) internal pure returns (bytes32 digest, uint64 size) {
        size = terms.pieceSize;
        bool named = terms.pieceCid.length != 0;
        if (named ? !PieceCid.isPieceSize(size) : size != 0) revert IPinningRequests.BadPieceSize(size);
        if (named) digest = PieceCid.decode(terms.pieceCid);
    }
}
