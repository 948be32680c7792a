// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IArbiter} from "../../oracle/IArbiter.sol";
import {IOracleChallenges} from "../../oracle/IOracleChallenges.sol";

/// @title ChallengeStub
/// @notice What an arbiter sees of a registry: the challenges it is told, and a `resolve` that fails when it is told to.
contract ChallengeStub {
    bool public broken;
    uint256 public resolved;
    IOracleChallenges.Ruling public lastRuling;

    mapping(uint256 id => IOracleChallenges.ChallengeView) private _challenges;

    error Broken(uint256 id);
    error NoRuling(uint256 id);

    function open(uint256 id, uint8 stage, uint64 deadlineEpoch) external {
        IOracleChallenges.ChallengeView memory challenge;
        challenge.challenger = msg.sender;
        challenge.stage = stage;
        challenge.open = true;
        challenge.openedEpoch = uint64(block.number);
        challenge.deadlineEpoch = deadlineEpoch;
        _challenges[id] = challenge;
    }

    function setBroken(bool value) external {
        broken = value;
    }

    /// @notice Closes the challenge by the ruling of the caller.
    function resolve(uint256 id) external {
        if (broken) revert Broken(id);
        lastRuling = IArbiter(msg.sender).rulingOf(address(this), id, _challenges[id].stage);
        if (lastRuling == IOracleChallenges.Ruling.None) revert NoRuling(id);

        _challenges[id].open = false;
        ++resolved;
    }

    function getChallenge(uint256 id) external view returns (IOracleChallenges.ChallengeView memory) {
        return _challenges[id];
    }
}
