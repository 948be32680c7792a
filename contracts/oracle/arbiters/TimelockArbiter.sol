// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../../filecoin/FilAddress.sol";
import {IOracleChallenges} from "../IOracleChallenges.sol";
import {Arbiter} from "./Arbiter.sol";

/// @title TimelockArbiter: a DAO rules on challenges, through the timelock that carries out what it decides
/// @notice The DAO proposes the call {rule}; its timelock makes it. Voting time and the timelock's delay have to fit into the
/// version's `rulingEpochs`: a ruling that is carried out after the challenge's deadline is refused, and the arbiter was silent.
contract TimelockArbiter is Arbiter {
    address public immutable timelock;

    error BadTimelock(address timelock);
    error NotTimelock(address timelock, address caller);

    /// @dev Reverts with {BadTimelock}.
    /// @param timelock_ Whose calls rule: OpenZeppelin's TimelockController, or any account.
    constructor(address timelock_) {
        if (timelock_ == address(0)) revert BadTimelock(timelock_);
        timelock = FilAddress.normalise(timelock_);
    }

    /// @notice Rules on the challenge that is open on a stage of a request, up to its deadline, inclusive; closes it in the same
    /// transaction.
    /// @dev Emits {Ruled}. Reverts with {NotTimelock}, {BadRuling}, {NoOpenChallenge}, {RulingTooLate}, {AlreadyRuled},
    /// {TooLittleGas}.
    /// @param registry The registry where the challenge is open.
    /// @param ruling Upheld if the answer was false, Rejected if it was true.
    function rule(address registry, uint256 id, uint8 stage, IOracleChallenges.Ruling ruling) external {
        if (msg.sender != timelock) revert NotTimelock(timelock, msg.sender);
        bytes32 caseKey = _openCase(registry, id, stage, ruling);

        _rule(caseKey, registry, id, stage, ruling);
    }
}
