// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {DaoHandler} from "./random/DaoHandler.sol";

contract Handler is DaoHandler {}

/// @notice Random calls prove nothing where they never get: a few sequences must bring about everything that the handler counts.
contract DataDAOReach {
    uint256 private constant RUNS = 96;
    uint256 private constant DEPTH = 32;

    /// @dev How often each thing happened in one run; or what was found broken.
    error Reached(uint256[] counts, string broken);

    uint256[] private _sum;

    /// @dev Here rather than in the test, which is run again with all its traces when it fails.
    function setUp() external {
        string[] memory all = _everything();
        _sum = new uint256[](all.length);
        DaoHandler handler = new Handler();
        for (uint256 run = 0; run < RUNS; ++run) {
            uint256[] memory counts = _countsOf(handler, run);
            for (uint256 i = 0; i < all.length; ++i) _sum[i] += counts[i];
        }
    }

    function test_everythingHappens() external view {
        string[] memory all = _everything();
        string memory missing;
        for (uint256 i = 0; i < all.length; ++i) {
            if (_sum[i] == 0) missing = string.concat(missing, " ", all[i], ";");
        }
        require(bytes(missing).length == 0, string.concat("never happened:", missing));
    }

    /// @dev Ends by a revert, so that the next one finds the DAOs as new.
    function oneRun(DaoHandler handler, uint256 run) external {
        for (uint256 i = 0; i < DEPTH; ++i) _callAnything(handler, uint256(keccak256(abi.encode(run, i))));
        string[] memory all = _everything();
        uint256[] memory counts = new uint256[](all.length);
        for (uint256 i = 0; i < all.length; ++i) counts[i] = handler.happened(all[i]);
        revert Reached(counts, handler.broken());
    }

    function _countsOf(DaoHandler handler, uint256 run) private returns (uint256[] memory counts) {
        (bool success, bytes memory result) = address(this).call(abi.encodeCall(this.oneRun, (handler, run)));
        require(!success && bytes4(result) == Reached.selector, "a run ends with what was reached");
        assembly ("memory-safe") {
            mstore(add(result, 4), sub(mload(result), 4))
            result := add(result, 4)
        }
        string memory broken;
        (counts, broken) = abi.decode(result, (uint256[], string));
        require(bytes(broken).length == 0, broken);
    }

    function _callAnything(DaoHandler handler, uint256 seed) private {
        bytes4[26] memory actions = [
            handler.proposeKeep.selector,
            handler.proposeDrop.selector,
            handler.proposeSend.selector,
            handler.proposeRule.selector,
            handler.proposeReserved.selector,
            handler.vote.selector,
            handler.voteBySignatures.selector,
            handler.delegate.selector,
            handler.transfer.selector,
            handler.control.selector,
            handler.queue.selector,
            handler.execute.selector,
            handler.cancel.selector,
            handler.release.selector,
            handler.advance.selector,
            handler.carry.selector,
            handler.carry.selector,
            handler.keepAgain.selector,
            handler.promiseTwice.selector,
            handler.neglect.selector,
            handler.pass.selector,
            handler.deposit.selector,
            handler.force.selector,
            handler.absorb.selector,
            handler.refund.selector,
            handler.turnPayee.selector
        ];
        uint256 argument = uint64(uint256(keccak256(abi.encode(seed))));
        (bool success, ) = address(handler).call(abi.encodePacked(actions[seed % actions.length], argument));
        require(success, "an action of the handler fails");
    }

    function _everything() private pure returns (string[] memory all) {
        string[41] memory names = [
            "CID proposed by a member",
            "CID proposed by its provider",
            "removal proposed",
            "ordinary proposal",
            "vote",
            "late quorum",
            "provider refused",
            "batch",
            "batch in part",
            "delegation",
            "delegation refused",
            "transfer",
            "control addresses",
            "queue",
            "treasury short",
            "short by what is earmarked",
            "money with an execution",
            "barred ballot",
            "removal of what was kept again",
            "kept for a member",
            "kept for a provider",
            "dropped",
            "stale removal",
            "sent",
            "sent to itself",
            "payee refuses",
            "the payee absorbs",
            "payee's mood",
            "guardian set",
            "rule set",
            "rule refused",
            "cancelled by the guardian",
            "cancelled by its proposer",
            "release",
            "pass",
            "deposit",
            "force",
            "absorb",
            "request ended",
            "refund of a request",
            "refund of an order"
        ];
        all = new string[](names.length);
        for (uint256 i = 0; i < all.length; ++i) all[i] = names[i];
    }
}
