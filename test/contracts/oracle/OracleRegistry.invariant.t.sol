// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleRequests} from "../../../contracts/oracle/IOracleRequests.sol";
import {OracleRegistry} from "../../../contracts/oracle/OracleRegistry.sol";
import {RegistryHandler} from "./random/RegistryHandler.sol";

/// @dev The runner calls only contracts that this file defines.
contract Handler is RegistryHandler {}

/// @notice What holds after every sequence of calls: of operators, requesters, challengers, arbiters and strangers, with coins forced
/// in, callbacks that revert, burn their gas or come back, arbiters that answer rubbish, and time that passes.
contract OracleRegistryInvariants {
    RegistryHandler private _handler;
    OracleRegistry private _registry;

    function setUp() external {
        _handler = new Handler();
        _registry = _handler.registry();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev One function: each would be run on sequences of its own. The sentence that does not hold is the reason it reverts with.
    function invariant_theRulesHold() external view {
        require(bytes(_handler.broken()).length == 0, _handler.broken());
        for (uint256 i = 0; i < _handler.CLIENTS(); ++i) {
            require(bytes(_handler.clients(i).misled()).length == 0, _handler.clients(i).misled());
        }
        _balances();
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            _fees(id);
            _order(id);
            _quorums(id);
        }
        _locks();
    }

    function _balances() private view {
        uint256 sum;
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) sum += _registry.creditOf(_handler.account(i));
        for (uint256 i = 1; i <= _handler.operatorCount(); ++i) sum += _registry.getOperator(i).stake;
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            sum += _registry.getRequest(id).escrow + _handler.pendingOf(id);
            if (_registry.getRequest(id).challenged) sum += _registry.getChallenge(id).bond;
        }
        uint256 owed = _registry.liabilities();
        require(owed == sum, "liabilities are escrows, pending fees, stakes, open bonds and credits");
        require(
            address(_registry).balance == owed + _handler.forced(),
            "the balance is what is owed and what was forced in"
        );
    }

    function _fees(uint256 id) private view {
        IOracleRequests.RequestView memory asked = _registry.getRequest(id);
        uint256 parts = asked.escrow + _handler.pendingOf(id) + _handler.paid(id) + asked.refunded;
        require(parts == _handler.feeOf(id), "a request's fee is in escrow, pending, paid or refunded");
        bool open = asked.state == IOracleRequests.RequestState.Open;
        require(open ? asked.refunded == 0 : asked.escrow == 0, "escrow rests in open requests only");
    }

    function _order(uint256 id) private view {
        uint256 answered = _handler.answeredOf(id);
        uint64 last;
        bool waiting;
        for (uint8 stage = 0; stage < _handler.STAGES(); ++stage) {
            IOracleRequests.AnswerView memory answer = _registry.getAnswer(id, stage);
            if (stage < answered && answer.answeredEpoch != 0) {
                require(answer.matureEpoch >= last, "no answer is mature before the one it follows");
                last = answer.matureEpoch;
            } else if (stage < answered) {
                require(
                    _registry.getRequest(id).job == _handler.CONCLUDED(),
                    "a stage is answered before the next one"
                );
            } else if (answer.answeredEpoch != 0) {
                require(answer.standing == IOracleRequests.AnswerStanding.Undone, "a stage is answered in its turn");
            }
            bool done = answer.delivery == IOracleRequests.Delivery.Done;
            require(!(waiting && done), "stages are delivered in order");
            if (!done) waiting = true;
        }
    }

    function _quorums(uint256 id) private view {
        for (uint8 stage = 0; stage < _handler.STAGES(); ++stage) {
            uint256[] memory voters = _handler.votersOf(id, stage);
            for (uint256 i = 0; i < voters.length; ++i) {
                require(_registry.hasVoted(id, stage, voters[i]), "no vote is lost");
            }
            bool answered = _registry.getAnswer(id, stage).answeredEpoch != 0;
            uint256 agreed = _registry.agreeing(id, stage).length;
            require(agreed == (answered ? _registry.getRequest(id).quorum : 0), "a quorum is exactly m operators");
        }
    }

    function _locks() private view {
        uint256 count = _handler.operatorCount();
        uint256[] memory locked = new uint256[](count + 1);
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            IOracleRequests.RequestView memory asked = _registry.getRequest(id);
            uint256 slash = _handler.slashOf(asked.providerId, asked.version);
            uint256 end = _handler.answeredOf(id);
            if (asked.state == IOracleRequests.RequestState.Open) ++end; // votes on the stage that is awaited
            for (uint256 stage = asked.settled; stage < end; ++stage) {
                uint256[] memory voters = _handler.votersOf(id, stage);
                for (uint256 i = 0; i < voters.length; ++i) locked[voters[i]] += slash;
            }
        }
        for (uint256 i = 1; i <= count; ++i) {
            require(
                _registry.getOperator(i).locked == locked[i],
                "what is locked is the slash of each vote that is not settled"
            );
            require(locked[i] <= _registry.getOperator(i).stake, "no more is locked than there is stake");
        }
    }
}
