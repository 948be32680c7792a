// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleRequests} from "../oracle/IOracleRequests.sol";
import {IPinningRequests} from "./IPinningRequests.sol";

/// @title PinningStates
/// @notice Where a request stands, by what {PinningRequests} was told and what the registry knows besides.
library PinningStates {
    /// @notice The state as told, unless the registry ended the request since: the delivery of a failure may be outstanding, and a
    /// failure that was recorded before it was final may have been undone.
    /// @param told What the request's record says.
    function ofRecord(
        IPinningRequests.State told,
        IOracleRequests.RequestView memory asked
    ) internal pure returns (IPinningRequests.State) {
        if (asked.state == IOracleRequests.RequestState.Refuted) return IPinningRequests.State.Refuted;
        if (asked.state == IOracleRequests.RequestState.Undecided) return IPinningRequests.State.Undecided;
        if (told >= IPinningRequests.State.Stored) return told;
        if (asked.state == IOracleRequests.RequestState.Failed) return IPinningRequests.State.Failed;
        if (asked.state == IOracleRequests.RequestState.Expired) return IPinningRequests.State.Expired;
        return told;
    }

    /// @notice {ofRecord} at the current epoch: from the deadline on a request that the registry has open is expired, recorded or not.
    /// While a challenge is open the deadline stands still.
    function ofNow(
        IPinningRequests.State told,
        IOracleRequests.RequestView memory asked
    ) internal view returns (IPinningRequests.State state) {
        state = ofRecord(told, asked);
        bool late = block.number > asked.deadlineEpoch && !asked.challenged;
        bool open = asked.state == IOracleRequests.RequestState.Open;
        if (late && open && state < IPinningRequests.State.Stored) state = IPinningRequests.State.Expired;
    }
}
