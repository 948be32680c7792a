// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

/// @title What a DataDAO asks of itself: its desk, which is no Governor, of the Governor that runs it
interface IDaoSelf is IGovernor {
    /// @notice Only what the desk puts to the vote, for the DAO itself.
    error NotMyself(address caller);

    /// @notice Puts a call of the treasury's own to the vote, in the name of `proposer`. For the desk alone, which runs as this contract.
    /// @dev Reverts with {NotMyself}, GovernorRestrictedProposer, {IMembership-NotSelfDelegated}.
    function submit(
        uint256 value,
        bytes calldata data,
        string calldata description,
        address proposer
    ) external returns (uint256 proposalId);

    /// @notice The treasury.
    function timelock() external view returns (address);
}
