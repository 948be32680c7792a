// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Extension} from "../Extension.sol";
import {IOracleRegistry} from "../oracle/IOracleRegistry.sol";
import {IOracleRequests} from "../oracle/IOracleRequests.sol";
import {IPinningRequests} from "./IPinningRequests.sol";
import {PinningState} from "./PinningState.sol";
import {PinningStates} from "./PinningStates.sol";

/// @title Refunds: what goes back to a request's requester
/// @notice What each function does is written in {IPinningRequests}.
abstract contract Refunds is PinningState, Extension {
    IOracleRegistry public immutable registry;

    constructor(IOracleRegistry registry_) {
        registry = registry_;
    }

    function cancel(uint256 id) external onlyDelegated {
        Request storage request = _requestOf(id);
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        IPinningRequests.State state = PinningStates.ofNow(request.state, asked);
        if (msg.sender != request.requester) revert IPinningRequests.NotRequester(request.requester, msg.sender);
        if (state > IPinningRequests.State.Packed) revert IPinningRequests.NotCancellable(id, state);

        request.state = IPinningRequests.State.Cancelled;

        emit IPinningRequests.Cancelled(id);

        if (asked.state == IOracleRequests.RequestState.Open) {
            registry.cancel(id);
            asked = registry.getRequest(id);
        }
        _bookRefund(id, request, asked.refunded);
    }

    /// @dev The registry is made to end the request first: it refuses while a challenge is open, which may give back time.
    function refund(uint256 id) external onlyDelegated returns (uint256 amount) {
        Request storage request = _requestOf(id);
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        if (asked.state == IOracleRequests.RequestState.Open && block.number > asked.deadlineEpoch) {
            registry.refund(id);
            asked = registry.getRequest(id);
        }
        IPinningRequests.State state = PinningStates.ofRecord(request.state, asked);
        if (state < IPinningRequests.State.Failed) revert IPinningRequests.NothingToRefund(id, state);

        if (request.state != state) _end(id, request, state, asked.failReason);
        amount = _bookRefund(id, request, asked.refunded);
        if (amount == 0) revert IPinningRequests.NothingToRefund(id, state);
    }

    /// @dev Credits the requester with the reward that is left and the fees that the registry refunded since the last time, and
    /// draws what the registry owes, so that credits are always covered by native value here.
    /// @param refunded What the registry gave back for this request in all.
    function _bookRefund(uint256 id, Request storage request, uint256 refunded) private returns (uint256 amount) {
        uint256 fees = refunded - request.feesBooked;
        amount = request.reward + fees;
        if (amount == 0) return 0;

        request.reward = 0;
        request.feesBooked = refunded;
        _hold(fees);
        _credit(request.requester, id, amount);

        emit IPinningRequests.Refunded(id, request.requester, amount);

        if (registry.creditOf(address(this)) != 0) registry.withdraw();
    }
}
