// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit} from "../NativeActor.sol";
import {ActorId} from "../ActorId.sol";
import {CborParams} from "../CborParams.sol";
import {CborWriter} from "../CborWriter.sol";
import {ExitCode} from "../ExitCode.sol";
import {FilecoinAddress} from "../FilecoinAddress.sol";
import {Escrow, MarketState} from "./MarketState.sol";

/// @title MarketEscrow
/// @notice The money of clients and providers at the market.
library MarketEscrow {
    uint64 private constant BURNT_FUNDS = 99;

    /// @notice AddBalance: address → nothing; the message's value is added.
    function add(MarketState storage s, CborParams.Cursor memory c) internal returns (bytes memory) {
        bytes memory raw = CborParams.readBytes(c);
        CborParams.end(c);
        if (msg.value == 0) revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);

        s.escrow[_resolve(raw)].balance += msg.value;
        return "";
    }

    /// @notice GetBalance: address → [balance, locked]
    function get(MarketState storage s, CborParams.Cursor memory c) internal view returns (bytes memory) {
        bytes memory raw = CborParams.readBytes(c);
        CborParams.end(c);
        Escrow storage escrow = s.escrow[_resolve(raw)];
        return
            bytes.concat(
                CborWriter.writeArray(2),
                CborWriter.writeBigInt(escrow.balance),
                CborWriter.writeBigInt(escrow.locked)
            );
    }

    /// @notice WithdrawBalance: [client's address, amount] → the amount paid out, at most what is not locked; for the client.
    function withdraw(MarketState storage s, CborParams.Cursor memory c) internal returns (bytes memory) {
        CborParams.readTuple(c, 2);
        uint64 id = _resolve(CborParams.readBytes(c));
        uint256 amount = CborParams.readBigInt(c);
        CborParams.end(c);
        (bool known, uint64 caller) = FilecoinAddress.resolve(FilecoinAddress.fromAccount(msg.sender));
        if (!known || caller != id) revert ActorExit(ExitCode.FORBIDDEN);

        Escrow storage escrow = s.escrow[id];
        uint256 free = escrow.balance - escrow.locked;
        if (amount > free) amount = free;
        escrow.balance -= amount;

        _send(msg.sender, amount);
        return CborWriter.writeBigInt(amount);
    }

    /// @notice Whether `amount` more of `id` can be locked.
    function covers(MarketState storage s, uint64 id, uint256 amount) internal view returns (bool) {
        Escrow storage escrow = s.escrow[id];
        return escrow.balance - escrow.locked >= amount;
    }

    function lock(MarketState storage s, uint64 id, uint256 amount) internal {
        s.escrow[id].locked += amount;
    }

    function unlock(MarketState storage s, uint64 id, uint256 amount) internal {
        s.escrow[id].locked -= amount;
    }

    /// @notice Pays from what `from` has locked.
    function pay(MarketState storage s, uint64 from, uint64 to, uint256 amount) internal {
        s.escrow[from].locked -= amount;
        s.escrow[from].balance -= amount;
        s.escrow[to].balance += amount;
    }

    /// @notice Burns from what `id` has locked.
    function burn(MarketState storage s, uint64 id, uint256 amount) internal {
        if (amount == 0) return;
        s.escrow[id].locked -= amount;
        s.escrow[id].balance -= amount;

        _send(ActorId.toAddress(BURNT_FUNDS), amount);
    }

    function _resolve(bytes memory raw) private view returns (uint64 id) {
        bool known;
        (known, id) = FilecoinAddress.resolve(raw);
        if (!known) revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);
    }

    function _send(address to, uint256 amount) private {
        (bool success, ) = to.call{value: amount}("");
        if (!success) revert ActorExit(ExitCode.EVM_REVERTED);
    }
}
