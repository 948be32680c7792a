// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {DaoForwards} from "./DaoForwards.sol";
import {DaoRules} from "./DaoRules.sol";
import {GovernorExtension} from "./GovernorExtension.sol";
import {ICollection} from "./ICollection.sol";
import {IDaoTreasury} from "./IDaoTreasury.sol";
import {IDataDAO} from "./IDataDAO.sol";
import {Voting} from "./Voting.sol";

/// @title DataDAO
/// @dev Made to be cloned (ERC-1167); {DataDAOFactory} does. {DaoGovernor} is OpenZeppelin's Governor put together, {DaoBook} what is
/// stored beside, {Voting} how votes count. A Governor with that does not fit into one contract: {DaoForwards} runs the code of
/// {GovernorExtension} (everything but votes) and of {ProposalDesk} (what puts CIDs to the vote) here.
contract DataDAO is Voting {
    constructor(GovernorExtension extension_) DaoForwards(extension_) {
        _disableInitializers();
    }

    /// @inheritdoc IDataDAO
    function lateQuorumVoteExtension() external view returns (uint48) {
        return _lateEpochs;
    }

    /// @inheritdoc IDataDAO
    function guardian() external view returns (address account, uint64 untilEpoch) {
        return (_guardian, _guardianUntil);
    }

    /// @inheritdoc IDataDAO
    function providerOf(address account) external view returns (uint64 providerId) {
        return _providers[account];
    }

    /// @inheritdoc IDataDAO
    function collection() external view returns (ICollection) {
        return IDaoTreasury(_executor()).collection();
    }

    /// @inheritdoc IDataDAO
    function subjectOf(uint256 proposalId) external view returns (Subject subject, uint64 providerId) {
        Facts memory facts = _facts[proposalId];
        return (facts.subject, facts.providerId);
    }

    /// @inheritdoc IDataDAO
    function lastProposalOf(bytes32 cidKey) external view returns (uint256 proposalId) {
        return _lastProposal[cidKey];
    }

    /// @inheritdoc IDataDAO
    function windowsOf(uint256 proposalId) external view returns (uint256 queueByEpoch, uint256 executeBySeconds) {
        queueByEpoch = _queueBy(proposalId);
        uint256 eta = proposalEta(proposalId);
        if (eta != 0) executeBySeconds = eta + DaoRules.EXECUTION_WINDOW_SECONDS;
    }
}
