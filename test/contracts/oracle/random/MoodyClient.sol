// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason} from "../../../../contracts/oracle/FailReason.sol";
import {IOracleCallback} from "../../../../contracts/oracle/IOracleCallback.sol";
import {IOracleRegistry} from "../../../../contracts/oracle/IOracleRegistry.sol";
import {IOracleRequests} from "../../../../contracts/oracle/IOracleRequests.sol";

/// @notice A requester that takes, refuses, burns its gas or comes back in its callbacks, and takes or refuses money. It notes what
/// a requester must never see.
contract MoodyClient is IOracleCallback {
    enum Mood {
        Take,
        Refuse,
        Burn,
        ReEnter
    }

    IOracleRegistry private immutable _registry;
    Mood public mood;
    bool public refusesMoney;

    /// @notice The first thing that it should not have seen; empty if none.
    string public misled;
    uint256 public taken;
    uint256 public cancellations;

    mapping(uint256 id => uint8) public nextStage;
    mapping(uint256 id => bool) public over;

    constructor(IOracleRegistry registry) {
        _registry = registry;
    }

    receive() external payable {
        require(!refusesMoney, "no money now");
    }

    function setMood(Mood mood_, bool refusesMoney_) external {
        mood = mood_;
        refusesMoney = refusesMoney_;
    }

    function onOracleAnswer(uint256 id, uint8 stage, bool ok, bytes calldata) external {
        _behave(id);
        bool early = _registry.getRequest(id).early;
        bool isFinal = _registry.getAnswer(id, stage).standing == IOracleRequests.AnswerStanding.Final;
        _expect(isFinal || early, "a client was told of an answer that is not final");
        _expect(
            stage == nextStage[id] && !over[id],
            "a client was told of a stage twice, out of order, or after the end"
        );

        nextStage[id] = stage + 1;
        over[id] = !ok;
        ++taken;
    }

    function onOracleAnswerCancelled(uint256 id, uint8 stage) external {
        _behave(id);
        _expect(_registry.getRequest(id).early, "a client was told that a final answer was undone");
        _expect(stage < nextStage[id], "a client was told that an answer it never had was undone");

        nextStage[id] = stage;
        over[id] = true;
        ++cancellations;
    }

    function _behave(uint256 id) private {
        _expect(msg.sender == address(_registry), "somebody else called back");
        require(mood != Mood.Refuse, "not now");
        if (mood == Mood.Burn) {
            assembly {
                invalid()
            }
        }
        if (mood != Mood.ReEnter) return;
        _tryAgain(abi.encodeCall(_registry.withdraw, ()));
        _tryAgain(abi.encodeCall(_registry.withdrawFor, (_registry.sink())));
        _tryAgain(abi.encodeCall(_registry.cancel, (id)));
        _tryAgain(abi.encodeCall(_registry.conclude, (id)));
        _tryAgain(abi.encodeCall(_registry.refund, (id)));
        _tryAgain(abi.encodeCall(_registry.sync, (id)));
        _tryAgain(abi.encodeCall(_registry.deliver, (id, nextStage[id], abi.encode(0))));
        _tryAgain(abi.encodeCall(_registry.resolve, (id)));
        _tryAgain(abi.encodeCall(_registry.refute, (id, 0, abi.encode(0))));
        _tryAgain(abi.encodeCall(_registry.reportFailure, (id, nextStage[id] + 1, FailReason.NotFound)));
    }

    function _tryAgain(bytes memory call) private {
        (bool success, ) = address(_registry).call(call);
        _expect(!success, "the registry was entered again from a callback");
    }

    function _expect(bool good, string memory sentence) private {
        if (!good && bytes(misled).length == 0) misled = sentence;
    }
}
