// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MarketActor} from "../filecoin/MarketActor.sol";
import {PieceCid} from "../filecoin/PieceCid.sol";
import {InclusionVerifierData} from "./Frc0087.sol";
import {IPinningRequests} from "./IPinningRequests.sol";

/// @title DealCheck
/// @notice What the storage market must say of a deal before it counts as a replica.
/// @dev Assumes of the market: ids are not used twice; a terminated deal is removed at once (exit 32); a deal that ended is
/// answered as if it ran until somebody settles it, so the term is held against the clock here.
/// An answer that is not the method's reverts with the reader's own error ({MarketActor}).
library DealCheck {
    /// @notice Holds that the piece shown is the request's.
    /// @dev Reverts with {IPinningRequests-WrongPiece}, {PieceCid-NotAPieceCid}.
    function requirePiece(bytes32 digest, uint64 size, InclusionVerifierData memory shown) internal pure {
        bytes32 shownDigest = PieceCid.decode(shown.commPc);
        if (shownDigest != digest || shown.sizePc != size)
            revert IPinningRequests.WrongPiece(digest, size, shownDigest, shown.sizePc);
    }

    /// @notice Holds that the deal stores exactly the data (`digest`, `size`).
    /// @dev Reverts with {IPinningRequests-WrongAggregate} or as {_requireAnswer} does.
    function requireCommitment(uint64 dealId, bytes32 digest, uint64 size) internal view {
        (int256 exitCode, MarketActor.DataCommitment memory actual) = MarketActor.getDealDataCommitment(dealId);
        _requireAnswer(exitCode, dealId);
        if (actual.digest != digest || actual.size != size)
            revert IPinningRequests.WrongAggregate(digest, size, actual.digest, actual.size);
    }

    /// @notice Holds that the deal is with the provider that was named.
    /// @dev Reverts with {IPinningRequests-WrongProvider} or as {_requireAnswer} does.
    function requireProvider(uint64 dealId, uint64 providerId) internal view {
        (int256 exitCode, uint64 actual) = MarketActor.getDealProvider(dealId);
        _requireAnswer(exitCode, dealId);
        if (actual != providerId) revert IPinningRequests.WrongProvider(providerId, actual);
    }

    /// @notice Holds that a sector with the deal's data was proven, no earlier than `earliestEpoch`, and not terminated.
    /// @dev Reverts with {IPinningRequests-DealNotActive}, {IPinningRequests-DealRemoved}, {IPinningRequests-DealTooOld} or as
    /// {_requireAnswer} does.
    function requireActivated(uint64 dealId, uint64 earliestEpoch) internal view {
        (int256 exitCode, MarketActor.Activation memory actual) = MarketActor.getDealActivation(dealId);
        _requireAnswer(exitCode, dealId);
        if (actual.activated <= 0) revert IPinningRequests.DealNotActive(dealId);
        if (actual.terminated >= 0) revert IPinningRequests.DealRemoved(dealId);
        if (uint64(actual.activated) < earliestEpoch)
            revert IPinningRequests.DealTooOld(earliestEpoch, actual.activated);
    }

    /// @notice Holds that the deal runs now and for `minTermEpochs` more.
    /// @dev Reverts with {IPinningRequests-DealNotStarted}, {IPinningRequests-DealExpired}, {IPinningRequests-TermTooShort} or
    /// as {_requireAnswer} does.
    /// @return startEpoch The deal's first epoch.
    /// @return endEpoch The first epoch at which it is over.
    function requireTerm(
        uint64 dealId,
        uint64 minTermEpochs
    ) internal view returns (uint64 startEpoch, uint64 endEpoch) {
        int256 exitCode;
        (exitCode, startEpoch, endEpoch) = _term(dealId);
        _requireAnswer(exitCode, dealId);
        if (block.number < startEpoch) revert IPinningRequests.DealNotStarted(startEpoch, block.number);
        if (block.number >= endEpoch) revert IPinningRequests.DealExpired(endEpoch, block.number);
        uint64 remaining = endEpoch - uint64(block.number);
        if (remaining < minTermEpochs) revert IPinningRequests.TermTooShort(minTermEpochs, remaining);
    }

    /// @notice How long the deal runs on: 0 unless the market shows it activated, begun and not over.
    function remainingEpochs(uint64 dealId) internal view returns (uint64) {
        (int256 exitCode, MarketActor.Activation memory activation) = MarketActor.getDealActivation(dealId);
        if (exitCode != 0 || activation.activated <= 0 || activation.terminated >= 0) return 0;

        (int256 termExitCode, uint64 startEpoch, uint64 endEpoch) = _term(dealId);
        if (termExitCode != 0 || block.number < startEpoch || block.number >= endEpoch) return 0;
        return endEpoch - uint64(block.number);
    }

    /// @dev Two non-negative int64 add up within uint64.
    function _term(uint64 dealId) private view returns (int256 exitCode, uint64 startEpoch, uint64 endEpoch) {
        (int256 code, MarketActor.Term memory term) = MarketActor.getDealTerm(dealId);
        exitCode = code;
        if (term.start < 0 || term.duration < 0) revert IPinningRequests.BadDealTerm(dealId, term.start, term.duration);
        startEpoch = uint64(term.start);
        endEpoch = startEpoch + uint64(term.duration);
    }

    /// @dev Reverts with {IPinningRequests-DealUnknown}, {IPinningRequests-DealRemoved}, {IPinningRequests-ActorUnclear}.
    function _requireAnswer(int256 exitCode, uint64 dealId) private pure {
        if (exitCode == 0) return;
        if (exitCode == MarketActor.NOT_FOUND) revert IPinningRequests.DealUnknown(dealId);
        if (exitCode == MarketActor.DEAL_EXPIRED) revert IPinningRequests.DealRemoved(dealId);
        revert IPinningRequests.ActorUnclear(exitCode);
    }
}
