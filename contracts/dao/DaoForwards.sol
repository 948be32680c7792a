// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {GovernorUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol";
import {TimelockControllerUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {GovernorSettingsUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorSettingsUpgradeable.sol";
import {GovernorVotesQuorumFractionUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesQuorumFractionUpgradeable.sol";
import {Delegating} from "../Delegating.sol";
import {DaoGovernor} from "./DaoGovernor.sol";
import {GovernorExtension} from "./GovernorExtension.sol";
import {IDataDAO} from "./IDataDAO.sol";
import {IMembership} from "./IMembership.sol";
import {IProposalDesk} from "./IProposalDesk.sol";
import {StorageTerms} from "./StorageTerms.sol";

/// @title DaoForwards: what DataDAO leaves to the code of its extension and its desk
/// @dev Who may call is asked there.
abstract contract DaoForwards is IDataDAO, DaoGovernor, Delegating {
    GovernorExtension public immutable extension;
    address private immutable _desk;

    constructor(GovernorExtension extension_) {
        extension = extension_;
        _desk = address(extension_.desk());
    }

    /// @notice Once, by {DataDAOFactory}.
    function initialize(
        string calldata,
        Settings calldata,
        IMembership,
        TimelockControllerUpgradeable,
        address,
        uint64,
        bytes calldata
    ) external {
        _runAs(address(extension));
    }

    /// @notice {IDaoSelf-submit}.
    function submit(uint256, bytes calldata, string calldata, address) external returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc IProposalDesk
    function proposeCID(
        uint64,
        bytes calldata,
        uint64,
        StorageTerms calldata,
        string calldata
    ) external returns (uint256) {
        _runAs(_desk);
    }

    /// @inheritdoc IProposalDesk
    function createCIDProposal(bytes calldata, uint256) external returns (uint256) {
        _runAs(_desk);
    }

    /// @inheritdoc IProposalDesk
    function proposeRemoval(bytes calldata, string calldata) external returns (uint256) {
        _runAs(_desk);
    }

    /// @inheritdoc IProposalDesk
    function registerProvider(uint64) external {
        _runAs(_desk);
    }

    /// @inheritdoc IProposalDesk
    function defaultTerms() external view returns (StorageTerms memory) {
        _viewAs(_desk);
    }

    /// @inheritdoc IProposalDesk
    function setDefaultTerms(StorageTerms calldata) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IDataDAO
    function setGuardian(address, uint64) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IDataDAO
    function setLateQuorumVoteExtension(uint48) external {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorUpgradeable
    function propose(
        address[] memory,
        uint256[] memory,
        bytes[] memory,
        string memory
    ) public override returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorUpgradeable
    function queue(address[] memory, uint256[] memory, bytes[] memory, bytes32) public override returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorUpgradeable
    function execute(
        address[] memory,
        uint256[] memory,
        bytes[] memory,
        bytes32
    ) public payable override returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorUpgradeable
    function cancel(address[] memory, uint256[] memory, bytes[] memory, bytes32) public override returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorUpgradeable
    function relay(address, uint256, bytes calldata) public payable override {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorSettingsUpgradeable
    function setVotingDelay(uint48) public override {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorSettingsUpgradeable
    function setVotingPeriod(uint32) public override {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorSettingsUpgradeable
    function setProposalThreshold(uint256) public override {
        _runAs(address(extension));
    }

    /// @inheritdoc GovernorVotesQuorumFractionUpgradeable
    function updateQuorumNumerator(uint256) public override {
        _runAs(address(extension));
    }
}
