// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorId} from "./ActorId.sol";
import {CborWriter} from "./CborWriter.sol";
import {ExitCode} from "./ExitCode.sol";
import {IAddressBook} from "./IAddressBook.sol";
import {INativeActor} from "./INativeActor.sol";

/// @title ActorMessage
/// @notice Sends a message to an actor of the local chain, whatever kind it is, and never reverts for what the actor does.
library ActorMessage {
    uint64 internal constant CBOR = 0x51;
    /// @notice Methods below it are for native callers only (FRC-0042).
    uint64 internal constant FIRST_EXPORTED = 1 << 24;

    /// @notice One message. The sender is the contract which runs this code.
    struct Message {
        uint64 to;
        uint64 method;
        uint256 value;
        bool readOnly;
        uint64 codec;
        bytes params;
    }

    /// @notice What came back: exit code, or a syscall's error number below zero; codec; CBOR data.
    struct Reply {
        int256 exitCode;
        uint64 codec;
        bytes data;
    }

    /// @notice Sends `message`: to the stand-in at the masked address of its id, else to the contract or the Ethereum
    /// account which the address book knows under that id.
    function deliver(Message memory message) internal returns (Reply memory) {
        if (message.readOnly && message.value != 0) return Reply(ExitCode.SYS_READ_ONLY, 0, "");
        if (address(this).balance < message.value) return Reply(ExitCode.SYS_INSUFFICIENT_FUNDS, 0, "");

        address target = ActorId.toAddress(message.to);
        if (target.code.length != 0) return _callActor(target, message);

        target = _accountOf(message.to);
        if (target == address(0)) return Reply(ExitCode.SYS_NOT_FOUND, 0, "");
        if (target.code.length != 0 && message.method != 0) return _callActor(target, message);
        if (message.method != 0 && message.method < FIRST_EXPORTED) return Reply(_code(ExitCode.FORBIDDEN), 0, "");
        return _transfer(target, message.value);
    }

    function _accountOf(uint64 id) private view returns (address) {
        address book = ActorId.toAddress(ActorId.INIT);
        return book.code.length == 0 ? address(0) : IAddressBook(book).accountOf(id);
    }

    function _callActor(address target, Message memory message) private returns (Reply memory) {
        bytes memory call = abi.encodeCall(
            INativeActor.handle_filecoin_method,
            (message.method, message.codec, message.params)
        );
        (bool success, bytes memory answer) = message.readOnly
            ? target.staticcall(call)
            : target.call{value: message.value}(call);

        return success ? _decode(answer) : _reverted(answer);
    }

    /// An account takes any exported method, and says nothing: OK and empty.
    function _transfer(address target, uint256 value) private returns (Reply memory) {
        if (value == 0) return Reply(0, 0, "");
        (bool success, bytes memory answer) = target.call{value: value}("");
        return success ? Reply(0, 0, "") : _reverted(answer);
    }

    /// (uint32 exitCode, uint64 codec, bytes data); no answer at all is OK and empty, another shape is exit 21.
    function _decode(bytes memory answer) private pure returns (Reply memory) {
        if (answer.length == 0) return Reply(0, 0, "");
        if (answer.length < 128) return Reply(_code(ExitCode.SERIALIZATION), 0, "");

        (uint256 exitCode, uint256 codec, uint256 offset) = abi.decode(answer, (uint256, uint256, uint256));
        if (exitCode > type(uint32).max || offset > answer.length - 32) {
            return Reply(_code(ExitCode.SERIALIZATION), 0, "");
        }
        uint256 length;
        // Words at an offset known only now: the bounds are checked above and below.
        assembly ("memory-safe") {
            length := mload(add(add(answer, 32), offset))
        }
        if (length > answer.length - 32 - offset || !(codec == CBOR || (codec == 0 && length == 0))) {
            return Reply(_code(ExitCode.SERIALIZATION), 0, "");
        }
        bytes memory data = new bytes(length);
        assembly ("memory-safe") {
            mcopy(add(data, 32), add(add(answer, 64), offset), length)
        }
        return Reply(int256(exitCode), uint64(codec), data);
    }

    function _reverted(bytes memory reason) private pure returns (Reply memory) {
        return Reply(_code(ExitCode.EVM_REVERTED), CBOR, CborWriter.writeBytes(reason));
    }

    function _code(uint32 exitCode) private pure returns (int256) {
        return int256(uint256(exitCode));
    }
}
