// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleRegistry} from "../../../contracts/oracle/IOracleRegistry.sol";
import {OracleRegistry} from "../../../contracts/oracle/OracleRegistry.sol";
import {OracleRegistryHandler} from "./OracleRegistryHandler.sol";

/// @dev The runner calls only contracts that this file defines.
contract Handler is OracleRegistryHandler {}

/// @notice What holds after every sequence of calls, with coins forced in, clients that refuse their callbacks, operators that
/// come and go, and time that passes.
contract OracleRegistryInvariants {
    OracleRegistryHandler private _handler;
    OracleRegistry private _registry;

    function setUp() external {
        _handler = new Handler();
        _registry = _handler.registry();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// The balance is what is owed and what was forced in, to the attoFIL.
    function invariant_balanceCoversLiabilities() external view {
        uint256 owed = _registry.liabilities();
        require(address(_registry).balance == owed + _handler.forced(), "balance != liabilities + forced");
    }

    /// Liabilities are the escrows of all requests and the credits of all accounts.
    function invariant_liabilitiesAreEscrowsAndCredits() external view {
        uint256 sum = _handler.operatorCredits();
        for (uint256 i = 0; i < 2; ++i) sum += _registry.creditOf(address(_handler.clients(i)));
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) sum += _registry.getRequest(id).escrow;
        require(_registry.liabilities() == sum, "liabilities != escrows + credits");
    }

    /// Every request's fee is in escrow, credited to operators, or refunded.
    function invariant_feeIsEscrowPaidOrRefunded() external view {
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            IOracleRegistry.RequestView memory asked = _registry.getRequest(id);
            require(_handler.feeOf(id) == asked.escrow + _handler.paid(id) + asked.refunded, "fee != its parts");
            bool open = asked.state == IOracleRegistry.RequestState.Open;
            require(open ? asked.refunded == 0 : asked.escrow == 0, "escrow after the end, or refunded before");
        }
    }

    /// Stages are answered in order, at epochs that do not fall; the awaited one is not answered.
    function invariant_stagesInOrder() external view {
        require(!_handler.wentBack(), "a stage went back");
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            IOracleRegistry.RequestView memory asked = _registry.getRequest(id);
            uint64 last;
            for (uint8 stage = 0; stage < asked.stageCount; ++stage) {
                IOracleRegistry.AnswerView memory answer = _registry.getAnswer(id, stage);
                if (stage < asked.stage && !_concluded(asked, stage)) {
                    require(answer.ok && answer.answeredEpoch >= last && answer.matureEpoch >= last, "out of order");
                    last = answer.matureEpoch;
                } else if (stage > asked.stage || asked.state != IOracleRegistry.RequestState.Failed) {
                    require(answer.answeredEpoch == 0, "answered before its turn");
                }
            }
        }
    }

    /// No operator votes twice on a stage, and the registry remembers each vote.
    function invariant_oneVotePerOperatorAndStage() external view {
        require(!_handler.votedTwice(), "voted twice");
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            for (uint8 stage = 0; stage < 3; ++stage) {
                uint256[] memory voters = _handler.votersOf(id, stage);
                for (uint256 i = 0; i < voters.length; ++i) {
                    require(_registry.hasVoted(id, stage, voters[i]), "a vote was lost");
                }
            }
        }
    }

    /// Those that voted on a stage and those that still could are together fewer than 2m: no second quorum.
    function invariant_noSecondQuorum() external view {
        require(!_handler.votedThoughLate(), "voted though it joined too late");
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            IOracleRegistry.RequestView memory asked = _registry.getRequest(id);
            if (asked.state != IOracleRegistry.RequestState.Open) continue;
            uint256 count = _handler.votersOf(id, asked.stage).length;
            for (uint256 i = 0; i < _handler.KEYS(); ++i) {
                uint256 operatorId = _registry.operatorOf(_handler.key(i));
                if (operatorId == 0 || _registry.hasVoted(id, asked.stage, operatorId)) continue;
                if (_registry.getOperator(operatorId).joinedEpoch < asked.requestedEpoch) ++count;
            }
            require(count < 2 * uint256(asked.quorum), "two quorums are possible");
        }
    }

    /// An answered stage was agreed on by exactly m operators.
    function invariant_quorumIsExact() external view {
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            for (uint8 stage = 0; stage < 3; ++stage) {
                uint256 agreed = _registry.agreeing(id, stage).length;
                bool answered = _registry.getAnswer(id, stage).answeredEpoch != 0;
                require(agreed == (answered ? _handler.QUORUM() : 0), "not m operators");
            }
        }
    }

    /// A request ends once.
    function invariant_oneEnding() external view {
        require(!_handler.endedTwice(), "ended twice");
    }

    /// At no epoch are a vote and a refund both possible.
    function invariant_neverVoteAndRefund() external view {
        require(!_handler.voteAndRefund(), "a vote and a refund were both possible");
    }

    /// A client sees every stage once and in order, whatever failed in between.
    function invariant_deliveredInOrder() external view {
        for (uint256 i = 0; i < 2; ++i) require(!_handler.clients(i).misled(), "a client was misled");
        for (uint256 id = 1; id <= _handler.requestCount(); ++id) {
            IOracleRegistry.RequestView memory asked = _registry.getRequest(id);
            bool waiting;
            for (uint8 stage = 0; stage < 3; ++stage) {
                IOracleRegistry.Delivery delivery = _registry.getAnswer(id, stage).delivery;
                require(!waiting || delivery != IOracleRegistry.Delivery.Done, "delivered out of turn");
                if (delivery != IOracleRegistry.Delivery.Done) waiting = true;
            }
            require(asked.requester != address(0), "no requester");
        }
    }

    /// Fewer than 2m operators are active.
    function invariant_seats() external view {
        require(_registry.getProvider(1).operatorCount < 2 * _handler.QUORUM(), "too many operators");
    }

    /// A stage that the requester concluded has no answer.
    function _concluded(IOracleRegistry.RequestView memory asked, uint8 stage) private pure returns (bool) {
        return asked.job == 1 && stage == 2 && asked.state == IOracleRegistry.RequestState.Answered;
    }
}
