// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleChallenges} from "./IOracleChallenges.sol";
import {IOracleOperators} from "./IOracleOperators.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title OracleRegistry: ask anything, answered by a staked quorum of operators
/// @notice A *provider* is a named service (the Edge provider is the first). *Operators* serve it with stake. A *request* carries its
/// fee in escrow and is answered stage by stage; an answer can be *challenged* until it is mature, and then pays those that agreed.
interface IOracleRegistry is IOracleProviders, IOracleOperators, IOracleRequests, IOracleChallenges {}
