// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleChallenges} from "./IOracleChallenges.sol";

/// @title What an {OracleRegistry} asks an arbiter
interface IArbiter {
    /// @notice The ruling on the open challenge of a request: Upheld, Rejected, or None so far.
    /// @dev Read once, by {IOracleChallenges-resolve}, and only up to the challenge's deadline: an arbiter calls that itself
    /// when it has ruled. What reverts, or is none of the three, counts as None.
    function rulingOf(address registry, uint256 id, uint8 stage) external view returns (IOracleChallenges.Ruling);
}
