// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

/// @notice Casts signed ballots on a Governor one by one, in one transaction: what a DataDAO's batch is measured against.
contract BallotLoop {
    struct Ballot {
        address voter;
        uint8 support;
        bytes signature;
    }

    function castVotesBySig(IGovernor governor, uint256 proposalId, Ballot[] calldata ballots) external {
        for (uint256 i = 0; i < ballots.length; ++i)
            governor.castVoteBySig(proposalId, ballots[i].support, ballots[i].voter, ballots[i].signature);
    }
}
