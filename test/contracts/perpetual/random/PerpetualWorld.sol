// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../../../../contracts/filecoin/FilAddress.sol";
import {OrdersExtension} from "../../../../contracts/perpetual/OrdersExtension.sol";
import {PerpetualStorage} from "../../../../contracts/perpetual/PerpetualStorage.sol";
import {ProofsExtension} from "../../../../contracts/perpetual/ProofsExtension.sol";
import {TwoPieceAggregate} from "../../helpers/TwoPieceAggregate.sol";
import {vm} from "../../helpers/Vm.sol";
import {MoodyActors} from "./MoodyActors.sol";
import {CallMoodyActors, LookupAccounts, ResolveAccounts} from "./Precompiles.sol";

/// @notice A perpetual storage with all that can meet there: clients, owners and workers of miners (some of native accounts, two
/// owners with two miners each, an actor that only behaves like a miner), strangers, the sink; and two pieces.
abstract contract PerpetualWorld {
    uint256 public constant CLIENTS = 3;
    uint256 public constant OWNERS = 5;
    uint256 public constant MINERS = 7;
    uint256 public constant STRANGERS = 2;
    uint256 public constant ACCOUNTS = CLIENTS + OWNERS + MINERS + STRANGERS + 1;
    uint256 internal constant SINK_INDEX = ACCOUNTS - 1;

    uint64 internal constant FIRST_MINER = 1000;
    /// @notice Answers every method of a miner; f04 does not know it.
    uint64 internal constant FALSE_MINER = 1999;
    uint64 internal constant NATIVE_CLIENT = 0x50001;
    uint64 internal constant NATIVE_WORKER = 0x50002;
    address internal constant MARKET = 0xff00000000000000000000000000000000000005;
    address internal constant SINK = 0xff00000000000000000000000000000000000063;
    bytes internal constant LOCATION = hex"820102";
    uint256 private constant FIRST_EPOCH = 5_000_000;

    MoodyActors public immutable actors = new MoodyActors();
    PerpetualStorage public immutable perpetual;
    bytes32[2] internal _pieces = [TwoPieceAggregate.digestOf("first"), TwoPieceAggregate.digestOf("second")];

    constructor() {
        vm.roll(FIRST_EPOCH);
        vm.etch(0xFE00000000000000000000000000000000000001, address(new ResolveAccounts()).code);
        vm.etch(0xfe00000000000000000000000000000000000005, address(new CallMoodyActors(actors)).code);
        for (uint256 i = 0; i < MINERS; ++i) {
            actors.setMiner(miner(i), true, ownerId(i % OWNERS), workerId(i), 1 << (40 + i));
        }
        actors.setMiner(FALSE_MINER, false, ownerId(0), workerId(0), 1 << 50);
        perpetual = new PerpetualStorage(new OrdersExtension(SINK), new ProofsExtension(SINK));
        vm.etch(0xfE00000000000000000000000000000000000002, address(new LookupAccounts(address(perpetual))).code);
    }

    // ---- accounts

    function account(uint256 i) public pure returns (address) {
        if (i < CLIENTS) return client(i);
        if (i < CLIENTS + OWNERS) return owner(i - CLIENTS);
        if (i < CLIENTS + OWNERS + MINERS) return worker(i - CLIENTS - OWNERS);
        return i < SINK_INDEX ? stranger(i) : SINK;
    }

    function miner(uint256 i) public pure returns (uint64) {
        return FIRST_MINER + uint64(i % MINERS);
    }

    function client(uint256 i) internal pure returns (address) {
        i %= CLIENTS;
        return i == CLIENTS - 1 ? FilAddress.mask(NATIVE_CLIENT) : address(uint160(0x10001 + i));
    }

    function ownerId(uint256 i) internal pure returns (uint64) {
        return uint64(0x20001 + (i % OWNERS));
    }

    function owner(uint256 i) internal pure returns (address) {
        return address(uint160(ownerId(i)));
    }

    function workerId(uint256 i) internal pure returns (uint64) {
        return i % MINERS == MINERS - 1 ? NATIVE_WORKER : uint64(0x30001 + (i % MINERS));
    }

    function worker(uint256 i) internal pure returns (address) {
        uint64 id = workerId(i);
        return id == NATIVE_WORKER ? FilAddress.mask(id) : address(uint160(id));
    }

    function stranger(uint256 i) internal pure returns (address) {
        return address(uint160(0x40001 + (i % STRANGERS)));
    }

    /// @dev The masked id address of an account; a native one's is its own.
    function aliasOf(address who) internal pure returns (address) {
        return FilAddress.mask(uint64(uint160(who)));
    }

    function indexOf(address who) internal pure returns (uint256) {
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            if (account(i) == who) return i;
        }
        revert("nobody that plays here");
    }
}
