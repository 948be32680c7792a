// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualSlots} from "./IPerpetualSlots.sol";

/// @title Views of slots: what a storage provider's software asks
/// @notice Everything else of the past is in the events, from which all state can be rebuilt.
interface IPerpetualViews {
    /// @notice Slots that can be claimed now, of the orders from `cursor` (an order's id; begin at 0). Looks at 200 orders and stops
    /// after about `limit` slots (at most 200; never within an order).
    /// @return slots What can be claimed.
    /// @return next The cursor to go on with; 0: that was all.
    function openSlots(
        uint256 cursor,
        uint256 limit
    ) external view returns (IPerpetualSlots.OpenSlot[] memory slots, uint256 next);

    /// @notice The open slots of one order.
    /// @return slots What can be claimed; nextEpoch as in {IPerpetualSlots-SlotNotOpen} while there is none.
    function openSlotsOf(
        uint256 orderId
    ) external view returns (IPerpetualSlots.OpenSlot[] memory slots, uint64 nextEpoch);

    function getSlot(uint256 slot) external view returns (IPerpetualSlots.SlotView memory);

    /// @notice All seats of an order that were ever claimed, 32 at most.
    function slotsOf(uint256 orderId) external view returns (IPerpetualSlots.SlotView[] memory);

    /// @notice A provider's claimed and active slots among its claims from position `start`, at most 200 looked at: what is due to be
    /// proven (`claimBy`) or settled (`settleBy`) by when, and what it earned.
    /// @return slots Those that are live.
    /// @return total Claims that the provider ever made.
    function slotsOfProvider(
        uint64 provider,
        uint256 start,
        uint256 count
    ) external view returns (IPerpetualSlots.SlotView[] memory slots, uint256 total);

    /// @notice Expected pay for a GiB kept a year (1,051,200 epochs) at an order's present price, attoFIL.
    function payPerGibYear(uint256 orderId) external view returns (uint256);

    /// @notice Until when an actor (a provider, or an owner) cannot claim in an order; 0: never barred.
    function barredUntil(uint256 orderId, uint64 actorId) external view returns (uint64);
}
