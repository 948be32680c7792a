// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Extension} from "../Extension.sol";
import {Cid} from "../filecoin/Cid.sol";
import {PowerActor} from "../filecoin/PowerActor.sol";
import {ProviderControl} from "../filecoin/ProviderControl.sol";
import {DaoBook} from "./DaoBook.sol";
import {ICollection} from "./ICollection.sol";
import {IDaoSelf} from "./IDaoSelf.sol";
import {IDaoTreasury} from "./IDaoTreasury.sol";
import {IDataDAO} from "./IDataDAO.sol";
import {IProposalDesk} from "./IProposalDesk.sol";
import {CidProposal, StorageTerms} from "./StorageTerms.sol";

/// @title ProposalDesk: where CIDs are put to the vote
/// @notice Not to be called: {DataDAO} runs it on its own storage. Of the Governor it knows what everybody knows, and {IDaoSelf}.
contract ProposalDesk is IProposalDesk, DaoBook, Extension {
    /// @inheritdoc IProposalDesk
    function proposeCID(
        uint64 providerId,
        bytes calldata cid,
        uint64 size,
        StorageTerms calldata terms,
        string calldata description
    ) external onlyDelegated returns (uint256 proposalId) {
        return _proposeCid(providerId, cid, size, terms, description);
    }

    /// @inheritdoc IProposalDesk
    function createCIDProposal(bytes calldata cid, uint256 size) external onlyDelegated returns (uint256 proposalId) {
        return _proposeCid(_providers[msg.sender], cid, SafeCast.toUint64(size), _defaultTerms, "");
    }

    /// @inheritdoc IProposalDesk
    function proposeRemoval(
        bytes calldata cid,
        string calldata reason
    ) external onlyDelegated returns (uint256 proposalId) {
        _requireWeight();
        bytes32 key = Cid.keyOf(cid);
        (bool collected, ) = _treasury().collection().find(cid);
        if (!collected) revert ICollection.NotCollected(cid);

        proposalId = _dao().submit(0, abi.encodeCall(IDaoTreasury.drop, (++_serial, cid, reason)), reason, msg.sender);
        _facts[proposalId].subject = IDataDAO.Subject.Drop;

        emit RemovalProposed(proposalId, key, msg.sender, cid, reason);
    }

    /// @inheritdoc IProposalDesk
    function registerProvider(uint64 providerId) external onlyDelegated {
        if (providerId != 0) _requireControlling(providerId);
        _providers[msg.sender] = providerId;

        emit ProviderRegistered(msg.sender, providerId);
    }

    /// @inheritdoc IProposalDesk
    function setDefaultTerms(StorageTerms calldata terms) external onlyDelegated {
        _defaultTerms = terms;

        emit DefaultTermsSet(terms);
    }

    /// @inheritdoc IProposalDesk
    function defaultTerms() external view onlyDelegated returns (StorageTerms memory) {
        return _defaultTerms;
    }

    function _proposeCid(
        uint64 providerId,
        bytes calldata cid,
        uint64 size,
        StorageTerms memory terms,
        string memory description
    ) private returns (uint256 proposalId) {
        if (providerId == 0) _requireWeight();
        else _requireControlling(providerId);
        bytes32 key = _requireNew(cid);
        if (size == 0) revert ZeroSize();
        uint256 need = _treasury().quote(cid, size, terms);
        if (need > terms.budget) revert IDaoTreasury.BudgetTooLow(need, terms.budget);

        CidProposal memory proposal = CidProposal(++_serial, msg.sender, providerId, size, cid, terms);
        bytes memory call_ = abi.encodeCall(IDaoTreasury.keep, (proposal));
        proposalId = _dao().submit(terms.budget, call_, description, msg.sender);
        _facts[proposalId].subject = IDataDAO.Subject.Keep;
        _facts[proposalId].providerId = SafeCast.toUint40(providerId);
        _lastProposal[key] = proposalId;

        emit CidProposed(proposalId, key, providerId, msg.sender, cid, size, terms);
    }

    /// @dev Reverts with InvalidCid, {AlreadyCollected}, {AlreadyProposed}.
    function _requireNew(bytes calldata cid) private view returns (bytes32 key) {
        key = Cid.keyOf(cid);
        (bool collected, uint256 index) = _treasury().collection().find(cid);
        if (collected) revert AlreadyCollected(cid, index);
        uint256 last = _lastProposal[key];
        if (last != 0 && _isOpen(_dao().state(last))) revert AlreadyProposed(cid, last);
    }

    function _requireControlling(uint64 providerId) private view {
        if (!PowerActor.isMiner(providerId)) revert NotAMiner(providerId);
        if (!ProviderControl.controls(providerId, msg.sender)) revert NotControlling(providerId, msg.sender);
    }

    /// @dev What {IGovernor-propose} asks of a member.
    function _requireWeight() private view {
        uint256 weight = _dao().getVotes(msg.sender, block.number - 1);
        uint256 needed = _dao().proposalThreshold();
        if (weight < needed) revert IGovernor.GovernorInsufficientProposerVotes(msg.sender, weight, needed);
    }

    function _treasury() private view returns (IDaoTreasury) {
        return IDaoTreasury(payable(_dao().timelock()));
    }

    function _dao() private view returns (IDaoSelf) {
        return IDaoSelf(address(this));
    }

    /// @dev Whether it may still be executed.
    function _isOpen(IGovernor.ProposalState state) private pure returns (bool) {
        return
            state == IGovernor.ProposalState.Pending ||
            state == IGovernor.ProposalState.Active ||
            state == IGovernor.ProposalState.Succeeded ||
            state == IGovernor.ProposalState.Queued;
    }
}
