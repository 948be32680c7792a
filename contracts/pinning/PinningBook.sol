// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason} from "../oracle/FailReason.sol";
import {IPinningRequests} from "./IPinningRequests.sol";

/// @title PinningBook
/// @notice The requests and who asked them. What the OracleRegistry keeps of a request (its deadline, its quorum) is read there.
abstract contract PinningBook {
    /// @param state As far as this contract was told; see {PinningRequests} for what the registry knows besides.
    /// @param perpetual Asked for by submitRaaS: it continues as an order, and no deal is shown for it.
    /// @param requestedEpoch As the registry has it: kept where it costs nothing, it saves every completion a call.
    /// @param pieceDigest Named by the requester, or zero until the operators answered.
    /// @param reward What is still held for replicas that are not proven, or for the order.
    /// @param feesBooked Fees refunded by the registry that were already credited to the requester.
    struct Request {
        address requester;
        IPinningRequests.State state;
        FailReason failReason;
        uint16 replicas;
        bool allowExistingDeals;
        bool perpetual;
        uint64 requestedEpoch;
        uint64 minTermEpochs;
        uint64 carBytes;
        uint64 pieceSize;
        bytes32 pieceDigest;
        bytes32 cidHash;
        uint256 rewardPerReplica;
        uint256 reward;
        uint256 feesBooked;
        IPinningRequests.ProvenDeal[] deals;
    }

    mapping(uint256 id => Request) private _requests;
    mapping(uint256 id => IPinningRequests.PerpetualTerms) internal _perpetual;
    mapping(address requester => uint256[]) internal _idsOf;
    uint256[] internal _ids;

    function _open(uint256 id, address requester) internal returns (Request storage request) {
        _ids.push(id);
        _idsOf[requester].push(id);

        request = _requests[id];
        request.requester = requester;
        request.state = IPinningRequests.State.Requested;
        request.requestedEpoch = uint64(block.number);
    }

    /// @dev Records an end that the registry, or the operators' answer, brought about.
    /// @param reason Of a failure.
    function _end(uint256 id, Request storage request, IPinningRequests.State state, FailReason reason) internal {
        request.state = state;
        if (state == IPinningRequests.State.Failed) {
            request.failReason = reason;
            emit IPinningRequests.Failed(id, reason);
        } else if (state == IPinningRequests.State.Expired) emit IPinningRequests.Expired(id);
        else if (state == IPinningRequests.State.Refuted) emit IPinningRequests.Refuted(id);
        else emit IPinningRequests.Undecided(id);
    }

    /// @dev Reverts with {IPinningRequests-UnknownRequest}.
    function _requestOf(uint256 id) internal view returns (Request storage request) {
        request = _requests[id];
        if (request.state == IPinningRequests.State.None) revert IPinningRequests.UnknownRequest(id);
    }

    /// @dev One deal and one provider count once per request. The list is no longer than the replicas asked for.
    /// Reverts with {IPinningRequests-DealAlreadyCounted}, {IPinningRequests-ProviderAlreadyCounted}.
    function _requireNotCounted(uint256 id, uint64 dealId, uint64 providerId) internal view {
        IPinningRequests.ProvenDeal[] storage deals = _requests[id].deals;
        for (uint256 i = 0; i < deals.length; ++i) {
            IPinningRequests.ProvenDeal storage counted = deals[i];
            if (counted.dealId == dealId) revert IPinningRequests.DealAlreadyCounted(id, dealId);
            if (counted.providerId == providerId) revert IPinningRequests.ProviderAlreadyCounted(id, providerId);
        }
    }
}
