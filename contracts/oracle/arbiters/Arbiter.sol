// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IArbiter} from "../IArbiter.sol";
import {IOracleChallenges} from "../IOracleChallenges.sol";
import {IOracleRequests} from "../IOracleRequests.sol";

/// @title Arbiter: what arbiters have in common
/// @notice Rules on the open challenges of any registry, each once, and has the registry act on it at once. It serves every registry
/// and provider that names it, and asks none of them: rulings for one say nothing to another.
/// @dev A case is one challenge: registry, request, stage, and the epoch at which it was opened. Rule when that epoch is final on the
/// chain: a reorganisation may bring another answer under the same numbers.
abstract contract Arbiter is IArbiter {
    mapping(bytes32 caseKey => IOracleChallenges.Ruling) private _rulings;

    event Ruled(
        address indexed registry,
        uint256 indexed id,
        uint8 indexed stage,
        IOracleChallenges.Ruling ruling,
        bool resolved
    );

    /// @notice A ruling is Upheld or Rejected.
    error BadRuling(IOracleChallenges.Ruling ruling);
    error NoOpenChallenge(address registry, uint256 id, uint8 stage);
    error RulingTooLate(uint64 deadlineEpoch, uint256 currentEpoch);
    error AlreadyRuled(address registry, uint256 id, uint8 stage, IOracleChallenges.Ruling ruling);

    /// @inheritdoc IArbiter
    /// @dev Of the request's last challenge: what was ruled on an earlier one of another stage has been acted upon.
    function rulingOf(address registry, uint256 id, uint8 stage) external view returns (IOracleChallenges.Ruling) {
        IOracleChallenges.ChallengeView memory last = IOracleChallenges(registry).getChallenge(id);
        if (last.stage != stage) return IOracleChallenges.Ruling.None;
        return _rulings[_keyOf(registry, id, last)];
    }

    /// @dev Fixes the ruling, then has the registry act on it. What fails there does not undo the ruling: anyone may call
    /// {IOracleChallenges-resolve} again, up to the challenge's deadline. Only a call that ran out of gas does: a gas estimate would
    /// find the least with which the ruling stands and nothing follows. Reverts with {IOracleRequests-TooLittleGas} then, `required`
    /// being a lower bound.
    function _rule(
        bytes32 caseKey,
        address registry,
        uint256 id,
        uint8 stage,
        IOracleChallenges.Ruling ruling
    ) internal {
        _rulings[caseKey] = ruling;

        uint256 available = gasleft();
        bool resolved = LowLevelCall.callNoReturn(registry, abi.encodeCall(IOracleChallenges.resolve, (id)));
        if (!resolved && _ranShort(available)) revert IOracleRequests.TooLittleGas(available + 1, available);

        emit Ruled(registry, id, stage, ruling, resolved);
    }

    /// @dev The key of the challenge that is open, in time and not ruled on. Reverts with {BadRuling}, {NoOpenChallenge},
    /// {RulingTooLate}, {AlreadyRuled}.
    function _openCase(
        address registry,
        uint256 id,
        uint8 stage,
        IOracleChallenges.Ruling ruling
    ) internal view returns (bytes32 caseKey) {
        if (ruling != IOracleChallenges.Ruling.Upheld && ruling != IOracleChallenges.Ruling.Rejected)
            revert BadRuling(ruling);
        IOracleChallenges.ChallengeView memory last = IOracleChallenges(registry).getChallenge(id);
        if (!last.open || last.stage != stage) revert NoOpenChallenge(registry, id, stage);
        if (block.number > last.deadlineEpoch) revert RulingTooLate(last.deadlineEpoch, block.number);

        caseKey = _keyOf(registry, id, last);
        IOracleChallenges.Ruling before = _rulings[caseKey];
        if (before != IOracleChallenges.Ruling.None) revert AlreadyRuled(registry, id, stage, before);
    }

    /// @dev The key of a request's last challenge.
    function _lastCase(address registry, uint256 id) internal view returns (bytes32) {
        return _keyOf(registry, id, IOracleChallenges(registry).getChallenge(id));
    }

    /// @dev Whether the call that just failed lacked gas. One that ran out leaves 1/64 of what was there (EIP-150) for each call that it
    /// was deep, and a registry runs its extension; the registry also says so itself.
    function _ranShort(uint256 available) private view returns (bool) {
        if (gasleft() < available / 16) return true;
        bytes4 reason;
        assembly ("memory-safe") {
            if gt(returndatasize(), 3) {
                returndatacopy(0, 0, 4)
                reason := mload(0)
            }
        }
        return reason == IOracleRequests.TooLittleGas.selector;
    }

    function _keyOf(
        address registry,
        uint256 id,
        IOracleChallenges.ChallengeView memory last
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(registry, id, last.stage, last.openedEpoch));
    }
}
