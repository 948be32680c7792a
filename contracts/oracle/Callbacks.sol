// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {BoundedCall} from "./BoundedCall.sol";
import {IOracleCallback} from "./IOracleCallback.sol";
import {IOracleChallenges} from "./IOracleChallenges.sol";
import {IOracleRequests} from "./IOracleRequests.sol";
import {RequestBook} from "./RequestBook.sol";

/// @title Callbacks: what requesters are told
/// @dev No money depends on a callback: it comes after everything is written, its failure is recorded and never undoes what led to
/// it. A callee without code takes everything.
abstract contract Callbacks is RequestBook {
    /// @dev Delivers the answer of the stage whose turn it is.
    function _callBack(uint256 id, Request storage asked, uint8 stage, bool ok, bytes memory data) internal {
        if (_attempt(asked, abi.encodeCall(IOracleCallback.onOracleAnswer, (id, stage, ok, data)))) {
            asked.delivered = stage + 1;
            emit IOracleRequests.Delivered(id, stage);
        } else {
            _ballots[id][stage].deliveryFailed = true;
            emit IOracleRequests.DeliveryFailed(id, stage);
        }
    }

    /// @dev Tells of an answer that was delivered and undone.
    function _callBackCancelled(uint256 id, Request storage asked, uint8 stage) internal {
        bool told = _attempt(asked, abi.encodeCall(IOracleCallback.onOracleAnswerCancelled, (id, stage)));
        emit IOracleChallenges.CancellationDelivered(id, stage, told);
    }

    function _attempt(Request storage asked, bytes memory callData) private returns (bool) {
        return BoundedCall.attempt(asked.requester, _configOf(asked).callbackGas, callData);
    }
}
