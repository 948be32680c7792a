// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorCall} from "./ActorCall.sol";
import {MarketActor} from "./MarketActor.sol";

/// @title DealCheck
/// @notice What the storage market must say of a deal before it counts as a replica.
/// @dev Assumes of the market: ids are not used twice; a terminated deal is removed at once (exit 32); a deal that ended is
/// answered as if it ran until somebody settles it, so the term is held against the clock by whoever asks for it.
/// An answer that is not the method's reverts with the reader's own error ({MarketActor}).
library DealCheck {
    /// @notice The market knows no such deal: it was never published (exit 17).
    error DealUnknown(uint64 dealId);

    /// @notice Terminated, timed out, or settled after its end: the market keeps no difference (exit 32).
    error DealRemoved(uint64 dealId);

    /// @notice Published, but no sector with it was proven.
    error DealNotActive(uint64 dealId);

    /// @param earliestEpoch The first epoch of activation that counts.
    error DealTooOld(uint64 earliestEpoch, int64 activatedEpoch);

    /// @notice The market answered with epochs that no deal has.
    error BadDealTerm(uint64 dealId, int64 startEpoch, int64 durationEpochs);
    error WrongAggregate(bytes32 expectedDigest, uint64 expectedSize, bytes32 actualDigest, uint64 actualSize);
    error WrongProvider(uint64 expected, uint64 actual);

    /// @notice Holds that the deal stores exactly the data (`digest`, `size`).
    /// @dev Reverts with {WrongAggregate} or as {_requireAnswer} does.
    function requireCommitment(uint64 dealId, bytes32 digest, uint64 size) internal view {
        (int256 exitCode, MarketActor.DataCommitment memory actual) = MarketActor.getDealDataCommitment(dealId);
        _requireAnswer(exitCode, dealId);
        if (actual.digest != digest || actual.size != size)
            revert WrongAggregate(digest, size, actual.digest, actual.size);
    }

    /// @notice Holds that the deal is with the provider that was named.
    /// @dev Reverts with {WrongProvider} or as {_requireAnswer} does.
    function requireProvider(uint64 dealId, uint64 providerId) internal view {
        (int256 exitCode, uint64 actual) = MarketActor.getDealProvider(dealId);
        _requireAnswer(exitCode, dealId);
        if (actual != providerId) revert WrongProvider(providerId, actual);
    }

    /// @notice Holds that a sector with the deal's data was proven, no earlier than `earliestEpoch`, and not terminated.
    /// @dev Reverts with {DealNotActive}, {DealRemoved}, {DealTooOld} or as {_requireAnswer} does.
    function requireActivated(uint64 dealId, uint64 earliestEpoch) internal view {
        (int256 exitCode, MarketActor.Activation memory actual) = MarketActor.getDealActivation(dealId);
        _requireAnswer(exitCode, dealId);
        if (actual.activated <= 0) revert DealNotActive(dealId);
        if (actual.terminated >= 0) revert DealRemoved(dealId);
        if (uint64(actual.activated) < earliestEpoch) revert DealTooOld(earliestEpoch, actual.activated);
    }

    /// @notice The epochs of the deal, begun, over or not.
    /// @dev Reverts with {BadDealTerm} or as {_requireAnswer} does.
    /// @return startEpoch The deal's first epoch.
    /// @return endEpoch The first epoch at which it is over.
    function term(uint64 dealId) internal view returns (uint64 startEpoch, uint64 endEpoch) {
        int256 exitCode;
        (exitCode, startEpoch, endEpoch) = _term(dealId);
        _requireAnswer(exitCode, dealId);
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
        (int256 code, MarketActor.Term memory actual) = MarketActor.getDealTerm(dealId);
        exitCode = code;
        if (actual.start < 0 || actual.duration < 0) revert BadDealTerm(dealId, actual.start, actual.duration);
        startEpoch = uint64(actual.start);
        endEpoch = startEpoch + uint64(actual.duration);
    }

    /// @dev Reverts with {DealUnknown}, {DealRemoved}, {ActorCall-ActorUnclear}.
    function _requireAnswer(int256 exitCode, uint64 dealId) private pure {
        if (exitCode == 0) return;
        if (exitCode == MarketActor.NOT_FOUND) revert DealUnknown(dealId);
        if (exitCode == MarketActor.DEAL_EXPIRED) revert DealRemoved(dealId);
        revert ActorCall.ActorUnclear(exitCode);
    }
}
