// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Delegating} from "../Delegating.sol";
import {InclusionProof} from "../pinning/Frc0087.sol";
import {IPerpetualAccounts} from "./IPerpetualAccounts.sol";
import {IPerpetualCallbacks} from "./IPerpetualCallbacks.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualProofs} from "./IPerpetualProofs.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {IPerpetualViews} from "./IPerpetualViews.sol";
import {OrdersExtension} from "./OrdersExtension.sol";
import {ProofsExtension} from "./ProofsExtension.sol";

/// @title PerpetualForwards: what PerpetualStorage runs out of its extensions
abstract contract PerpetualForwards is
    Delegating,
    IPerpetualAccounts,
    IPerpetualProofs,
    IPerpetualOrders,
    IPerpetualViews,
    IPerpetualCallbacks
{
    OrdersExtension public immutable ordersExtension;
    ProofsExtension public immutable proofsExtension;

    constructor(OrdersExtension orders, ProofsExtension proofs) {
        ordersExtension = orders;
        proofsExtension = proofs;
    }

    /// @inheritdoc IPerpetualOrders
    function open(
        bytes calldata,
        uint64,
        uint16,
        uint128,
        bytes calldata,
        bytes calldata
    ) external payable returns (uint256) {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function openFor(address, NewOrder calldata) external payable returns (uint256) {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function topUp(uint256) external payable {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function setPrice(uint256, uint128, uint128) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function setReplicas(uint256, uint16) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function setEnd(uint256, uint64) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function setSeed(uint256, bytes calldata) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function setListed(uint256, uint64[] calldata, bool) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function suspend(uint256) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function resume(uint256) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function withdrawFree(uint256, uint256) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function cancel(uint256) external {
        _runAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function defaultTerms(uint128) external view returns (Terms memory) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function getOrder(uint256) external view returns (OrderView memory) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function orderCount() external view returns (uint256) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function ordersOf(address, uint256, uint256) external view returns (uint256[] memory) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualOrders
    function isListed(uint256, uint64) external view returns (bool) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualViews
    function openSlots(uint256, uint256) external view returns (IPerpetualSlots.OpenSlot[] memory, uint256) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualViews
    function openSlotsOf(uint256) external view returns (IPerpetualSlots.OpenSlot[] memory, uint64) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualViews
    function getSlot(uint256) external view returns (IPerpetualSlots.SlotView memory) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualViews
    function slotsOf(uint256) external view returns (IPerpetualSlots.SlotView[] memory) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualViews
    function slotsOfProvider(
        uint64,
        uint256,
        uint256
    ) external view returns (IPerpetualSlots.SlotView[] memory, uint256) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualViews
    function payPerGibYear(uint256) external view returns (uint256) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualViews
    function barredUntil(uint256, uint64) external view returns (uint64) {
        _viewAs(address(ordersExtension));
    }

    /// @inheritdoc IPerpetualProofs
    function proveDeal(uint256, uint64, bytes calldata) external {
        _runAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualProofs
    function proveAggregatedDeal(uint256, uint64, InclusionProof calldata, bytes calldata) external {
        _runAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualProofs
    function proveSector(uint256, bytes calldata) external {
        _runAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualProofs
    function proveExtension(uint256, bytes calldata) external {
        _runAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualCallbacks
    // solhint-disable-next-line func-name-mixedcase
    function handle_filecoin_method(uint64, uint64, bytes calldata) external returns (uint32, uint64, bytes memory) {
        _runAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualAccounts
    function withdraw() external returns (uint256) {
        _runAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualAccounts
    function withdrawFor(address) external returns (uint256) {
        _runAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualAccounts
    function withdrawProvider(uint64) external returns (uint256) {
        _runAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualAccounts
    function creditOf(address) external view returns (uint256) {
        _viewAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualAccounts
    function earnedOf(uint64) external view returns (uint256) {
        _viewAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualAccounts
    function liabilities() external view returns (uint256) {
        _viewAs(address(proofsExtension));
    }

    /// @inheritdoc IPerpetualAccounts
    function sink() external view returns (address) {
        _viewAs(address(proofsExtension));
    }
}
