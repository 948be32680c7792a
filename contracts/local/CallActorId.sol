// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorMessage} from "./ActorMessage.sol";

/// @title CallActorId
/// @notice The stand-in of the FEVM precompile call_actor_id (0xfe…05). It is DELEGATECALLed, so it runs as its caller and
/// must not have storage of its own.
/// @dev In: abi.encode(uint64 method, uint256 value, uint64 flags, uint64 codec, bytes params, uint64 actorId), without a
/// selector. Out: abi.encode(int256 exitCode, uint64 returnCodec, bytes returnData). Like the real one it fails without
/// data when called otherwise, for flags above 1, for methods 1..1023, and for a codec other than CBOR or none.
contract CallActorId {
    address private constant SELF = 0xfe00000000000000000000000000000000000005;
    uint64 private constant READ_ONLY = 1;
    uint64 private constant FIRST_METHOD = 1024;

    fallback() external payable {
        (uint64 method, uint256 value, uint64 flags, uint64 codec, bytes memory params, uint64 actorId) = abi.decode(
            msg.data,
            (uint64, uint256, uint64, uint64, bytes, uint64)
        );
        bool codecFits = codec == ActorMessage.CBOR || (codec == 0 && params.length == 0);
        if (address(this) == SELF || flags > READ_ONLY || (method != 0 && method < FIRST_METHOD) || !codecFits) {
            assembly ("memory-safe") {
                revert(0, 0)
            }
        }

        ActorMessage.Reply memory reply = ActorMessage.deliver(
            ActorMessage.Message(actorId, method, value, flags == READ_ONLY, codec, params)
        );

        bytes memory out = abi.encode(reply.exitCode, reply.codec, reply.data);
        assembly ("memory-safe") {
            return(add(out, 32), mload(out))
        }
    }
}
