// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorCall} from "../../filecoin/ActorCall.sol";
import {Cbor} from "../../filecoin/Cbor.sol";

/// @title ActorCallHarness
/// @notice {ActorCall} as calls.
contract ActorCallHarness {
    function read(
        uint64 actorId,
        uint64 method,
        bytes memory params
    ) external view returns (int256 exitCode, bytes memory data) {
        return ActorCall.read(actorId, method, params);
    }

    function readValue(
        uint64 actorId,
        uint64 method,
        bytes memory params
    ) external view returns (int256 exitCode, bytes memory data) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(actorId, method, params);
        data = answer.data;
    }
}
