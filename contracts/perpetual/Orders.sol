// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Extension} from "../Extension.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {Page} from "../Page.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {OrderRules} from "./OrderRules.sol";
import {PerpetualRules} from "./PerpetualRules.sol";
import {Purse} from "./Purse.sol";

/// @title Orders: the client's side
/// @dev What a claim fixed for a slot is copied into the slot: no function here can reach it.
abstract contract Orders is Purse, Extension, IPerpetualOrders {
    using Page for uint256[];

    /// @inheritdoc IPerpetualOrders
    function open(
        bytes calldata pieceCid,
        uint64 pieceSize,
        uint16 replicas,
        uint128 price,
        bytes calldata payloadCid,
        bytes calldata seed
    ) external payable onlyDelegated nonReentrant returns (uint256 orderId) {
        NewOrder memory asked = NewOrder({
            pieceCid: pieceCid,
            pieceSize: pieceSize,
            replicas: replicas,
            price: price,
            ceiling: price > PerpetualRules.MAX_PRICE / 2 ? price : 2 * price,
            endEpoch: 0,
            payloadCid: payloadCid,
            seed: seed,
            terms: OrderRules.defaultTerms(price),
            providers: new uint64[](0)
        });
        return _open(msg.sender, asked);
    }

    /// @inheritdoc IPerpetualOrders
    function openFor(
        address client,
        NewOrder calldata asked
    ) external payable onlyDelegated nonReentrant returns (uint256 orderId) {
        return _open(FilAddress.normalise(client), asked);
    }

    /// @inheritdoc IPerpetualOrders
    function topUp(uint256 orderId) external payable onlyDelegated nonReentrant {
        Order storage order = _changeable(orderId);
        if (msg.value == 0) revert OutOfBounds("amount", 1, type(uint128).max, msg.value);

        uint128 amount = _hold(msg.value);
        order.free += amount;

        emit ToppedUp(orderId, msg.sender, amount);
    }

    /// @inheritdoc IPerpetualOrders
    function setPrice(uint256 orderId, uint128 price, uint128 ceiling) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);
        OrderRules.requirePrices(price, ceiling);
        if (price == order.price && ceiling == order.ceiling) revert Unchanged(orderId);

        order.price = price;
        order.ceiling = ceiling;
        _changed(orderId, order);
    }

    /// @inheritdoc IPerpetualOrders
    function setReplicas(uint256 orderId, uint16 replicas) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);
        OrderRules.requireReplicas(replicas);
        if (replicas == order.replicas) revert Unchanged(orderId);

        order.replicas = replicas;
        if (replicas > order.pairs) order.pairs = replicas;
        _changed(orderId, order);
    }

    /// @inheritdoc IPerpetualOrders
    function setEnd(uint256 orderId, uint64 endEpoch) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);
        OrderRules.requireEnd(endEpoch);
        if (endEpoch == order.endEpoch) revert Unchanged(orderId);

        order.endEpoch = endEpoch;
        _changed(orderId, order);
    }

    /// @inheritdoc IPerpetualOrders
    function setSeed(uint256 orderId, bytes calldata seed) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);
        OrderRules.requireSeed(seed);
        if (keccak256(seed) == keccak256(order.seed)) revert Unchanged(orderId);

        order.seed = seed;
        ++order.version;

        emit SeedChanged(orderId, order.version, seed);
    }

    /// @inheritdoc IPerpetualOrders
    function setListed(uint256 orderId, uint64[] calldata providers, bool listed) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);
        OrderRules.requireListable(providers.length);

        _list(order, providers, listed);

        emit ListChanged(orderId, providers, listed);
    }

    /// @inheritdoc IPerpetualOrders
    function suspend(uint256 orderId) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);
        if (order.status != OrderStatus.Live) revert WrongOrderStatus(orderId, order.status);

        order.status = OrderStatus.Suspended;

        emit Suspended(orderId);
    }

    /// @inheritdoc IPerpetualOrders
    function resume(uint256 orderId) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);
        if (order.status != OrderStatus.Suspended) revert WrongOrderStatus(orderId, order.status);

        order.status = OrderStatus.Live;

        emit Resumed(orderId);
    }

    /// @inheritdoc IPerpetualOrders
    function withdrawFree(uint256 orderId, uint256 amount) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);
        if (amount == 0) revert OutOfBounds("amount", 1, order.free, amount);
        if (amount > order.free) revert FreeTooLow(order.free, amount);

        order.free -= uint128(amount);
        _credit(order.client, orderId, amount);

        emit FreeWithdrawn(orderId, amount);
    }

    /// @inheritdoc IPerpetualOrders
    function cancel(uint256 orderId) external onlyDelegated nonReentrant {
        Order storage order = _own(orderId);

        uint256 amount = order.free;
        order.free = 0;
        order.status = OrderStatus.Cancelled;
        _credit(order.client, orderId, amount);

        emit OrderCancelled(orderId, amount);
    }

    /// @inheritdoc IPerpetualOrders
    function defaultTerms(uint128 price) public view returns (Terms memory) {
        return OrderRules.defaultTerms(price);
    }

    /// @inheritdoc IPerpetualOrders
    function getOrder(uint256 orderId) external view returns (OrderView memory) {
        Order storage order = _order(orderId);
        return
            OrderView({
                client: order.client,
                status: order.status,
                version: order.version,
                replicas: order.replicas,
                price: order.price,
                ceiling: order.ceiling,
                endEpoch: order.endEpoch,
                openedEpoch: order.openedEpoch,
                pieceSize: order.pieceSize,
                pieceDigest: order.pieceDigest,
                free: order.free,
                reserved: order.reserved,
                payloadCid: order.payloadCid,
                seed: order.seed,
                terms: order.terms
            });
    }

    /// @inheritdoc IPerpetualOrders
    function orderCount() external view returns (uint256) {
        return _orderCount;
    }

    /// @inheritdoc IPerpetualOrders
    function ordersOf(address client, uint256 start, uint256 count) external view returns (uint256[] memory) {
        return _ordersOf[FilAddress.normalise(client)].page(start, count);
    }

    /// @inheritdoc IPerpetualOrders
    function isListed(uint256 orderId, uint64 provider) external view returns (bool) {
        return _order(orderId).listed[provider];
    }

    function _open(address client, NewOrder memory asked) private returns (uint256 orderId) {
        bytes32 digest = OrderRules.requireValid(asked);
        uint256 required = uint256(asked.price) * asked.terms.minTermEpochs;
        if (msg.value < required) revert DepositTooLow(required, msg.value);

        orderId = ++_orderCount;
        Order storage order = _orders[orderId];
        order.client = client;
        order.status = OrderStatus.Live;
        order.version = 1;
        order.replicas = asked.replicas;
        order.pairs = asked.replicas;
        order.price = asked.price;
        order.ceiling = asked.ceiling;
        order.free = _hold(msg.value);
        order.endEpoch = asked.endEpoch;
        order.openedEpoch = _now();
        order.pieceSize = asked.pieceSize;
        order.pieceDigest = digest;
        order.terms = asked.terms;
        order.payloadCid = asked.payloadCid;
        order.seed = asked.seed;
        _list(order, asked.providers, true);
        _ordersOf[client].push(orderId);

        emit OrderOpened(orderId, client, digest, asked, msg.value);
    }

    function _changed(uint256 orderId, Order storage order) private {
        ++order.version;

        emit OrderChanged(orderId, order.version, order.replicas, order.price, order.ceiling, order.endEpoch);
    }

    function _list(Order storage order, uint64[] memory providers, bool listed) private {
        for (uint256 i = 0; i < providers.length; ++i) order.listed[providers[i]] = listed;
    }

    function _changeable(uint256 orderId) private view returns (Order storage order) {
        order = _order(orderId);
        if (order.status == OrderStatus.Cancelled) revert WrongOrderStatus(orderId, order.status);
    }

    /// @dev The caller's own order, unless it is cancelled.
    function _own(uint256 orderId) private view returns (Order storage order) {
        order = _order(orderId);
        if (msg.sender != order.client) revert NotClient(orderId, order.client, msg.sender);
        return _changeable(orderId);
    }
}
