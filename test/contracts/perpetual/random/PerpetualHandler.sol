// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPerpetualOrders} from "../../../../contracts/perpetual/IPerpetualOrders.sol";
import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {PerpetualRules} from "../../../../contracts/perpetual/PerpetualRules.sol";
import {vm} from "../../helpers/Vm.sol";
import {MoneyActions} from "./MoneyActions.sol";
import {MoodyActors} from "./MoodyActors.sol";
import {NoticeActions} from "./NoticeActions.sol";
import {OrderActions} from "./OrderActions.sol";
import {SettleActions} from "./SettleActions.sol";

/// @notice All that can happen to orders and slots; and a question about what could, which changes nothing.
abstract contract PerpetualHandler is OrderActions, NoticeActions, SettleActions, MoneyActions {
    error All();
    error NotAllWithoutActors();
    error NotAll();

    /// @notice An order, and a replica of it that is proven at once.
    function openAndFill(uint256 seed) external {
        seed = _mix(seed);
        _open(seed);
        for (uint256 i = 0; i < 2 && orderCount != 0; ++i) {
            uint256 slot = _claimAny(_mix(seed));
            if (slot != 0) _proveByDeal(slot, _mix(seed) | 1);
        }
    }

    /// @notice When no actor answers, can everything but miners' pay be taken out, and that too once they do?
    function tryTakeOutEverything(uint256 seed) external {
        seed = _mix(seed);
        if (seed % 4 != 0) return;
        uint256 epoch = block.number;
        (bool success, bytes memory result) = address(this).call(abi.encodeCall(this.dryTakeOut, ()));
        assert(!success);
        vm.roll(epoch);
        _must(bytes4(result) != NotAllWithoutActors.selector, "time alone frees all but what miners earned");
        _must(bytes4(result) != NotAll.selector, "in the end nothing stays but what was forced in");
        _must(bytes4(result) == All.selector, "time alone closes every slot, and every credit can be drawn");
        _happened("tryTakeOutEverything");
    }

    function dryTakeOut() external {
        actors.setMood(MoodyActors.Mood.Fails, 0, 0);
        for (uint256 id = 1; id <= orderCount; ++id) _close(id);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            if (perpetual.creditOf(account(i)) != 0) perpetual.withdrawFor(account(i));
        }
        uint256 earned;
        for (uint256 i = 0; i < MINERS; ++i) earned += perpetual.earnedOf(miner(i));
        if (perpetual.liabilities() != earned) revert NotAllWithoutActors();

        actors.setMood(MoodyActors.Mood.Honest, 0, 0);
        for (uint256 i = 0; i < MINERS; ++i) {
            if (perpetual.earnedOf(miner(i)) != 0) perpetual.withdrawProvider(miner(i));
        }
        if (perpetual.liabilities() != 0 || address(perpetual).balance != forced) revert NotAll();
        revert All();
    }

    function _close(uint256 id) private {
        IPerpetualSlots.SlotView[] memory slots = _slotsOf(id);
        for (uint256 i = 0; i < slots.length; ++i) {
            if (slots[i].state == IPerpetualSlots.SlotState.Claimed) {
                _rollTo(slots[i].claimBy + 1);
                perpetual.lapse(slots[i].slot);
            } else if (slots[i].state == IPerpetualSlots.SlotState.Active) {
                _rollTo(slots[i].end + PerpetualRules.GRACE);
                perpetual.release(slots[i].slot);
            }
        }
        IPerpetualOrders.OrderView memory order = perpetual.getOrder(id);
        if (order.status == IPerpetualOrders.OrderStatus.Cancelled) return;
        vm.prank(order.client);
        perpetual.cancel(id);
    }
}
