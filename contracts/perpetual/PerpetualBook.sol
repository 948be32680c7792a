// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IPerpetualOrders} from "./IPerpetualOrders.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";
import {PerpetualRules} from "./PerpetualRules.sol";

/// @title PerpetualBook: all that is stored
abstract contract PerpetualBook is ReentrancyGuardTransient {
    /// @param pairs The highest number of replicas that was ever set: pairs of seats that may be in use.
    struct Order {
        address client;
        IPerpetualOrders.OrderStatus status;
        uint32 version;
        uint16 replicas;
        uint16 pairs;
        uint128 price;
        uint128 ceiling;
        uint128 free;
        uint128 reserved;
        uint64 endEpoch;
        uint64 openedEpoch;
        uint64 pieceSize;
        bytes32 pieceDigest;
        IPerpetualOrders.Terms terms;
        bytes payloadCid;
        bytes seed;
        mapping(uint64 provider => bool) listed;
        mapping(uint64 actorId => uint64 untilEpoch) barredUntil;
    }

    /// @param nonce Claims of this seat so far: the last one's nonce.
    /// @param end While claimed: the commitment of the sector that is bound, if one is.
    struct Slot {
        IPerpetualSlots.SlotState state;
        IPerpetualSlots.Kind kind;
        uint64 nonce;
        uint64 provider;
        uint64 owner;
        address poster;
        uint64 claimBy;
        uint128 price;
        uint128 collateral;
        uint64 claimedEpoch;
        uint64 start;
        uint64 end;
        uint64 provenTo;
        uint64 maxTermEpochs;
        uint64 orderEnd;
        uint64 faultSince;
        uint64 dealId;
        uint64 sector;
        uint128 paid;
    }

    uint256 private constant SEAT_BITS = 8;
    /// @dev The seats of a pair differ in this bit.
    uint256 internal constant PAIR_BIT = 16;
    uint256 internal constant SEATS = 32;

    uint256 internal _orderCount;
    mapping(uint256 orderId => Order) internal _orders;
    mapping(uint256 slot => Slot) internal _slots;
    mapping(address client => uint256[]) internal _ordersOf;

    /// @dev Every claim of a provider: slot · 2^64 + nonce.
    mapping(uint64 provider => uint256[]) internal _claimsOf;
    /// @dev Claims of an owner's providers that are to be proven.
    mapping(uint64 owner => uint32) internal _openClaims;
    /// @dev The live slot that is paid for the piece in a sector.
    mapping(bytes32 replica => uint256 slot) internal _replicas;

    function _slotId(uint256 orderId, uint256 seat) internal pure returns (uint256) {
        return (orderId << SEAT_BITS) | seat;
    }

    function _orderIdOf(uint256 slot) internal pure returns (uint256) {
        return slot >> SEAT_BITS;
    }

    function _seatOf(uint256 slot) internal pure returns (uint256) {
        return slot & ((1 << SEAT_BITS) - 1);
    }

    function _order(uint256 orderId) internal view returns (Order storage order) {
        order = _orders[orderId];
        if (order.status == IPerpetualOrders.OrderStatus.None) revert IPerpetualOrders.UnknownOrder(orderId);
    }

    /// @dev A seat that may be used; maybe it never was.
    function _slot(uint256 slot) internal view returns (Order storage order, Slot storage taken) {
        order = _orders[_orderIdOf(slot)];
        if (order.status == IPerpetualOrders.OrderStatus.None || _seatOf(slot) >= SEATS)
            revert IPerpetualSlots.UnknownSlot(slot);
        taken = _slots[slot];
    }

    function _slotIn(
        uint256 slot,
        IPerpetualSlots.SlotState state
    ) internal view returns (Order storage order, Slot storage taken) {
        (order, taken) = _slot(slot);
        if (taken.state != state) revert IPerpetualSlots.WrongSlotState(slot, taken.state);
    }

    function _replicaKey(uint64 provider, uint64 sector, bytes32 pieceDigest) internal pure returns (bytes32) {
        return keccak256(abi.encode(provider, sector, pieceDigest));
    }

    function _now() internal view returns (uint64) {
        return uint64(block.number);
    }

    /// @dev First epoch at which a replica can be closed without evidence.
    function _releaseEpoch(Slot storage taken) internal view returns (uint64) {
        return taken.end + PerpetualRules.GRACE;
    }
}
