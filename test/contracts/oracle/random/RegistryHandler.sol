// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason} from "../../../../contracts/oracle/FailReason.sol";
import {IOracleOperators} from "../../../../contracts/oracle/IOracleOperators.sol";
import {IOracleRequests} from "../../../../contracts/oracle/IOracleRequests.sol";
import {vm} from "../../helpers/Vm.sol";
import {MoodyClient} from "./MoodyClient.sol";
import {ChallengeActions} from "./ChallengeActions.sol";
import {OperatorActions} from "./OperatorActions.sol";

/// @notice All that can happen to a registry; and two questions about what could, which change nothing.
abstract contract RegistryHandler is OperatorActions, ChallengeActions {
    error Outcome(bool yes);

    /// @notice In one epoch a seat is freed and taken, somebody asks, and all vote that will.
    function askAsSomebodyJoins(uint256 seed) external {
        seed = _mix(seed);
        uint256 count = operatorCount;
        _leave(seed >> 8);
        _join(seed >> 32);
        ask(seed >> 96);
        if (operatorCount == count || requestCount == 0) return;
        _answerAwaited(requestCount, seed >> 160);
        _happened("askAsSomebodyJoins");
    }

    /// @notice Who could still vote on a request, and could it be refunded?
    function tryVoteAndRefund(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        bool refundable = _would(abi.encodeCall(this.dryCall, (hotKey(0), abi.encodeCall(registry.refund, (id)))));
        bytes memory call = abi.encodeCall(registry.reportFailure, (id, asked.stage, FailReason.DealFailed));
        uint256 voices = asked.stage < STAGES ? _voters[id][asked.stage].length : 0;
        bool votable;
        for (uint256 i = 0; i < KEYS + PLAIN_KEYS + HOT_KEYS; ++i) {
            if (!_would(abi.encodeCall(this.dryCall, (_key(i), call)))) continue;
            votable = true;
            ++voices;
        }
        _must(!(votable && refundable), "a vote and a refund are never both possible");
        if (!votable) return;
        _must(voices < 2 * uint256(asked.quorum), "those that voted and those that can are fewer than two quorums");
        _happened("tryVoteAndRefund");
    }

    /// @notice When time is up, can everything be taken out, whatever arbiter and callbacks do?
    function tryTakeOutEverything(uint256 seed) external {
        seed = _mix(seed);
        if (seed % 4 != 0) return;
        _must(_would(abi.encodeCall(this.dryTakeOut, ())), "when time is up everything can be taken out");
        _happened("tryTakeOutEverything");
    }

    function dryCall(address caller, bytes calldata call) external {
        vm.prank(caller);
        (bool success, ) = address(registry).call(call);
        revert Outcome(success);
    }

    function dryTakeOut() external {
        judge.setMood(judge.BURN());
        for (uint256 i = 0; i < CLIENTS; ++i) clients[i].setMood(MoodyClient.Mood.Burn, false);
        for (uint256 i = 1; i <= operatorCount; ++i) {
            IOracleOperators.OperatorView memory operator = registry.getOperator(i);
            vm.prank(operator.owner);
            if (operator.standing != IOracleOperators.OperatorStanding.Unbonding) registry.leave(i);
        }
        for (uint256 id = 1; id <= requestCount; ++id) _end(id);
        vm.roll(block.number + registry.UNBONDING_EPOCHS());
        for (uint256 i = 1; i <= operatorCount; ++i) {
            if (registry.getOperator(i).stake != 0) registry.withdrawStake(i);
        }
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            if (registry.creditOf(account(i)) != 0) registry.withdrawFor(account(i));
        }
        revert Outcome(registry.liabilities() == 0 && address(registry).balance == forced);
    }

    function _end(uint256 id) private {
        vm.roll(block.number + RULING_EPOCHS + 1);
        if (registry.getRequest(id).challenged) registry.resolve(id);
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        if (block.number <= asked.deadlineEpoch) vm.roll(asked.deadlineEpoch + 1);
        if (asked.state == IOracleRequests.RequestState.Open) registry.refund(id);
        vm.roll(block.number + WINDOW_EPOCHS + RULING_EPOCHS + 1);
        if (pendingOf(id) != 0) registry.sync(id);
    }

    /// @dev Whether a call of this contract's own ends with {Outcome} true.
    function _would(bytes memory call) private returns (bool) {
        (bool success, bytes memory result) = address(this).call(call);
        assert(!success);
        return keccak256(result) == keccak256(abi.encodeWithSelector(Outcome.selector, true));
    }
}
