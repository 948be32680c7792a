// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MarketActor} from "../filecoin/MarketActor.sol";
import {EdgeJobs} from "./EdgeJobs.sol";
import {IEvidence} from "./IEvidence.sol";

/// @title EdgeEvidence: what the market actor refutes of the Edge provider's answers
/// @notice Answers of the *status* job only. All other jobs speak of bytes that the chain does not see.
contract EdgeEvidence is IEvidence {
    /// @notice Filecoin's finality, epochs: what the chain shows this long after an answer was there when it was given.
    uint64 public constant FINALITY_EPOCHS = 900;

    uint256 private constant STATUS_LENGTH = 256;

    /// @inheritdoc IEvidence
    /// @dev A deal that never was (exit 17) refutes every state but Unknown. A deal that is there refutes another commitment, provider
    /// or term, which are fixed when it is published, and Removed, since what was removed does not come back. A deal that is over
    /// (exit 32) refutes nothing: it may have been there when the answer was given. A deal that is there does not refute Unknown: it may
    /// have been published since. Any other exit code tells nothing.
    /// What is not an encoding of {EdgeJobs-StatusAnswer} reverts or is false. Reverts as {MarketActor} does when an answer is not the
    /// method's.
    function refutes(uint32 job, uint8, bytes calldata data, uint64 answeredEpoch) external view returns (bool) {
        if (job != EdgeJobs.STATUS || data.length != STATUS_LENGTH) return false;
        if (block.number < uint256(answeredEpoch) + FINALITY_EPOCHS) return false;

        EdgeJobs.StatusAnswer memory answer = abi.decode(data, (EdgeJobs.StatusAnswer));
        if (answer.state == EdgeJobs.DealState.Unknown) return false;

        (int256 exitCode, MarketActor.DataCommitment memory piece) = MarketActor.getDealDataCommitment(answer.dealId);
        if (exitCode == MarketActor.NOT_FOUND) return true;
        if (exitCode != 0) return false;
        if (answer.state == EdgeJobs.DealState.Removed) return true;
        if (answer.pieceDigest != piece.digest || answer.pieceSize != piece.size) return true;

        return _differsInProvider(answer) || _differsInTerm(answer);
    }

    function _differsInProvider(EdgeJobs.StatusAnswer memory answer) private view returns (bool) {
        (int256 exitCode, uint64 providerId) = MarketActor.getDealProvider(answer.dealId);
        return exitCode == 0 && answer.providerId != providerId;
    }

    function _differsInTerm(EdgeJobs.StatusAnswer memory answer) private view returns (bool) {
        (int256 exitCode, MarketActor.Term memory term) = MarketActor.getDealTerm(answer.dealId);
        return exitCode == 0 && (answer.startEpoch != term.start || answer.endEpoch != term.start + term.duration);
    }
}
