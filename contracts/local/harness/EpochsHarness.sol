// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Epochs} from "../../filecoin/Epochs.sol";

/// @title EpochsHarness
/// @notice {Epochs} as calls.
contract EpochsHarness {
    uint64 public constant SECONDS_PER_EPOCH = Epochs.SECONDS_PER_EPOCH;
    uint64 public constant DAY = Epochs.DAY;
    uint64 public constant MIN_DEAL_DURATION = Epochs.MIN_DEAL_DURATION;
    uint64 public constant MAX_DEAL_DURATION = Epochs.MAX_DEAL_DURATION;

    function current() external view returns (int64) {
        return Epochs.current();
    }

    function toEpoch(uint256 number) external pure returns (int64) {
        return Epochs.toEpoch(number);
    }
}
