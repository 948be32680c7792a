// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {PieceCid} from "../../../../contracts/filecoin/PieceCid.sol";
import {IPerpetualOrders} from "../../../../contracts/perpetual/IPerpetualOrders.sol";
import {PerpetualRules} from "../../../../contracts/perpetual/PerpetualRules.sol";
import {TwoPieceAggregate} from "../../helpers/TwoPieceAggregate.sol";
import {PerpetualBooks} from "./PerpetualBooks.sol";

/// @notice What clients do, and strangers in their place.
abstract contract OrderActions is PerpetualBooks {
    uint256 private constant MAX_ORDERS = 3;

    struct Sight {
        IPerpetualOrders.OrderView order;
        bytes32 slots;
        uint256 credit;
    }

    function open(uint256 seed) external {
        _open(_mix(seed));
    }

    function topUp(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        uint256 id = _pickOrder(seed);
        uint256 amount = (seed >> 16) % 3 == 0 ? (seed >> 32) % 1000 : _terms(id) * (1 + ((seed >> 32) % 3));
        if (_change(id, account((seed >> 8) % SINK_INDEX), amount, abi.encodeCall(perpetual.topUp, (id)), 0)) {
            _happened("topUp");
        }
    }

    function setPrice(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        uint256 id = _pickOrder(seed);
        uint128 price = uint128(1 + ((seed >> 16) % 40));
        uint128 ceiling = uint128(price + ((seed >> 32) % 60) - ((seed >> 40) % 16 == 0 ? 1 : 0));
        if (_change(id, _clientOf(id, seed), 0, abi.encodeCall(perpetual.setPrice, (id, price, ceiling)), 0)) {
            _must(ceiling >= price, "a ceiling is not below the price");
            _happened("setPrice");
        }
    }

    function setReplicas(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        uint256 id = _pickOrder(seed);
        uint16 replicas = uint16((seed >> 16) % 32 == 0 ? (seed >> 24) % 20 : 1 + ((seed >> 24) % 3));
        if (!_change(id, _clientOf(id, seed), 0, abi.encodeCall(perpetual.setReplicas, (id, replicas)), 0)) return;

        _must(replicas >= 1 && replicas <= PAIRS, "there are 1 to 16 replicas");
        if (replicas > _books[id].highestReplicas) _books[id].highestReplicas = replicas;
        _happened("setReplicas");
    }

    function setEnd(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0 || seed % 3 != 0) return;
        uint256 id = _pickOrder(seed >> 8);
        uint64 end = (seed >> 16) % 2 == 0 ? 0 : _now() + uint64(((seed >> 24) % 4) * 300_000);
        if (_change(id, _clientOf(id, seed), 0, abi.encodeCall(perpetual.setEnd, (id, end)), 0)) _happened("setEnd");
    }

    function setSeedOrList(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        uint256 id = _pickOrder(seed);
        bytes memory call = abi.encodeCall(perpetual.setSeed, (id, abi.encode(seed)));
        if (seed & 0x100 != 0) {
            uint64[] memory providers = new uint64[](1 + ((seed >> 16) % 3));
            for (uint256 i = 0; i < providers.length; ++i) providers[i] = miner((seed >> (24 + 8 * i)));
            call = abi.encodeCall(perpetual.setListed, (id, providers, seed & 0x200 != 0));
        }
        if (_change(id, _clientOf(id, seed), 0, call, 0)) _happened("setSeedOrList");
    }

    function suspendOrResume(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        uint256 id = _pickOrder(seed);
        bool live = perpetual.getOrder(id).status == IPerpetualOrders.OrderStatus.Live;
        if (live && seed & 0x300 != 0) return;
        if (seed & 0x1c00 == 0) live = !live;
        bytes memory call = live ? abi.encodeCall(perpetual.suspend, (id)) : abi.encodeCall(perpetual.resume, (id));
        if (_change(id, _clientOf(id, seed), 0, call, 0)) _happened(live ? "suspend" : "resume");
    }

    function withdrawFree(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0) return;
        uint256 id = _pickOrder(seed);
        uint256 free = perpetual.getOrder(id).free;
        uint256 amount = (seed >> 16) % 8 == 0 ? free + ((seed >> 24) % 2) : (seed >> 24) % (free / 8 + 1);
        bytes memory call = abi.encodeCall(perpetual.withdrawFree, (id, amount));
        if (!_change(id, _clientOf(id, seed), 0, call, amount)) return;
        _must(amount != 0 && amount <= free, "a client takes back what is free");
        _happened("withdrawFree");
    }

    function cancel(uint256 seed) external {
        seed = _mix(seed);
        if (orderCount == 0 || seed % 5 != 0) return;
        uint256 id = _pickOrder(seed >> 8);
        uint256 free = perpetual.getOrder(id).free;
        if (!_change(id, _clientOf(id, seed >> 16), 0, abi.encodeCall(perpetual.cancel, (id)), free)) return;
        _must(perpetual.getOrder(id).status == IPerpetualOrders.OrderStatus.Cancelled, "cancelled is for ever");
        _happened("cancel");
    }

    // ---- rules

    /// @dev An order is changed by its client while it is not cancelled, topped up by anyone; nothing of it reaches its slots.
    /// @param taken What becomes the client's credit.
    function _change(
        uint256 id,
        address caller,
        uint256 value,
        bytes memory call,
        uint256 taken
    ) private returns (bool success) {
        Sight memory before = _see(id);
        success = _call(caller, value, call);
        if (!success) return false;

        Sight memory later = _see(id);
        _must(value != 0 || caller == before.order.client, "only its client changes an order");
        bool dead = before.order.status == IPerpetualOrders.OrderStatus.Cancelled;
        _must(!dead, "a cancelled order stays as it is");
        _must(later.slots == before.slots, "no change of an order touches a slot");
        _must(later.order.reserved == before.order.reserved, "what is reserved is not the client's to change");
        _must(later.order.free + taken == before.order.free + value, "a client gets what is free");
        _must(later.credit == before.credit + taken, "what a client takes back is the client's credit");
        _must(
            keccak256(abi.encode(later.order.terms)) == keccak256(abi.encode(before.order.terms)) &&
                later.order.pieceDigest == before.order.pieceDigest &&
                later.order.client == before.order.client,
            "an order's rules never change"
        );
        _books[id].deposits += value;
        _books[id].withdrawn += taken;
    }

    function _see(uint256 id) private view returns (Sight memory sight) {
        sight.order = perpetual.getOrder(id);
        sight.slots = keccak256(abi.encode(_slotsOf(id)));
        sight.credit = perpetual.creditOf(sight.order.client);
    }

    function _clientOf(uint256 id, uint256 seed) private view returns (address) {
        return (seed >> 200) % 8 == 0 ? account((seed >> 208) % SINK_INDEX) : perpetual.getOrder(id).client;
    }

    /// @dev What one replica costs for its longest term, attoFIL.
    function _terms(uint256 id) private view returns (uint256) {
        IPerpetualOrders.OrderView memory order = perpetual.getOrder(id);
        return uint256(order.price) * order.terms.maxTermEpochs;
    }

    // ---- opening

    /// @dev Small windows, odd amounts, and for a third of the orders not enough money for all replicas.
    function _open(uint256 seed) internal {
        if (orderCount == MAX_ORDERS) return;
        IPerpetualOrders.NewOrder memory order = _newOrder(seed);
        uint256 term = uint256(order.price) * order.terms.maxTermEpochs;
        uint256 deposit =
            (seed >> 8) % 3 == 0
                ? uint256(order.price) * order.terms.minTermEpochs
                : term * order.replicas * (2 + ((seed >> 16) % 3));
        address who = client(seed >> 24);
        address payer = (seed >> 32) % 2 == 0 ? who : stranger(seed);
        bytes memory call = abi.encodeCall(perpetual.openFor, ((seed >> 40) % 2 == 0 ? who : aliasOf(who), order));
        if (!_call(payer, deposit, call)) return;

        ++orderCount;
        _books[orderCount].deposits = deposit;
        _books[orderCount].highestReplicas = order.replicas;
        IPerpetualOrders.OrderView memory opened = perpetual.getOrder(orderCount);
        _must(opened.client == who, "a client is one party under all its addresses");
        _must(opened.free == deposit && opened.reserved == 0, "what comes in is free");
        _happened("open");
    }

    function _newOrder(uint256 seed) private view returns (IPerpetualOrders.NewOrder memory order) {
        order.pieceCid = PieceCid.encode(_pieces[(seed >> 48) % 2]);
        order.pieceSize = TwoPieceAggregate.PIECE_SIZE;
        order.replicas = uint16(1 + ((seed >> 56) % 3));
        order.price = uint128(3 + ((seed >> 64) % 30));
        order.ceiling = order.price + uint128((seed >> 72) % 90);
        order.endEpoch = (seed >> 80) % 8 == 0 ? _now() + 1_500_000 : 0;
        order.seed = "https://example.org/piece";
        order.terms.minTermEpochs = PerpetualRules.MIN_TERM + uint64((seed >> 88) % 1000);
        order.terms.maxTermEpochs = order.terms.minTermEpochs + uint64((seed >> 104) % 100_000);
        order.terms.claimEpochs = PerpetualRules.MIN_CLAIM + uint64((seed >> 120) % 3000);
        order.terms.fetchEpochs = PerpetualRules.MIN_FETCH + uint64((seed >> 136) % 2000);
        order.terms.gapEpochs = PerpetualRules.MIN_GAP + uint64((seed >> 152) % 80_000);
        order.terms.renewalEpochs = PerpetualRules.MIN_RENEWAL + uint64((seed >> 168) % 100_000);
        order.terms.evictEpochs = PerpetualRules.MIN_EVICT + uint64((seed >> 184) % 5000);
        order.terms.collateral = PerpetualRules.MIN_COLLATERAL + uint128((seed >> 200) % 997);
        order.terms.minPower = (seed >> 216) % 4 == 0 ? uint128(1) << 42 : 0;
        order.terms.liveness =
            (seed >> 220) % 3 == 0 ? IPerpetualOrders.Liveness.Deal : IPerpetualOrders.Liveness.Sector;
        uint256 access = (seed >> 224) % 8;
        if (access == 0) order.terms.access = IPerpetualOrders.Access.Listed;
        if (access == 1) order.terms.access = IPerpetualOrders.Access.NotListed;
        if (access > 1) return order;
        order.providers = new uint64[](2);
        order.providers[0] = miner(seed >> 228);
        order.providers[1] = miner(seed >> 232);
    }
}
