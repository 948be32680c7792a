// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cbor} from "./Cbor.sol";

/// @title ActorCall
/// @notice Read-only calls of Filecoin's actors through the FEVM's `call_actor_id` precompile.
/// @dev An exit code is 0 when the actor answered, positive when the actor refused (16 illegal argument, 17 not found,
/// 18 forbidden, 22 no such method, from 32 on the actor's own; 7 when the call ran out of gas), negative when the
/// system did (−6: there is no such actor).
library ActorCall {
    address internal constant CALL_ACTOR_ID = 0xfe00000000000000000000000000000000000005;

    uint256 private constant READ_ONLY = 1;

    uint64 private constant NONE = 0;
    uint64 private constant CBOR = 0x51;
    uint64 private constant DAG_CBOR = 0x71;

    /// @dev What the precompile returns before the data's own bytes: exit code, codec, offset, length.
    uint256 private constant HEAD_LENGTH = 0x80;
    uint256 private constant DATA_OFFSET = 0x60;

    /// @notice The precompile refused the call itself (a reserved method number).
    error PrecompileFailed(uint64 actorId, uint64 method);

    /// @notice The answer is none: not what the precompile returns, data under an unknown codec, or nothing where a
    /// value is due. Plain accounts answer every method with success and nothing: they are not the actor that was
    /// meant.
    /// @param length Bytes of data that came.
    error BadActorReturn(uint64 actorId, uint64 method, uint64 codec, uint256 length);

    /// @notice The actor gave neither an answer nor a refusal that says something of the matter: nothing is concluded from it.
    error ActorUnclear(int256 exitCode);

    /// @notice Calls `method` of the actor `actorId` read-only.
    /// @dev The precompile must be reached by DELEGATECALL; it runs none of the caller's code and with the read-only
    /// flag changes nothing, hence the cast to `view`.
    /// Reverts with {PrecompileFailed} or {BadActorReturn}.
    /// @param params The method's parameters in CBOR; empty for a method that takes none.
    /// @return exitCode 0 when the actor answered.
    /// @return data The answer in CBOR, maybe empty. When `exitCode` is not 0, whatever came with it.
    function read(
        uint64 actorId,
        uint64 method,
        bytes memory params
    ) internal view returns (int256 exitCode, bytes memory data) {
        function(uint64, uint64, bytes memory) internal returns (int256, bytes memory) callActor = _call;
        function(uint64, uint64, bytes memory) internal view returns (int256, bytes memory) viewCallActor;
        assembly ("memory-safe") {
            viewCallActor := callActor
        }
        return viewCallActor(actorId, method, params);
    }

    /// @notice Like {read}, for a method that answers with a value: success with nothing is an error.
    /// @dev Reverts with {PrecompileFailed} or {BadActorReturn}.
    /// @return exitCode 0 when the actor answered.
    /// @return answer At the first byte of the answer; of no use unless `exitCode` is 0.
    function readValue(
        uint64 actorId,
        uint64 method,
        bytes memory params
    ) internal view returns (int256 exitCode, Cbor.Cursor memory answer) {
        (exitCode, answer.data) = read(actorId, method, params);
        if (exitCode == 0 && answer.data.length == 0) revert BadActorReturn(actorId, method, NONE, 0);
    }

    function _call(
        uint64 actorId,
        uint64 method,
        bytes memory params
    ) private returns (int256 exitCode, bytes memory data) {
        uint64 codec = params.length == 0 ? NONE : CBOR;
        (bool success, bytes memory output) = CALL_ACTOR_ID.delegatecall(
            abi.encode(method, uint256(0), READ_ONLY, codec, params, actorId)
        );
        if (!success) revert PrecompileFailed(actorId, method);
        if (output.length < HEAD_LENGTH) revert BadActorReturn(actorId, method, NONE, 0);

        uint256 offset;
        uint256 dataCodec;
        assembly ("memory-safe") {
            exitCode := mload(add(output, 0x20))
            dataCodec := mload(add(output, 0x40))
            offset := mload(add(output, 0x60))
            data := add(output, 0x80)
        }
        bool codecKnown = data.length == 0 ? dataCodec == NONE : dataCodec == CBOR || dataCodec == DAG_CBOR;
        if (offset != DATA_OFFSET || data.length > output.length - HEAD_LENGTH || (exitCode == 0 && !codecKnown))
            revert BadActorReturn(actorId, method, uint64(dataCodec), data.length);
    }
}
