// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IPerpetualOrders} from "../../../../contracts/perpetual/IPerpetualOrders.sol";
import {IPerpetualSlots} from "../../../../contracts/perpetual/IPerpetualSlots.sol";
import {vm} from "../../helpers/Vm.sol";
import {PerpetualWorld} from "./PerpetualWorld.sol";

/// @notice Every action is booked a second time here, by the rules in words rather than by the contract's code: who gets how much, and
/// which states may follow which. What does not agree is the first {broken} sentence.
abstract contract PerpetualBooks is PerpetualWorld {
    /// @param refused The rules do not allow it.
    /// @param uncertain They leave it open whether it is refused.
    /// @param toOrder What flows back to the order, `forfeit` included: the part of it that was collateral.
    /// @param provenTo 0: as it was.
    struct Due {
        bool refused;
        bool uncertain;
        uint256 fromOrder;
        uint256 toOrder;
        uint256 forfeit;
        uint256 toMiner;
        uint256 toPoster;
        uint256 toCaller;
        uint256 toSink;
        IPerpetualSlots.SlotState state;
        uint64 provenTo;
        uint64 faultSince;
    }

    struct Snap {
        IPerpetualOrders.OrderView order;
        IPerpetualSlots.SlotView slot;
        uint256[ACCOUNTS] credits;
        uint256[MINERS] earned;
    }

    /// @notice Of an order: what came in, what left it, and where to. attoFIL.
    struct Book {
        uint256 deposits;
        uint256 forfeits;
        uint256 paid;
        uint256 withdrawn;
        uint256 credited;
        uint16 highestReplicas;
    }

    uint256 internal constant SEATS = 256;
    uint256 internal constant PAIRS = 16;

    /// @notice The sentence that was found untrue first; empty if none was.
    string public broken;
    uint256 public orderCount;
    /// @notice Value forced in, attoFIL.
    uint256 public forced;
    /// @notice How often each thing happened, by its name.
    mapping(string what => uint256) public happened;
    mapping(uint256 orderId => Book) internal _books;
    uint256 private _choices;
    /// @dev The error with which the last call ended.
    bytes4 private _error;

    /// @dev Coins may have been sent to its address before it was there.
    constructor() {
        forced = address(perpetual).balance;
    }

    function bookOf(uint256 orderId) external view returns (Book memory) {
        return _books[orderId];
    }

    // ---- acting

    /// @dev A call that concerns one slot: money and state must be as the rules say.
    function _act(uint256 slot, address caller, bytes memory call, Due memory due) internal returns (bool success) {
        Snap memory before = _snap(slot);
        uint256 bad = actors.badAnswers();
        success = _call(caller, 0, _choices % 4 == 0 ? _batched(call) : call);
        if (!success) {
            _mustHaveFailed(due.refused || due.uncertain, "what the rules allow is done");
            return false;
        }
        _must(!due.refused, "what the rules refuse is refused");
        Snap memory later = _snap(slot);
        _checkMoney(before, later, due, caller);
        _checkSlot(before.slot, later.slot, due);
        bool settled = bytes4(call) == perpetual.settle.selector;
        _must(settled || actors.badAnswers() == bad, "an answer that is none changes nothing");
    }

    function _call(address caller, uint256 value, bytes memory call) internal returns (bool success) {
        vm.deal(caller, caller.balance + value);
        vm.prank(caller);
        bytes memory result;
        (success, result) = address(perpetual).call{value: value}(call);
        _error = bytes4(result);
        if (!success) vm.deal(caller, caller.balance - value);
    }

    /// @dev The same in a batch, behind a call that fails.
    function _batched(bytes memory call) private view returns (bytes memory) {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(perpetual.lapse, (0));
        calls[1] = call;
        return abi.encodeCall(perpetual.batch, (calls, 1));
    }

    function _snap(uint256 slot) internal view returns (Snap memory snap) {
        snap.order = perpetual.getOrder(slot / SEATS);
        snap.slot = _slotOf(slot);
        for (uint256 i = 0; i < ACCOUNTS; ++i) snap.credits[i] = perpetual.creditOf(account(i));
        for (uint256 i = 0; i < MINERS; ++i) snap.earned[i] = perpetual.earnedOf(miner(i));
    }

    /// @dev Of a seat that was never claimed: zeros.
    function _slotOf(uint256 slot) internal view returns (IPerpetualSlots.SlotView memory found) {
        try perpetual.getSlot(slot) returns (IPerpetualSlots.SlotView memory view_) {
            return view_;
        } catch {
            found.slot = slot;
        }
    }

    // ---- holding it against the contract

    function _checkMoney(Snap memory before, Snap memory later, Due memory due, address caller) internal {
        uint256 orderId = before.slot.slot / SEATS;
        Book storage book = _books[orderId];
        uint256 free = before.order.free;
        before.credits[indexOf(caller)] += due.toCaller;
        before.credits[SINK_INDEX] += due.toSink;
        if (due.toPoster != 0) before.credits[indexOf(before.slot.poster)] += due.toPoster;
        if (before.order.status == IPerpetualOrders.OrderStatus.Cancelled) {
            before.credits[indexOf(before.order.client)] += due.toOrder;
            book.credited += due.toOrder;
        } else {
            free += due.toOrder;
        }
        free -= due.fromOrder;
        book.forfeits += due.forfeit;
        book.paid += due.toMiner;

        _must(later.order.free == free, "an order's free money is what the rules leave");
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            _must(later.credits[i] == before.credits[i], "each account is credited what the rules say");
        }
        for (uint256 i = 0; i < MINERS; ++i) {
            uint256 pay = miner(i) == before.slot.provider ? due.toMiner : 0;
            _must(later.earned[i] == before.earned[i] + pay, "each miner earns what the rules say");
        }
    }

    function _checkSlot(
        IPerpetualSlots.SlotView memory before,
        IPerpetualSlots.SlotView memory later,
        Due memory due
    ) private {
        _must(later.state == due.state, "a slot is in the state that the rules say");
        _must(later.nonce == before.nonce && later.provider == before.provider, "only a claim is a new claim");
        _must(
            later.price == before.price &&
                later.collateral == before.collateral &&
                later.maxTermEpochs == before.maxTermEpochs &&
                later.orderEnd == before.orderEnd &&
                later.poster == before.poster,
            "what a claim fixed stays"
        );
        _must(later.paid == before.paid + due.toMiner, "a slot's pay is what its miner earned");
        if (before.state != IPerpetualSlots.SlotState.Active) return;

        _must(later.start == before.start && later.end == before.end, "an active slot's term stays");
        _must(later.provenTo >= before.provenTo && later.provenTo <= later.end, "time is settled once");
        if (due.state == IPerpetualSlots.SlotState.Active) {
            _must(later.provenTo == due.provenTo, "time is settled up to where the rules say");
            _must(later.faultSince == due.faultSince, "a slot is faulty from when it was shown so");
        }
        uint256 gap = perpetual.getOrder(before.slot / SEATS).terms.gapEpochs;
        _must(due.toMiner <= before.price * gap, "one proof pays one gap");
        if (later.state == IPerpetualSlots.SlotState.Lost) _must(_now() < before.end, "lost only before the end");
        if (later.state == IPerpetualSlots.SlotState.Ended) _must(_now() >= before.end, "ended only from the end on");
    }

    // ---- tools

    /// @dev Every bit of a choice is random, also where the runner likes small and known numbers.
    function _mix(uint256 seed) internal returns (uint256) {
        return uint256(keccak256(abi.encode(seed, ++_choices)));
    }

    function _must(bool good, string memory sentence) internal {
        if (!good && bytes(broken).length == 0) broken = sentence;
    }

    /// @dev {_must}, and with what error it ended.
    function _mustHaveFailed(bool good, string memory sentence) internal {
        if (!good) _must(false, string.concat(sentence, ": ", Strings.toHexString(uint32(_error), 4)));
    }

    function _happened(string memory what) internal {
        ++happened[what];
    }

    function _now() internal view returns (uint64) {
        return uint64(block.number);
    }

    /// @dev Never back.
    function _rollTo(uint256 epoch) internal {
        if (epoch > block.number) vm.roll(epoch);
    }

    function _min(uint64 a, uint64 b) internal pure returns (uint64) {
        return a < b ? a : b;
    }

    function _max(uint64 a, uint64 b) internal pure returns (uint64) {
        return a > b ? a : b;
    }

    // ---- finding

    /// @dev Slots of an order that were ever claimed.
    function _slotsOf(uint256 orderId) internal view returns (IPerpetualSlots.SlotView[] memory) {
        return perpetual.slotsOf(orderId);
    }

    function _pickOrder(uint256 seed) internal view returns (uint256) {
        return 1 + (seed % orderCount);
    }

    /// @dev A slot in this state if there is one in any order, else any slot that was ever claimed; 0 if none was.
    function _pick(uint256 seed, IPerpetualSlots.SlotState wanted) internal view returns (uint256 slot) {
        for (uint256 i = 0; i < orderCount; ++i) {
            IPerpetualSlots.SlotView[] memory slots = _slotsOf(1 + ((seed + i) % orderCount));
            for (uint256 j = 0; j < slots.length; ++j) {
                slot = slots[(j + (seed >> 16)) % slots.length].slot;
                if (slots[(j + (seed >> 16)) % slots.length].state == wanted) return slot;
            }
        }
    }

    /// @dev The other seat of a slot's pair.
    function _other(uint256 slot) internal pure returns (uint256) {
        return (slot % SEATS) < PAIRS ? slot + PAIRS : slot - PAIRS;
    }

    function _isLive(IPerpetualSlots.SlotView memory slot) internal view returns (bool) {
        if (slot.state == IPerpetualSlots.SlotState.Claimed) return _now() <= slot.claimBy;
        return slot.state == IPerpetualSlots.SlotState.Active && _now() < slot.end;
    }

    /// @dev Who may act for a slot's provider: mostly one who may.
    function _actor(uint256 seed, uint64 provider) internal view returns (address who, bool controls) {
        if (seed % 8 == 0) {
            who = account((seed >> 8) % SINK_INDEX);
        } else {
            who = seed % 2 == 0 ? worker(provider - FIRST_MINER) : address(uint160(actors.ownerOf(provider)));
        }
        uint64 id = uint64(uint160(who));
        controls = id == actors.ownerOf(provider) || id == actors.workerOf(provider);
    }
}
