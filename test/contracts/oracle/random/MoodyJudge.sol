// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @notice Arbiter and evidence in one. Answers any call by its mood: 0 to 255 that word; then reverting, burning all gas, nothing
/// at all, and a word too large for a ruling or a truth value in front of a long tail.
contract MoodyJudge {
    uint256 public constant REVERT = 256;
    uint256 public constant BURN = 257;
    uint256 public constant NOTHING = 258;
    uint256 public constant JUNK = 259;

    uint256 private _mood;

    function setMood(uint256 mood) external {
        _mood = mood;
    }

    fallback() external {
        uint256 mood = _mood;
        require(mood != REVERT, "in no mood");
        assembly {
            if eq(mood, BURN) {
                invalid()
            }
            if eq(mood, NOTHING) {
                return(0, 0)
            }
            if eq(mood, JUNK) {
                mstore(0, not(0))
                return(0, 20000)
            }
            mstore(0, mood)
            return(0, 32)
        }
    }
}
