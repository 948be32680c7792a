// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {TimelockControllerUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Delegating} from "../Delegating.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {DaoGovernor} from "./DaoGovernor.sol";
import {DaoRules} from "./DaoRules.sol";
import {IDaoSelf} from "./IDaoSelf.sol";
import {IDaoTreasury} from "./IDaoTreasury.sol";
import {IDataDAO} from "./IDataDAO.sol";
import {IMembership} from "./IMembership.sol";
import {ProposalDesk} from "./ProposalDesk.sol";
import {StorageTerms} from "./StorageTerms.sol";

/// @title GovernorExtension: code of DataDAO for all but votes: proposals from their making to their execution, and the settings
/// @notice Not to be called: {DataDAO} runs it on its own storage; called by itself it is a Governor that was never set up.
contract GovernorExtension is DaoGovernor, Delegating {
    ProposalDesk public immutable desk;

    constructor(ProposalDesk desk_) {
        desk = desk_;
        _disableInitializers();
    }

    /// @dev Reverts with {DaoRules-OutOfBounds}.
    /// @param termsCall The call of {setDefaultTerms}.
    function initialize(
        string calldata name_,
        IDataDAO.Settings calldata settings,
        IMembership membership,
        TimelockControllerUpgradeable treasury,
        address guardian_,
        uint64 guardianUntil,
        bytes calldata termsCall
    ) external initializer {
        __Governor_init(name_);
        __GovernorVotes_init(membership);
        __GovernorVotesQuorumFraction_init(settings.quorumPercent);
        __GovernorSettings_init(settings.votingDelay, settings.votingPeriod, settings.proposalThreshold);
        __GovernorTimelockControl_init(treasury);
        _setLateEpochs(settings.lateExtension);
        _setGuardian(guardian_, guardianUntil);
        Address.functionDelegateCall(address(desk), termsCall);
    }

    /// @notice {IDaoSelf-submit}.
    function submit(
        uint256 value,
        bytes calldata data,
        string calldata description,
        address proposer
    ) external returns (uint256) {
        if (msg.sender != address(this)) revert IDaoSelf.NotMyself(msg.sender);
        if (!_isValidDescriptionForProposer(proposer, description)) revert GovernorRestrictedProposer(proposer);

        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        (targets[0], values[0], calldatas[0]) = (_executor(), value, data);
        return _propose(targets, values, calldatas, description, proposer);
    }

    /// @notice {IDataDAO-setGuardian}.
    function setGuardian(address guardian_, uint64 untilEpoch) external onlyGovernance {
        _setGuardian(guardian_, untilEpoch);
    }

    /// @notice {IDataDAO-setLateQuorumVoteExtension}.
    function setLateQuorumVoteExtension(uint48 epochs) external onlyGovernance {
        _setLateEpochs(epochs);
    }

    /// @notice {IProposalDesk-setDefaultTerms}.
    function setDefaultTerms(StorageTerms calldata) external onlyGovernance {
        _runAs(address(desk));
    }

    /// @dev Reverts with {ReservedCall}: what bars a proposal's interested parties is known of {proposeCID} only.
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override returns (uint256 proposalId) {
        bool aboutGuardian = true;
        address collection = address(IDaoTreasury(_executor()).collection());
        for (uint256 i = 0; i < targets.length && i < values.length && i < calldatas.length; ++i) {
            address target = FilAddress.normalise(targets[i]);
            bytes4 selector = bytes4(calldatas[i]);
            bool reserved = selector == IDaoTreasury.keep.selector || selector == IDaoTreasury.drop.selector;
            if (target == collection || (reserved && target == _executor()))
                revert IDataDAO.ReservedCall(targets[i], selector);
            if (target != address(this) || selector != IDataDAO.setGuardian.selector || values[i] != 0)
                aboutGuardian = false;
        }

        proposalId = super.propose(targets, values, calldatas, description);
        if (aboutGuardian) _facts[proposalId].subject = IDataDAO.Subject.GuardianChange;
    }

    /// @dev Of the DAO's own parts only the Governor asks in its name. Reverts with {ReservedCall}.
    function relay(address target, uint256 value, bytes calldata data) public payable override {
        address party = FilAddress.normalise(target);
        if (party == address(this) || party == _executor() || party == address(token()))
            revert IDataDAO.ReservedCall(target, bytes4(data));
        super.relay(target, value, data);
    }

    function _setLateEpochs(uint48 epochs) private {
        DaoRules.within("lateExtension", 0, votingPeriod(), epochs);
        emit IDataDAO.LateQuorumVoteExtensionSet(_lateEpochs, epochs);
        _lateEpochs = uint24(epochs);
    }

    function _setGuardian(address guardian_, uint64 untilEpoch) private {
        bool some = guardian_ != address(0);
        uint256 latest = some ? block.number + DaoRules.MAX_GUARDIAN_TERM : 0;
        DaoRules.within("guardianUntil", some ? block.number : 0, latest, untilEpoch);
        (_guardian, _guardianUntil) = (FilAddress.normalise(guardian_), untilEpoch);

        emit IDataDAO.GuardianSet(_guardian, untilEpoch);
    }
}
