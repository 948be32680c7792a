// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Epochs} from "../filecoin/Epochs.sol";

/// @title DaoRules: every bound of a DataDAO, written down
/// @dev Times are epochs (30 s) unless a name says seconds.
library DaoRules {
    /// @notice `what` is the field's name.
    error OutOfBounds(string what, uint256 minimum, uint256 maximum, uint256 actual);

    /// @dev One epoch at least: the snapshot is of a block after the one that proposes.
    uint256 internal constant MIN_VOTING_DELAY = 1;
    uint256 internal constant MAX_VOTING_DELAY = 14 * Epochs.DAY;
    uint256 internal constant MIN_VOTING_PERIOD = 20;
    uint256 internal constant MAX_VOTING_PERIOD = 42 * Epochs.DAY;
    uint256 internal constant MAX_TIMELOCK_DELAY = 30 * Epochs.DAY;

    /// @dev In hundredths of the snapshot's supply. A proposer cannot vote: with more than half no DAO of two equals could decide.
    uint256 internal constant MIN_QUORUM = 1;
    uint256 internal constant MAX_QUORUM = 50;

    /// @dev One at least, or anybody could propose.
    uint256 internal constant MIN_THRESHOLD = 1;

    /// @dev The proposer cannot vote: one member alone could decide nothing, not even to admit another.
    uint256 internal constant MIN_MEMBERS = 2;
    /// @notice In one transaction.
    uint256 internal constant MAX_MEMBERS = 100;
    uint256 internal constant MAX_BALLOTS = 64;

    uint256 internal constant MAX_NAME_LENGTH = 64;
    uint256 internal constant MAX_SYMBOL_LENGTH = 16;

    /// @notice A guardian's term, from when it is set.
    uint256 internal constant MAX_GUARDIAN_TERM = 365 * Epochs.DAY;

    /// @notice After the vote's end, in which what passed can be queued.
    uint256 internal constant QUEUE_WINDOW = 14 * Epochs.DAY;
    /// @notice After the timelock's delay, in which what is queued can be executed.
    uint256 internal constant EXECUTION_WINDOW_SECONDS = 14 * Epochs.DAY * Epochs.SECONDS_PER_EPOCH;

    /// @dev Reverts with {OutOfBounds}.
    function within(string memory what, uint256 minimum, uint256 maximum, uint256 actual) internal pure {
        if (actual < minimum || actual > maximum) revert OutOfBounds(what, minimum, maximum, actual);
    }
}
