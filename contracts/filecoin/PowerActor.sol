// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorCall} from "./ActorCall.sol";
import {Cbor} from "./Cbor.sol";
import {CborEncode} from "./CborEncode.sol";

/// @title PowerActor
/// @notice What the storage power actor (f04) says of miners: it created every one, so it knows which actors are some.
/// @dev Every getter returns an exit code first, and a value that means nothing unless the code is 0. Powers are in bytes.
library PowerActor {
    using Cbor for Cbor.Cursor;

    uint64 internal constant ID = 4;

    uint64 private constant MINER_COUNT = 1987646258;
    uint64 private constant MINER_POWER = 36284446;
    uint64 private constant MINER_RAW_POWER = 3753401894;
    uint64 private constant NETWORK_RAW_POWER = 931722534;

    /// @notice Whether the actor is a storage provider's miner actor. `false` when the power actor did not say so for
    /// whichever reason.
    function isMiner(uint64 actorId) internal view returns (bool) {
        (int256 exitCode, bytes memory data) = ActorCall.read(ID, MINER_POWER, CborEncode.encodeUint(actorId));
        return exitCode == 0 && data.length > 0;
    }

    /// @notice A miner's raw power and its power adjusted by deal quality. Exit 17: not a miner.
    function minerPower(uint64 miner) internal view returns (int256 exitCode, uint256 raw, uint256 qualityAdjusted) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(ID, MINER_POWER, CborEncode.encodeUint(miner));
        if (exitCode != 0) return (exitCode, raw, qualityAdjusted);

        answer.readArray(2);
        raw = answer.readBigUint();
        qualityAdjusted = answer.readBigUint();
        answer.end();
    }

    /// @notice A miner's raw power, and whether it is enough to take part in consensus. Exit 16: not a miner.
    function minerRawPower(uint64 miner) internal view returns (int256 exitCode, uint256 raw, bool meetsMinimum) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(ID, MINER_RAW_POWER, CborEncode.encodeUint(miner));
        if (exitCode != 0) return (exitCode, raw, meetsMinimum);

        answer.readArray(2);
        raw = answer.readBigUint();
        meetsMinimum = answer.readBool();
        answer.end();
    }

    /// @notice How many miners there are.
    function minerCount() internal view returns (int256 exitCode, uint64 count) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(ID, MINER_COUNT, "");
        if (exitCode != 0) return (exitCode, count);

        count = answer.readUint();
        answer.end();
    }

    /// @notice The network's raw power.
    function networkRawPower() internal view returns (int256 exitCode, uint256 raw) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(ID, NETWORK_RAW_POWER, "");
        if (exitCode != 0) return (exitCode, raw);

        raw = answer.readBigUint();
        answer.end();
    }
}
