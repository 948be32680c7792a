// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualOrders} from "../../../contracts/perpetual/IPerpetualOrders.sol";
import {IPerpetualSlots} from "../../../contracts/perpetual/IPerpetualSlots.sol";
import {IPerpetualStorage} from "../../../contracts/perpetual/IPerpetualStorage.sol";
import {PerpetualHandler} from "./random/PerpetualHandler.sol";

/// @dev The runner calls only contracts that this file defines.
contract Handler is PerpetualHandler {}

/// @notice What holds after every sequence of calls: of clients, providers with shared owners, the market, miners and strangers, with
/// coins forced in, actors that answer anything, faults, terminations, and time that passes by hours or years.
contract PerpetualStorageInvariants {
    uint256 private constant SEATS = 256;
    uint256 private constant PAIRS = 16;

    PerpetualHandler private _handler;
    IPerpetualStorage private _perpetual;

    function setUp() external {
        _handler = new Handler();
        _perpetual = _handler.perpetual();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev One function: each would be run on sequences of its own. The sentence that does not hold is the reason it reverts with.
    function invariant_theRulesHold() external view {
        require(bytes(_handler.broken()).length == 0, _handler.broken());
        uint256 owed;
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) owed += _perpetual.creditOf(_handler.account(i));
        for (uint256 i = 0; i < _handler.MINERS(); ++i) owed += _perpetual.earnedOf(_handler.miner(i));
        for (uint256 id = 1; id <= _handler.orderCount(); ++id) owed += _order(id);
        require(_perpetual.liabilities() == owed, "liabilities are free and reserved money, live collaterals, credits");
        require(
            address(_perpetual).balance == owed + _handler.forced(),
            "the balance is what is owed and what was forced in"
        );
        _replicas();
    }

    /// @return What the order holds, its collaterals included.
    function _order(uint256 id) private view returns (uint256) {
        IPerpetualOrders.OrderView memory order = _perpetual.getOrder(id);
        IPerpetualSlots.SlotView[] memory slots = _perpetual.slotsOf(id);
        PerpetualHandler.Book memory book = _handler.bookOf(id);
        uint256 reserved;
        uint256 collaterals;
        for (uint256 i = 0; i < slots.length; ++i) {
            reserved += _reservedFor(slots[i]);
            if (_isOccupied(slots[i])) collaterals += slots[i].collateral;
            require(slots[i].paid <= _worth(slots[i]), "a slot earns its price for its term at most");
        }
        require(order.reserved == reserved, "what is reserved is what live slots can still earn");
        require(
            book.deposits + book.forfeits == order.free + order.reserved + book.paid + book.withdrawn + book.credited,
            "what came into an order is free, reserved, paid, withdrawn or credited"
        );
        bool cancelled = order.status == IPerpetualOrders.OrderStatus.Cancelled;
        require(!cancelled || order.free == 0, "nothing is free in a cancelled order");
        _seats(order, slots, book.highestReplicas);
        return order.free + order.reserved + collaterals;
    }

    function _seats(
        IPerpetualOrders.OrderView memory order,
        IPerpetualSlots.SlotView[] memory slots,
        uint256 highest
    ) private view {
        uint256 settled;
        uint256 pairs;
        for (uint256 i = 0; i < slots.length; ++i) {
            if (!_isLive(slots[i])) continue;
            bool inWindow =
                slots[i].state == IPerpetualSlots.SlotState.Active &&
                    slots[i].end <= block.number + order.terms.renewalEpochs;
            if (!inWindow) ++settled;
            ++pairs;
            for (uint256 j = 0; j < i; ++j) {
                if (!_isLive(slots[j])) continue;
                bool pair = (slots[i].slot ^ slots[j].slot) == PAIRS;
                // A pair is a replica and its successor, by the same provider, by another one of the same owner, or by anybody.
                if (pair) {
                    --pairs;
                    continue;
                }
                require(slots[i].provider != slots[j].provider, "a provider has one live slot in an order");
                require(slots[i].owner != slots[j].owner, "an owner has one live slot in an order");
            }
        }
        require(settled <= highest && pairs <= highest, "no more replicas than there were ever to be");
    }

    /// @dev One replica in one sector is paid once: whoever names the same one does so for another time.
    function _replicas() private view {
        for (uint256 a = 1; a <= _handler.orderCount(); ++a) {
            IPerpetualSlots.SlotView[] memory mine = _perpetual.slotsOf(a);
            for (uint256 b = 1; b <= a; ++b) {
                if (_perpetual.getOrder(a).pieceDigest != _perpetual.getOrder(b).pieceDigest) continue;
                IPerpetualSlots.SlotView[] memory theirs = _perpetual.slotsOf(b);
                for (uint256 i = 0; i < mine.length; ++i) {
                    for (uint256 j = 0; j < theirs.length; ++j) _mustDiffer(mine[i], theirs[j]);
                }
            }
        }
    }

    function _mustDiffer(IPerpetualSlots.SlotView memory one, IPerpetualSlots.SlotView memory other) private pure {
        bool both = one.state == IPerpetualSlots.SlotState.Active && other.state == IPerpetualSlots.SlotState.Active;
        if (one.slot == other.slot || !both) return;
        bool same = one.provider == other.provider && one.sector == other.sector;
        bool overlap = one.start < other.end && other.start < one.end;
        require(!(same && overlap), "a replica is paid once");
    }

    function _reservedFor(IPerpetualSlots.SlotView memory slot) private pure returns (uint256) {
        if (slot.state == IPerpetualSlots.SlotState.Claimed) return uint256(slot.price) * slot.maxTermEpochs;
        if (slot.state == IPerpetualSlots.SlotState.Active) return uint256(slot.price) * (slot.end - slot.provenTo);
        return 0;
    }

    function _worth(IPerpetualSlots.SlotView memory slot) private pure returns (uint256) {
        return uint256(slot.price) * (slot.end - slot.start);
    }

    function _isOccupied(IPerpetualSlots.SlotView memory slot) private pure returns (bool) {
        return slot.state == IPerpetualSlots.SlotState.Claimed || slot.state == IPerpetualSlots.SlotState.Active;
    }

    function _isLive(IPerpetualSlots.SlotView memory slot) private view returns (bool) {
        if (slot.state == IPerpetualSlots.SlotState.Claimed) return block.number <= slot.claimBy;
        return slot.state == IPerpetualSlots.SlotState.Active && block.number < slot.end;
    }
}
