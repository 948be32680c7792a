// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ExitCode} from "./ExitCode.sol";
import {INativeActor} from "./INativeActor.sol";

/// @title ScriptedActor
/// @notice An actor which answers what a test told it to, however wrong. It may be put over any other actor: its storage
/// lies apart, so that the other one's is untouched and what is not scripted can be passed on to its code.
contract ScriptedActor is INativeActor {
    /// @notice `Answer`: what was scripted. `Revert`: revert with {failWith}'s data. `Raw`: return {replyRaw}'s bytes, which
    /// need not be an answer at all; empty bytes look like a contract that accepts everything.
    enum Mode {
        Answer,
        Revert,
        Raw
    }

    struct Reply {
        bool scripted;
        uint32 exitCode;
        uint64 codec;
        bytes data;
    }

    struct Script {
        Mode mode;
        bytes raw;
        address rest;
        mapping(uint64 method => Reply) byMethod;
        mapping(uint64 method => mapping(bytes32 params => Reply)) byParams;
    }

    bytes32 private constant SLOT = keccak256("mooring.local.ScriptedActor");

    /// @notice Answers `method` so, whatever its parameters.
    function script(uint64 method, uint32 exitCode, uint64 codec, bytes calldata data) external {
        _script().byMethod[method] = Reply(true, exitCode, codec, data);
    }

    /// @notice Answers `method` so when it comes with just these `params`; goes before {script}.
    function scriptFor(
        uint64 method,
        bytes calldata params,
        uint32 exitCode,
        uint64 codec,
        bytes calldata data
    ) external {
        _script().byParams[method][keccak256(params)] = Reply(true, exitCode, codec, data);
    }

    /// @notice Takes back what was scripted for `method` without parameters.
    function unscript(uint64 method) external {
        delete _script().byMethod[method];
    }

    /// @notice Reverts every message with `data`.
    function failWith(bytes calldata data) external {
        _script().mode = Mode.Revert;
        _script().raw = data;
    }

    /// @notice Returns `data` to every message as it is.
    function replyRaw(bytes calldata data) external {
        _script().mode = Mode.Raw;
        _script().raw = data;
    }

    /// @notice Answers as scripted again after {failWith} or {replyRaw}.
    function replyScripted() external {
        _script().mode = Mode.Answer;
    }

    /// @notice Runs the code at `implementation` for what is not scripted, on the storage of this address; the zero address
    /// turns it off, and what is not scripted is then exit 22.
    function passRestTo(address implementation) external {
        _script().rest = implementation;
    }

    /// @inheritdoc INativeActor
    function handle_filecoin_method(
        uint64 method,
        uint64,
        bytes calldata params
    ) external payable returns (uint32, uint64, bytes memory) {
        Script storage s = _script();
        bytes memory raw = s.raw;
        if (s.mode == Mode.Revert) {
            assembly ("memory-safe") {
                revert(add(raw, 32), mload(raw))
            }
        }
        if (s.mode == Mode.Raw) {
            assembly ("memory-safe") {
                return(add(raw, 32), mload(raw))
            }
        }

        Reply memory reply = s.byParams[method][keccak256(params)];
        if (!reply.scripted) reply = s.byMethod[method];
        if (reply.scripted) return (reply.exitCode, reply.codec, reply.data);
        if (s.rest != address(0)) _passOn(s.rest);
        return (ExitCode.UNHANDLED_MESSAGE, 0, "");
    }

    receive() external payable {}

    /// Calls of the other actor's own functions: its events, views and controls stay reachable under the script.
    fallback() external payable {
        _passOn(_script().rest);
    }

    function _passOn(address implementation) private {
        (bool success, bytes memory answer) = implementation.delegatecall(msg.data);
        assembly ("memory-safe") {
            switch success
            case 0 {
                revert(add(answer, 32), mload(answer))
            }
            default {
                return(add(answer, 32), mload(answer))
            }
        }
    }

    function _script() private pure returns (Script storage s) {
        bytes32 slot = SLOT;
        assembly ("memory-safe") {
            s.slot := slot
        }
    }
}
