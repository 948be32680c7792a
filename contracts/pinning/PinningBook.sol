// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../filecoin/FilAddress.sol";
import {FailReason} from "../oracle/FailReason.sol";
import {IPinningRequests} from "./IPinningRequests.sol";
import {Page} from "./Page.sol";

/// @title PinningBook
/// @notice The requests and who asked them. What the OracleRegistry keeps of a request (its deadline, its quorum) is read there.
abstract contract PinningBook is IPinningRequests {
    using Page for uint256[];

    /// @param state As far as this contract was told; see {PinningRequests} for what the registry knows besides.
    /// @param requestedEpoch As the registry has it: kept where it costs nothing, it saves every completion a call.
    /// @param pieceDigest Named by the requester, or zero until the operators answered.
    /// @param reward What is still held for replicas that are not proven.
    /// @param feesBooked Fees refunded by the registry that were already credited to the requester.
    struct Request {
        address requester;
        State state;
        FailReason failReason;
        uint16 replicas;
        bool allowExistingDeals;
        uint64 requestedEpoch;
        uint64 minTermEpochs;
        uint64 carBytes;
        uint64 pieceSize;
        bytes32 pieceDigest;
        bytes32 cidHash;
        uint256 rewardPerReplica;
        uint256 reward;
        uint256 feesBooked;
        ProvenDeal[] deals;
    }

    mapping(uint256 id => Request) private _requests;
    mapping(address requester => uint256[]) private _idsOf;
    uint256[] private _ids;

    /// @inheritdoc IPinningRequests
    function requestCount() external view returns (uint256) {
        return _ids.length;
    }

    /// @inheritdoc IPinningRequests
    function requestIds(uint256 start, uint256 count) external view returns (uint256[] memory ids) {
        return _ids.page(start, count);
    }

    /// @inheritdoc IPinningRequests
    function requestIdsOf(
        address requester,
        uint256 start,
        uint256 count
    ) external view returns (uint256[] memory ids) {
        return _idsOf[FilAddress.normalise(requester)].page(start, count);
    }

    /// @inheritdoc IPinningRequests
    function dealsOf(uint256 id) external view returns (ProvenDeal[] memory) {
        return _requestOf(id).deals;
    }

    function _open(uint256 id, address requester) internal returns (Request storage request) {
        _ids.push(id);
        _idsOf[requester].push(id);

        request = _requests[id];
        request.requester = requester;
        request.state = State.Requested;
        request.requestedEpoch = uint64(block.number);
    }

    /// @dev Reverts with {UnknownRequest}.
    function _requestOf(uint256 id) internal view returns (Request storage request) {
        request = _requests[id];
        if (request.state == State.None) revert UnknownRequest(id);
    }

    /// @dev One deal and one provider count once per request. The list is no longer than the replicas asked for.
    /// Reverts with {DealAlreadyCounted}, {ProviderAlreadyCounted}.
    function _requireNotCounted(uint256 id, uint64 dealId, uint64 providerId) internal view {
        ProvenDeal[] storage deals = _requests[id].deals;
        for (uint256 i = 0; i < deals.length; ++i) {
            ProvenDeal storage counted = deals[i];
            if (counted.dealId == dealId) revert DealAlreadyCounted(id, dealId);
            if (counted.providerId == providerId) revert ProviderAlreadyCounted(id, providerId);
        }
    }
}
