// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Ballot, Ballots} from "./Ballots.sol";
import {Callbacks} from "./Callbacks.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";
import {IOracleRequests} from "./IOracleRequests.sol";

/// @title Deliveries: final answers become money and callbacks
abstract contract Deliveries is Callbacks, IOracleRegistry {
    using Ballots for Ballot;

    /// @inheritdoc IOracleRequests
    function sync(uint256 id) external nonReentrant {
        if (_settleFinal(id, _request(id)) == 0) revert NothingToSettle(id);
    }

    /// @inheritdoc IOracleRequests
    function deliver(uint256 id, uint8 stage, bytes calldata data) external nonReentrant {
        Request storage asked = _request(id);
        Ballot storage ballot = _ballots[id][stage];
        Delivery delivery = _delivery(asked, ballot, stage);
        if (delivery != Delivery.Due && delivery != Delivery.Failed) revert NotDue(id, stage, delivery);
        if (stage != asked.delivered) revert WrongStage(asked.delivered, stage);
        if (!asked.early) _requireFinal(id, asked, stage);
        bytes32 expected = ballot.answerHash();
        bytes32 actual = _hash(ballot.ok, data);
        if (actual != expected) revert WrongAnswer(expected, actual);

        _settleFinal(id, asked);
        _callBack(id, asked, stage, ballot.ok, data);
    }

    function _delivery(
        Request storage asked,
        Ballot storage ballot,
        uint8 stage
    ) internal view returns (Delivery delivery) {
        if (ballot.answeredEpoch == 0) return Delivery.None;
        if (stage < asked.delivered) return Delivery.Done;
        if (stage >= asked.answered) return Delivery.None;
        return ballot.deliveryFailed ? Delivery.Failed : Delivery.Due;
    }

    function _requireFinal(uint256 id, Request storage asked, uint8 stage) private view {
        if (_isFinal(id, asked, stage)) return;
        if (asked.challenged) revert UnderChallenge(id, _challenges[id].stage);
        revert NotMature(_ballots[id][stage].matureEpoch, block.number);
    }
}
