// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../filecoin/FilAddress.sol";
import {PieceCid} from "../filecoin/PieceCid.sol";
import {IOracleRegistry} from "../oracle/IOracleRegistry.sol";
import {IOracleRequests} from "../oracle/IOracleRequests.sol";
import {IPerpetualOrders} from "../perpetual/IPerpetualOrders.sol";
import {IPerpetualStorage} from "../perpetual/IPerpetualStorage.sol";
import {CidCatalogue} from "./CidCatalogue.sol";
import {IPinningRequests} from "./IPinningRequests.sol";
import {Page} from "../Page.sol";
import {PinningStates} from "./PinningStates.sol";
import {Refunds} from "./Refunds.sol";

/// @title PinningExtension: the part of PinningRequests' code that does not fit into one contract
/// @notice Not to be called: {PinningRequests} runs it on its own storage. What each function does is written in {IPinningRequests}
/// and {IAggregatorOracle}.
contract PinningExtension is Refunds, CidCatalogue {
    using Page for uint256[];

    IPerpetualStorage public immutable perpetualStorage;

    constructor(IOracleRegistry registry_, IPerpetualStorage perpetualStorage_) Refunds(registry_) {
        perpetualStorage = perpetualStorage_;
    }

    /// @dev PerpetualStorage gives the order's id, so it is asked before that is written; it calls nobody back.
    function openOrder(uint256 id) external onlyDelegated returns (uint256 orderId) {
        Request storage request = _requestOf(id);
        IPinningRequests.State state = PinningStates.ofRecord(request.state, registry.getRequest(id));
        if (!request.perpetual || state != IPinningRequests.State.Packed)
            revert IPinningRequests.NotOrderable(id, state);

        uint256 deposit = request.reward;
        request.state = IPinningRequests.State.Ordered;
        request.reward = 0;
        _release(deposit);

        orderId = perpetualStorage.openFor{value: deposit}(request.requester, _orderOf(id, request));
        _perpetual[id].orderId = orderId;

        emit IPinningRequests.Ordered(id, orderId, request.requester, deposit);
    }

    function getRequest(uint256 id) external view onlyDelegated returns (IPinningRequests.RequestView memory) {
        Request storage request = _requestOf(id);
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        bool failed = request.state == IPinningRequests.State.Failed;
        return
            IPinningRequests.RequestView({
                requester: request.requester,
                state: PinningStates.ofNow(request.state, asked),
                failReason: failed ? request.failReason : asked.failReason,
                replicas: request.replicas,
                proven: uint16(request.deals.length),
                allowExistingDeals: request.allowExistingDeals,
                minTermEpochs: request.minTermEpochs,
                requestedEpoch: request.requestedEpoch,
                deadlineEpoch: asked.deadlineEpoch,
                carBytes: request.carBytes,
                pieceSize: request.pieceSize,
                pieceDigest: request.pieceDigest,
                rewardPerReplica: request.rewardPerReplica,
                reward: request.reward,
                cid: _cidOf(request.cidHash)
            });
    }

    function perpetualTermsOf(uint256 id) external view onlyDelegated returns (IPinningRequests.PerpetualTerms memory) {
        _requestOf(id);
        return _perpetual[id];
    }

    function dealsOf(uint256 id) external view onlyDelegated returns (IPinningRequests.ProvenDeal[] memory) {
        return _requestOf(id).deals;
    }

    function requestIds(uint256 start, uint256 count) external view onlyDelegated returns (uint256[] memory) {
        return _ids.page(start, count);
    }

    function requestIdsOf(
        address requester,
        uint256 start,
        uint256 count
    ) external view onlyDelegated returns (uint256[] memory) {
        return _idsOf[FilAddress.normalise(requester)].page(start, count);
    }

    /// @dev PerpetualStorage's defaults for this price, with the thresholds that were asked for. The price may double.
    function _orderOf(
        uint256 id,
        Request storage request
    ) private view returns (IPerpetualOrders.NewOrder memory order) {
        IPinningRequests.PerpetualTerms storage asked = _perpetual[id];
        order.pieceCid = PieceCid.encode(request.pieceDigest);
        order.pieceSize = request.pieceSize;
        order.replicas = request.replicas;
        order.price = asked.price;
        order.ceiling = 2 * asked.price;
        order.payloadCid = _cidOf(request.cidHash);
        order.seed = asked.seed;
        order.terms = perpetualStorage.defaultTerms(asked.price);
        order.terms.evictEpochs = asked.evictEpochs;
        order.terms.renewalEpochs = asked.renewalEpochs;
    }
}
