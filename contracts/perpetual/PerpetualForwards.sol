// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Delegating} from "../Delegating.sol";
import {IPerpetualCallbacks} from "./IPerpetualCallbacks.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {IPerpetualViews} from "./IPerpetualViews.sol";
import {PerpetualExtension} from "./PerpetualExtension.sol";

/// @title PerpetualForwards: what PerpetualStorage runs out of its extension
abstract contract PerpetualForwards is Delegating, IPerpetualOrders, IPerpetualViews, IPerpetualCallbacks {
    PerpetualExtension public immutable extension;

    constructor(PerpetualExtension extension_) {
        extension = extension_;
    }

    /// @inheritdoc IPerpetualOrders
    function open(bytes calldata, uint64, uint16, uint128, bytes calldata, bytes calldata) external payable returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function openFor(address, NewOrder calldata) external payable returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function topUp(uint256) external payable {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function setPrice(uint256, uint128, uint128) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function setReplicas(uint256, uint16) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function setEnd(uint256, uint64) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function setSeed(uint256, bytes calldata) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function setListed(uint256, uint64[] calldata, bool) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function suspend(uint256) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function resume(uint256) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function withdrawFree(uint256, uint256) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function cancel(uint256) external  {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function defaultTerms(uint128) external view returns (Terms memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function getOrder(uint256) external view returns (OrderView memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function orderCount() external view returns (uint256) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function ordersOf(address, uint256, uint256) external view returns (uint256[] memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualOrders
    function isListed(uint256, uint64) external view returns (bool) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualCallbacks
    // solhint-disable-next-line func-name-mixedcase
    function handle_filecoin_method(uint64, uint64, bytes calldata) external returns (uint32, uint64, bytes memory) {
        _runAs(address(extension));
    }

    /// @inheritdoc IPerpetualViews
    function openSlots(uint256, uint256) external view returns (IPerpetualSlots.OpenSlot[] memory, uint256) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualViews
    function openSlotsOf(uint256) external view returns (IPerpetualSlots.OpenSlot[] memory, uint64) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualViews
    function getSlot(uint256) external view returns (IPerpetualSlots.SlotView memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualViews
    function slotsOf(uint256) external view returns (IPerpetualSlots.SlotView[] memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualViews
    function slotsOfProvider(uint64, uint256, uint256) external view returns (IPerpetualSlots.SlotView[] memory, uint256) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualViews
    function payPerGibYear(uint256) external view returns (uint256) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPerpetualViews
    function barredUntil(uint256, uint64) external view returns (uint64) {
        _viewAs(address(extension));
    }
}
