// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Ballot, Ballots} from "./Ballots.sol";
import {BoundedCall} from "./BoundedCall.sol";
import {IOracleCallback} from "./IOracleCallback.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";
import {RequestBook} from "./RequestBook.sol";

/// @title Deliveries: the callbacks
/// @dev No money depends on a callback: it comes after everything is written, its failure is recorded and never undoes a vote.
abstract contract Deliveries is RequestBook {
    using Ballots for Ballot;

    /// @inheritdoc IOracleRegistry
    function deliver(uint256 id, uint8 stage, bytes calldata data) external nonReentrant {
        Request storage asked = _request(id);
        Ballot storage ballot = _ballots[id][stage];
        Delivery delivery = _delivery(asked, ballot, stage);
        if (delivery != Delivery.Due && delivery != Delivery.Failed) revert NotDue(id, stage, delivery);
        if (stage != asked.delivered) revert WrongStage(asked.delivered, stage);
        bytes32 expected = ballot.answerHash();
        bytes32 actual = _hash(ballot.ok, data);
        if (actual != expected) revert WrongAnswer(expected, actual);

        _deliver(id, stage, ballot.ok, data);
    }

    /// @dev What operators agree on.
    function _hash(bool ok, bytes memory data) internal pure returns (bytes32) {
        return keccak256(abi.encode(ok, data));
    }

    /// @dev Makes the callback for the stage whose turn it is. A callee without code takes everything.
    function _deliver(uint256 id, uint8 stage, bool ok, bytes memory data) internal {
        Request storage asked = _requests[id];
        uint256 ceiling = _providers[asked.providerId].callbackGas;
        bytes memory callData = abi.encodeCall(IOracleCallback.onOracleAnswer, (id, stage, ok, data));

        if (BoundedCall.attempt(asked.requester, ceiling, callData)) {
            asked.delivered = stage + 1;
            emit Delivered(id, stage);
        } else {
            _ballots[id][stage].deliveryFailed = true;
            emit DeliveryFailed(id, stage);
        }
    }
}
