// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MarketActor} from "../filecoin/MarketActor.sol";
import {EdgeJobs} from "./EdgeJobs.sol";

/// @title DealStatus
/// @notice Reads a deal from the market actor into the answer of the *status* job, so that every operator that looks at the same
/// epoch gives the same bytes.
library DealStatus {
    /// @notice The market answered with an exit code that says nothing about the deal.
    error DealUnclear(uint64 dealId, int256 exitCode);

    /// @dev Reverts with {DealUnclear}, or as {MarketActor} does when an answer is not the method's.
    function read(uint64 dealId) internal view returns (EdgeJobs.StatusAnswer memory status) {
        status.dealId = dealId;
        (int256 exitCode, MarketActor.DataCommitment memory commitment) = MarketActor.getDealDataCommitment(dealId);
        if (exitCode == MarketActor.NOT_FOUND) return status;
        if (exitCode == MarketActor.DEAL_EXPIRED) {
            status.state = EdgeJobs.DealState.Removed;
            return status;
        }
        _requireOk(dealId, exitCode);
        status.pieceDigest = commitment.digest;
        status.pieceSize = commitment.size;

        (exitCode, status.providerId) = MarketActor.getDealProvider(dealId);
        _requireOk(dealId, exitCode);

        MarketActor.Term memory term;
        (exitCode, term) = MarketActor.getDealTerm(dealId);
        _requireOk(dealId, exitCode);
        status.startEpoch = term.start;
        status.endEpoch = term.start + term.duration;

        MarketActor.Activation memory activation;
        (exitCode, activation) = MarketActor.getDealActivation(dealId);
        _requireOk(dealId, exitCode);
        status.activatedEpoch = activation.activated;

        status.state = _stateOf(activation.activated, status.endEpoch);
    }

    /// @dev Until somebody settles it, the market answers for a deal whose term is over as if it ran.
    function _stateOf(int64 activatedEpoch, int64 endEpoch) private view returns (EdgeJobs.DealState) {
        if (activatedEpoch <= 0) return EdgeJobs.DealState.Published;
        return int256(block.number) < endEpoch ? EdgeJobs.DealState.Active : EdgeJobs.DealState.Ended;
    }

    function _requireOk(uint64 dealId, int256 exitCode) private pure {
        if (exitCode != 0) revert DealUnclear(dealId, exitCode);
    }
}
