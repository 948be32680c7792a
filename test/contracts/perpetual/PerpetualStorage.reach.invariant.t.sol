// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {PerpetualHandler} from "./random/PerpetualHandler.sol";

contract Handler is PerpetualHandler {}

/// @notice Random calls prove nothing where they never get: a few sequences must bring about everything that the handler counts.
contract PerpetualStorageReach {
    uint256 private constant RUNS = 48;
    uint256 private constant DEPTH = 32;

    /// @dev How often each thing happened in one run; or what was found broken.
    error Reached(uint256[] counts, string broken);

    uint256[] private _sum;

    /// @dev Here rather than in the test, which is run again with all its traces when it fails.
    function setUp() external {
        string[] memory all = _everything();
        _sum = new uint256[](all.length);
        for (uint256 run = 0; run < RUNS; ++run) {
            uint256[] memory counts = _countsOf(run);
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

    /// @dev Ends by a revert, so that nothing of it stays in memory.
    function oneRun(uint256 run) external {
        PerpetualHandler handler = new Handler();
        for (uint256 i = 0; i < DEPTH; ++i) _callAnything(handler, uint256(keccak256(abi.encode(run, i))));
        string[] memory all = _everything();
        uint256[] memory counts = new uint256[](all.length);
        for (uint256 i = 0; i < all.length; ++i) counts[i] = handler.happened(all[i]);
        revert Reached(counts, handler.broken());
    }

    function _countsOf(uint256 run) private returns (uint256[] memory counts) {
        (bool success, bytes memory result) = address(this).call(abi.encodeCall(this.oneRun, (run)));
        require(!success && bytes4(result) == Reached.selector, "a run ends with what was reached");
        assembly ("memory-safe") {
            mstore(add(result, 4), sub(mload(result), 4))
            result := add(result, 4)
        }
        string memory broken;
        (counts, broken) = abi.decode(result, (uint256[], string));
        require(bytes(broken).length == 0, broken);
    }

    function _callAnything(PerpetualHandler handler, uint256 seed) private {
        bytes4[33] memory actions = [
            handler.openAndFill.selector,
            handler.open.selector,
            handler.topUp.selector,
            handler.setPrice.selector,
            handler.setReplicas.selector,
            handler.setEnd.selector,
            handler.setSeedOrList.selector,
            handler.suspendOrResume.selector,
            handler.withdrawFree.selector,
            handler.cancel.selector,
            handler.claim.selector,
            handler.abandon.selector,
            handler.lapse.selector,
            handler.takeOver.selector,
            handler.succeed.selector,
            handler.cut.selector,
            handler.resign.selector,
            handler.release.selector,
            handler.proveDeal.selector,
            handler.proveExtension.selector,
            handler.dealWithUs.selector,
            handler.onboard.selector,
            handler.settle.selector,
            handler.keepUp.selector,
            handler.happen.selector,
            handler.neglect.selector,
            handler.settleTheDeal.selector,
            handler.withdraw.selector,
            handler.withdrawProvider.selector,
            handler.sell.selector,
            handler.force.selector,
            handler.pass.selector,
            handler.tryTakeOutEverything.selector
        ];
        uint256 argument = uint64(uint256(keccak256(abi.encode(seed))));
        (bool success, ) = address(handler).call(abi.encodePacked(actions[seed % actions.length], argument));
        require(success, "an action of the handler fails");
    }

    function _everything() private pure returns (string[] memory all) {
        string[44] memory names = [
            "open",
            "topUp",
            "setPrice",
            "setReplicas",
            "setEnd",
            "setSeedOrList",
            "suspend",
            "withdrawFree",
            "cancel",
            "claim",
            "claim of a seat that was used",
            "claim of a successor",
            "claim at a risen price",
            "claim by the incumbent alone",
            "lapse by the next claim",
            "release by the next claim",
            "abandon",
            "lapse",
            "cut",
            "resign",
            "release",
            "prove by a deal",
            "prove by an aggregate",
            "prove by a deal with the contract",
            "prove by a sector",
            "bound by the market",
            "pay",
            "pay of one gap only",
            "shown faulty",
            "shown recovered",
            "lose",
            "evict",
            "finish",
            "finish unpaid",
            "fault",
            "recovery",
            "the market settles a deal at its end",
            "mood",
            "withdraw",
            "withdrawProvider",
            "sell",
            "force",
            "pass",
            "tryTakeOutEverything"
        ];
        all = new string[](names.length);
        for (uint256 i = 0; i < all.length; ++i) all[i] = names[i];
    }
}
