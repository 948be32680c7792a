// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {GovernorUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol";
import {TimelockControllerUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {GovernorCountingSimpleUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorCountingSimpleUpgradeable.sol";
import {GovernorSettingsUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorSettingsUpgradeable.sol";
import {GovernorTimelockControlUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorTimelockControlUpgradeable.sol";
import {GovernorVotesUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesUpgradeable.sol";
import {GovernorVotesQuorumFractionUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesQuorumFractionUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";
import {DaoBook} from "./DaoBook.sol";
import {DaoRules} from "./DaoRules.sol";
import {IDataDAO} from "./IDataDAO.sol";
import {IMembership} from "./IMembership.sol";

/// @title DaoGovernor: OpenZeppelin's Governor, put together
/// @dev With this project's bounds ({DaoRules}), windows after which what passed expires, and ids that bind chain and DAO.
abstract contract DaoGovernor is
    DaoBook,
    GovernorCountingSimpleUpgradeable,
    GovernorSettingsUpgradeable,
    GovernorVotesQuorumFractionUpgradeable,
    GovernorTimelockControlUpgradeable
{
    /// @dev The treasury is the client of its orders and holds what they give back.
    function updateTimelock(TimelockControllerUpgradeable) public pure override {
        revert IDataDAO.TreasuryIsFixed();
    }

    /// @dev Beyond OpenZeppelin's: chain and DAO are bound too. See {hashProposal} for the rest.
    function getProposalId(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public view override returns (uint256) {
        uint256 payload = hashProposal(targets, values, calldatas, descriptionHash);
        return uint256(keccak256(abi.encode(block.chainid, address(this), payload)));
    }

    function state(
        uint256 proposalId
    ) public view override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (ProposalState state_) {
        state_ = super.state(proposalId);
        if (state_ == ProposalState.Succeeded && block.number > _queueBy(proposalId)) return ProposalState.Expired;
        if (
            state_ == ProposalState.Queued &&
            block.timestamp > proposalEta(proposalId) + DaoRules.EXECUTION_WINDOW_SECONDS
        ) return ProposalState.Expired;
    }

    function proposalDeadline(uint256 proposalId) public view override returns (uint256) {
        return super.proposalDeadline(proposalId) + _facts[proposalId].extendedEpochs;
    }

    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function proposalThreshold()
        public
        view
        override(GovernorUpgradeable, GovernorSettingsUpgradeable)
        returns (uint256)
    {
        return super.proposalThreshold();
    }

    /// @dev Rounded up, other than OpenZeppelin's: two fifths of four members are two of them, and it is never nothing.
    function quorum(
        uint256 timepoint
    ) public view override(GovernorUpgradeable, GovernorVotesQuorumFractionUpgradeable) returns (uint256) {
        uint256 supply = token().getPastTotalSupply(timepoint);
        return Math.mulDiv(supply, quorumNumerator(timepoint), quorumDenominator(), Math.Rounding.Ceil);
    }

    /// @dev The membership's; it counts blocks, as {CLOCK_MODE} says.
    function clock() public view override(GovernorUpgradeable, GovernorVotesUpgradeable) returns (uint48) {
        return Time.blockNumber();
    }

    function _setVotingDelay(uint48 delay) internal override {
        DaoRules.within("votingDelay", DaoRules.MIN_VOTING_DELAY, DaoRules.MAX_VOTING_DELAY, delay);
        super._setVotingDelay(delay);
    }

    function _setVotingPeriod(uint32 period) internal override {
        DaoRules.within(
            "votingPeriod",
            Math.max(DaoRules.MIN_VOTING_PERIOD, _lateEpochs),
            DaoRules.MAX_VOTING_PERIOD,
            period
        );
        super._setVotingPeriod(period);
    }

    /// @dev Half of all weight at most: who proposes cannot vote, and the quorum may be the other half.
    function _setProposalThreshold(uint256 threshold) internal override {
        DaoRules.within("proposalThreshold", DaoRules.MIN_THRESHOLD, _membership().totalSupply() / 2, threshold);
        super._setProposalThreshold(threshold);
    }

    function _updateQuorumNumerator(uint256 percent) internal override {
        DaoRules.within("quorumPercent", DaoRules.MIN_QUORUM, DaoRules.MAX_QUORUM, percent);
        super._updateQuorumNumerator(percent);
    }

    /// @dev Whatever is proposed: its proposer's weight stays where it is up to the snapshot.
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        _facts[proposalId] = Facts(_membership(), 0, _lateEpochs, 0, IDataDAO.Subject.General);
        _proposalOfKey[uint192(proposalId)] = proposalId;
        _membership().lock(proposer, uint48(proposalSnapshot(proposalId)));
    }

    /// @dev The proposer before the snapshot; the guardian, while it is one, whatever is not over.
    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        if (super._validateCancel(proposalId, caller)) return true;
        if (caller != _guardian) return false;

        if (block.number > _guardianUntil) revert IDataDAO.GuardianExpired(_guardianUntil, block.number);
        if (_facts[proposalId].subject == IDataDAO.Subject.GuardianChange) revert IDataDAO.GuardianItself(proposalId);
        return true;
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(GovernorUpgradeable, GovernorTimelockControlUpgradeable) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor()
        internal
        view
        override(GovernorUpgradeable, GovernorTimelockControlUpgradeable)
        returns (address)
    {
        return super._executor();
    }

    /// @dev Where OpenZeppelin's Governor keeps what it stores: erc7201:openzeppelin.storage.Governor.
    function _governorStorage() internal pure returns (GovernorStorage storage governor) {
        assembly ("memory-safe") {
            governor.slot := 0x7c712897014dbe49c045ef1299aa2d5f9e67e48eea4403efa21f1e0f3ac0cb00
        }
    }

    function _membership() internal view returns (IMembership) {
        return IMembership(address(token()));
    }

    function _queueBy(uint256 proposalId) internal view returns (uint256) {
        return proposalDeadline(proposalId) + DaoRules.QUEUE_WINDOW;
    }
}
