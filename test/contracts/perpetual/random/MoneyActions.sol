// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Forcing} from "../../helpers/ForcedSend.sol";
import {Moods} from "./Moods.sol";

/// @notice Money is drawn by those it is owed to, or by others for them; coins are forced in.
abstract contract MoneyActions is Moods {
    function withdraw(uint256 seed) external {
        seed = _mix(seed);
        uint256 i = seed % ACCOUNTS;
        for (uint256 n = 0; n < ACCOUNTS && perpetual.creditOf(account(i)) == 0; ++n) i = (i + 1) % ACCOUNTS;
        address who = account(i);
        uint256 credit = perpetual.creditOf(who);
        uint256 balance = who.balance;
        bool own = (seed >> 8) % 2 == 0;
        bytes memory call =
            own
                ? abi.encodeCall(perpetual.withdraw, ())
                : abi.encodeCall(perpetual.withdrawFor, ((seed >> 16) % 2 == 0 ? who : aliasOf(who)));
        if (!_call(own ? who : stranger(seed), 0, call)) return _must(credit == 0, "a credit can be drawn");

        _must(credit != 0, "who is owed nothing draws nothing");
        _must(who.balance == balance + credit, "a credit is paid to whom it is owed");
        _must(perpetual.creditOf(who) == 0, "a credit is paid once");
        _happened("withdraw");
    }

    function withdrawProvider(uint256 seed) external moody(_mix(seed)) {
        seed = _mix(seed);
        uint64 id = miner(seed);
        for (uint256 n = 0; n < MINERS && perpetual.earnedOf(id) == 0; ++n) id = miner(id - FIRST_MINER + 1);
        address payee = address(uint160(actors.ownerOf(id)));
        uint256 earned = perpetual.earnedOf(id);
        uint256 balance = payee.balance;
        uint256 bad = actors.badAnswers();
        address caller = account((seed >> 16) % SINK_INDEX);
        if (!_call(caller, 0, abi.encodeCall(perpetual.withdrawProvider, (id))))
            return _must(earned == 0 || isSpoilt(), "what a miner earned can be drawn");

        _must(earned != 0, "who earned nothing draws nothing");
        _must(actors.badAnswers() == bad, "an answer that is none changes nothing");
        _must(payee.balance == balance + earned, "a miner's pay goes to its present owner");
        _must(perpetual.earnedOf(id) == 0, "a miner is paid once");
        _happened("withdrawProvider");
    }

    /// @notice Its miner is sold: pay and new claims are the new owner's.
    function sell(uint256 seed) external {
        seed = _mix(seed);
        if (seed % 4 != 0) return;
        uint256 i = (seed >> 8) % MINERS;
        actors.setMiner(miner(i), true, ownerId(seed >> 16), workerId(i), actors.powerOf(miner(i)));
        _happened("sell");
    }

    function force(uint64 amount) external {
        forced += amount;
        Forcing.send(address(perpetual), amount);
        _happened("force");
    }

    /// @notice Hours, days, months, years.
    function pass(uint256 seed) external {
        seed = _mix(seed);
        uint256 kind = seed % 16;
        uint256 most =
            kind < 8
                ? 2_000
                : kind < 12
                    ? 20_000
                    : kind < 15
                        ? 500_000
                        : 3_000_000;
        _rollTo(block.number + ((seed >> 8) % most));
        _happened("pass");
    }
}
