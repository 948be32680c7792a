// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleOperators} from "../../../../contracts/oracle/IOracleOperators.sol";
import {vm} from "../../helpers/Vm.sol";
import {RegistryBooks} from "./RegistryBooks.sol";

/// @notice What operators and the provider's owner do.
abstract contract OperatorActions is RegistryBooks {
    uint256 private constant MAX_OPERATORS = 14;
    IOracleOperators.OperatorStanding private constant LEFT = IOracleOperators.OperatorStanding.Unbonding;

    function join(uint256 seed) external {
        _join(_mix(seed));
    }

    /// @notice Another key votes, named by its masked id now and then; sometimes one that another operator has.
    function rotate(uint256 seed) external {
        seed = _mix(seed);
        uint256 operatorId = _operator(seed);
        address owner = registry.getOperator(operatorId).owner;
        address reporter = seed & 0x100 == 0 ? hotKey(seed >> 16) : account((seed >> 16) % KEYS);
        bytes memory call = abi.encodeCall(registry.appointReporter, (operatorId, _aliasedOrNot(seed, reporter)));
        if (_call(owner, 0, call)) _accept(operatorId, reporter);
    }

    /// @notice Most of them, so that the second version has a quorum when it is in force.
    function optIn(uint256 seed) external {
        seed = _mix(seed);
        for (uint256 operatorId = PLAIN_KEYS + 1; operatorId <= operatorCount; ++operatorId) {
            address owner = registry.getOperator(operatorId).owner;
            if ((seed >> operatorId) % 8 == 0) continue;
            if (_call(owner, 0, abi.encodeCall(registry.optIn, (operatorId, 2)))) _happened("optIn");
        }
    }

    function addStake(uint256 seed, uint256 amount) external {
        seed = _mix(seed);
        if (_call(hotKey(seed), amount % 100, abi.encodeCall(registry.addStake, (_operator(seed)))))
            _happened("addStake");
    }

    function leave(uint256 seed) external {
        seed = _mix(seed);
        if (seed % 2 == 0) _leave(seed);
    }

    /// @notice Of one that left, if there is one; the unbonding period passes now and then.
    function withdrawStake(uint256 seed) external {
        seed = _mix(seed);
        uint256 operatorId = 1 + (seed % operatorCount);
        for (uint256 i = 0; i < operatorCount && _standing(operatorId) != LEFT; ++i)
            operatorId = 1 + (operatorId % operatorCount);
        IOracleOperators.OperatorView memory before = registry.getOperator(operatorId);
        if (seed & 0x300 == 0 && block.number < before.unbondedEpoch) vm.roll(before.unbondedEpoch);
        if (!_call(hotKey(seed), 0, abi.encodeCall(registry.withdrawStake, (operatorId)))) return;

        _must(block.number >= before.unbondedEpoch, "stake leaves after the unbonding period");
        _must(registry.getOperator(operatorId).stake == before.locked, "locked stake stays");
        _happened("withdrawStake");
    }

    /// @notice Eight days: the second version is in force, who left has its stake back.
    function passNotice(uint256 seed) external {
        seed = _mix(seed);
        if (seed % 3 != 0) return;
        vm.roll(block.number + registry.NOTICE_EPOCHS());
        _happened("passNotice");
    }

    function _join(uint256 seed) internal {
        address owner = account(seed % KEYS);
        if (operatorCount == MAX_OPERATORS || registry.operatorOfOwner(STAKED, owner) != 0) return;
        address reporter = seed & 0x100 == 0 ? owner : hotKey(seed >> 16);
        uint256 value = MIN_STAKE + ((seed >> 24) % (3 * MIN_STAKE));
        bytes memory call = abi.encodeCall(registry.join, (STAKED, _aliasedOrNot(seed, reporter), ""));
        if (!_call(owner, value, call)) return;

        ++operatorCount;
        _happened("join");
        if (reporter != owner) _accept(operatorCount, reporter);
    }

    function _leave(uint256 seed) internal {
        uint256 operatorId = _operator(seed);
        bool expelled = seed & 0x100 != 0;
        address caller = expelled ? GOVERNOR : registry.getOperator(operatorId).owner;
        bytes memory call =
            expelled ? abi.encodeCall(registry.expel, (operatorId)) : abi.encodeCall(registry.leave, (operatorId));
        if (!_call(caller, 0, call)) return;

        _happened("leave");
        if (registry.getOperator(operatorId).locked != 0) _happened("leave with locked stake");
    }

    function _accept(uint256 operatorId, address reporter) private {
        if (registry.operatorOf(reporter) == operatorId) return _happened("rotate");
        if (_call(reporter, 0, abi.encodeCall(registry.acceptReporter, (operatorId)))) _happened("rotate");
    }

    /// @dev An operator of STAKED.
    function _operator(uint256 seed) private view returns (uint256) {
        return PLAIN_KEYS + 1 + ((seed >> 4) % (operatorCount - PLAIN_KEYS));
    }

    function _standing(uint256 operatorId) private view returns (IOracleOperators.OperatorStanding) {
        return registry.getOperator(operatorId).standing;
    }

    function _aliasedOrNot(uint256 seed, address key) private pure returns (address) {
        return seed & 0x200 == 0 ? key : aliasOf(key);
    }
}
