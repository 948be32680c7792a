// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPinningRequests} from "../../../contracts/pinning/IPinningRequests.sol";
import {FailingMarketHandler} from "./FailingMarketHandler.sol";

contract Handler is FailingMarketHandler {}

/// @notice Random calls prove nothing where they never get: a few sequences must bring requests into every state, and deals that the
/// market's failure alone held up.
contract PinningRequestsReach {
    uint256 private constant RUNS = 40;
    uint256 private constant DEPTH = 32;

    /// @dev How often a request was seen in each state; then deals that the market alone held up; then attoFIL withdrawn.
    uint256 private constant STATES = uint256(type(IPinningRequests.State).max) + 1;
    uint256 private constant HELD_UP = STATES;
    uint256 private constant WITHDRAWN = STATES + 1;

    error Reached(uint256[16] counts);

    uint256[16] private _sum;

    /// @dev Here rather than in the test, which is run again with all its traces when it fails.
    function setUp() external {
        for (uint256 run = 0; run < RUNS; ++run) {
            (bool success, bytes memory result) = address(this).call(abi.encodeCall(this.oneRun, (run)));
            assert(!success && bytes4(result) == Reached.selector);
            for (uint256 i = 0; i < 16; ++i) {
                uint256 at = 0x24 + 0x20 * i;
                uint256 count;
                assembly ("memory-safe") {
                    count := mload(add(result, at))
                }
                _sum[i] += count;
            }
        }
    }

    function test_everyStateIsReached() external view {
        for (uint256 state = 1; state < STATES; ++state) {
            require(_sum[state] != 0, string.concat("no request is ever in state ", _name(state)));
        }
        require(_sum[HELD_UP] != 0, "no deal was ever held up by the market alone");
        require(_sum[WITHDRAWN] != 0, "nothing was ever withdrawn");
    }

    /// @dev Ends by a revert, so that the next one finds Filecoin's actors as new.
    function oneRun(uint256 run) external {
        uint256[16] memory counts;
        FailingMarketHandler handler = new Handler();
        for (uint256 i = 0; i < DEPTH; ++i) {
            _callAnything(handler, uint256(keccak256(abi.encode(run, i))));
            for (uint256 j = 0; j < handler.requestCount(); ++j) {
                ++counts[uint256(handler.pinning().getRequest(handler.ids(j)).state)];
            }
        }
        require(handler.wronglyAccepted() == 0, "a deal counts that must not");
        (counts[HELD_UP], counts[WITHDRAWN]) = (handler.heldUpByMarket(), handler.withdrawn());
        revert Reached(counts);
    }

    function _callAnything(FailingMarketHandler handler, uint256 seed) private {
        bytes4[17] memory actions = [
            handler.pass.selector,
            handler.ask.selector,
            handler.answer.selector,
            handler.bring.selector,
            handler.challenge.selector,
            handler.rule.selector,
            handler.pack.selector,
            handler.dispute.selector,
            handler.replicate.selector,
            handler.makeDeal.selector,
            handler.terminate.selector,
            handler.show.selector,
            handler.showToFailingMarket.selector,
            handler.openOrder.selector,
            handler.giveBack.selector,
            handler.pay.selector,
            handler.force.selector
        ];
        // The later arguments fit their types: at most 16 bits, a truth value in the fourth.
        bytes32 hash = keccak256(abi.encode(seed));
        (bool success, ) = address(handler).call(
            abi.encodePacked(
                actions[seed % actions.length],
                actions[seed % actions.length] == handler.force.selector ? bytes32(uint256(uint64(seed))) : hash,
                uint256(uint8(hash[1])),
                uint256(uint8(hash[2])) % 2,
                uint256(uint8(hash[3])) % 2
            )
        );
        success; // what is refused is no fault of the handler
    }

    function _name(uint256 state) private pure returns (string memory) {
        return string(abi.encodePacked(uint8(48 + state / 10), uint8(48 + (state % 10))));
    }
}
