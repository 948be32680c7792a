// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {CarryingActions} from "./CarryingActions.sol";

/// @notice All that can happen to a DAO; and its money: deposits, coins forced in, what storage gives back, a payee that comes back.
abstract contract DaoHandler is CarryingActions {
    function deposit(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        uint256 amount = seed % 100_000;
        _must(_call(address(0xfee), amount, address(treasury), ""), "anybody may deposit");
        _money.deposited += amount;
        _happened("deposit");
    }

    function force(uint256 seed) external acting(seed) {
        _force(_mix(seed) % 1_000);
    }

    function absorb(uint256 seed) external acting(seed) {
        bool success = _call(account(_mix(seed)), 0, address(treasury), abi.encodeCall(treasury.absorb, ()));
        _must(success == (_money.forced != 0), "what came without a call is absorbed, and nothing else");
        if (!success) return;
        _money.deposited += _money.forced;
        _money.forced = 0;
        _happened("absorb");
    }

    /// @notice What a request did not spend, and what a cancelled order had, come back by anybody's hand.
    function refund(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        uint256 requests = pinning.requestCount();
        if (requests != 0) {
            uint256 id = pinning.requestIds(seed % requests, 1)[0];
            if (seed & 0x10000 != 0) _rollTo(pinning.getRequest(id).deadlineEpoch + 1);
            (bool ended, ) = address(pinning).call(abi.encodeCall(pinning.refund, (id)));
            if (ended) _happened("request ended");
        }
        uint256 credit = pinning.creditOf(address(treasury));
        if (credit != 0) _drawn(address(pinning), credit, abi.encodeCall(pinning.withdrawFor, (address(treasury))));
        credit = perpetual.creditOf(address(treasury));
        if (credit != 0) _drawn(address(perpetual), credit, abi.encodeCall(perpetual.withdrawFor, (address(treasury))));
    }

    function turnPayee(uint256 seed) external acting(seed) {
        _turn(_mix(seed), "");
    }

    function _drawn(address from, uint256 credit, bytes memory call) private {
        _must(_call(address(0xfee), 0, from, call), "what is owed to the treasury comes back by anybody's hand");
        _money.refunded += credit;
        _happened(from == address(pinning) ? "refund of a request" : "refund of an order");
    }
}
