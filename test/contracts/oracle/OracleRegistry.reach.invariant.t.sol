// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {RegistryHandler} from "./random/RegistryHandler.sol";

contract Handler is RegistryHandler {}

/// @notice Random calls prove nothing where they never get: a few sequences must bring about
/// everything that the handler counts.
contract OracleRegistryReach {
    uint256 private constant RUNS = 128;
    uint256 private constant DEPTH = 32;
    /// @dev An arbiter that burns all gas leaves 1/64 of it: each call has its own.
    uint256 private constant GAS_OF_A_CALL = 200_000_000;

    mapping(string what => uint256) private _happened;

    /// @dev Here rather than in the test, which is run again with all its traces when it fails.
    function setUp() external {
        string[36] memory all = _everything();
        for (uint256 run = 0; run < RUNS; ++run) {
            RegistryHandler handler = new Handler();
            for (uint256 i = 0; i < DEPTH; ++i) _callAnything(handler, uint256(keccak256(abi.encode(run, i))));
            require(bytes(handler.broken()).length == 0, handler.broken());
            for (uint256 i = 0; i < all.length; ++i) _happened[all[i]] += handler.happened(all[i]);
        }
    }

    function test_everythingHappens() external view {
        string[36] memory all = _everything();
        for (uint256 i = 0; i < all.length; ++i) {
            require(_happened[all[i]] != 0, string.concat("never happened: ", all[i]));
        }
    }

    function _callAnything(RegistryHandler handler, uint256 seed) private {
        bytes4[27] memory actions = [
            handler.join.selector,
            handler.rotate.selector,
            handler.optIn.selector,
            handler.addStake.selector,
            handler.leave.selector,
            handler.withdrawStake.selector,
            handler.passNotice.selector,
            handler.ask.selector,
            handler.allowEarly.selector,
            handler.vote.selector,
            handler.voteTogether.selector,
            handler.voteMany.selector,
            handler.cancel.selector,
            handler.conclude.selector,
            handler.refund.selector,
            handler.sync.selector,
            handler.deliver.selector,
            handler.mood.selector,
            handler.withdraw.selector,
            handler.force.selector,
            handler.pass.selector,
            handler.challenge.selector,
            handler.resolve.selector,
            handler.refute.selector,
            handler.tryVoteAndRefund.selector,
            handler.askAsSomebodyJoins.selector,
            handler.tryTakeOutEverything.selector
        ];
        uint256 argument = uint256(keccak256(abi.encode(seed)));
        (bool success, ) = address(handler).call{gas: GAS_OF_A_CALL}(
            abi.encodePacked(actions[seed % actions.length], argument, argument >> 8)
        );
        success; // what is refused is no fault of the handler
    }

    function _everything() private pure returns (string[36] memory) {
        return
            [
                "join",
                "rotate",
                "optIn",
                "addStake",
                "leave",
                "leave with locked stake",
                "withdrawStake",
                "passNotice",
                "ask",
                "ask by version 2",
                "allowEarly",
                "vote",
                "voteFailure",
                "answered",
                "failed",
                "voteMany",
                "cancel",
                "conclude",
                "refund",
                "sync",
                "deliver",
                "deliver in vain",
                "mood",
                "withdraw",
                "force",
                "pass",
                "challenge",
                "challenge of an earlier stage",
                "upheld",
                "rejected",
                "silent",
                "refute",
                "told of an undone answer",
                "tryTakeOutEverything",
                "tryVoteAndRefund",
                "askAsSomebodyJoins"
            ];
    }
}
