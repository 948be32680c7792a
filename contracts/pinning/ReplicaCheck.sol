// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {DealCheck} from "../filecoin/DealCheck.sol";
import {PieceCid} from "../filecoin/PieceCid.sol";
import {InclusionVerifierData} from "./Frc0087.sol";
import {IPinningRequests} from "./IPinningRequests.sol";

/// @title ReplicaCheck
/// @notice What a request wants of a deal besides what any deal must be ({DealCheck}).
library ReplicaCheck {
    /// @notice Holds that the piece shown is the request's.
    /// @dev Reverts with {IPinningRequests-WrongPiece}, {PieceCid-NotAPieceCid}.
    function requirePiece(bytes32 digest, uint64 size, InclusionVerifierData memory shown) internal pure {
        bytes32 shownDigest = PieceCid.decode(shown.commPc);
        if (shownDigest != digest || shown.sizePc != size)
            revert IPinningRequests.WrongPiece(digest, size, shownDigest, shown.sizePc);
    }

    /// @notice Holds that the deal runs now and for `minTermEpochs` more.
    /// @dev Reverts with {IPinningRequests-DealNotStarted}, {IPinningRequests-DealExpired}, {IPinningRequests-TermTooShort} or
    /// as {DealCheck-term} does.
    /// @return startEpoch The deal's first epoch.
    /// @return endEpoch The first epoch at which it is over.
    function requireTerm(
        uint64 dealId,
        uint64 minTermEpochs
    ) internal view returns (uint64 startEpoch, uint64 endEpoch) {
        (startEpoch, endEpoch) = DealCheck.term(dealId);
        if (block.number < startEpoch) revert IPinningRequests.DealNotStarted(startEpoch, block.number);
        if (block.number >= endEpoch) revert IPinningRequests.DealExpired(endEpoch, block.number);
        uint64 remaining = endEpoch - uint64(block.number);
        if (remaining < minTermEpochs) revert IPinningRequests.TermTooShort(minTermEpochs, remaining);
    }
}
