// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../filecoin/FilAddress.sol";
import {IOracleOperators} from "./IOracleOperators.sol";
import {IOracleProviders} from "./IOracleProviders.sol";
import {Providers} from "./Providers.sol";

/// @title Operators: they join with stake, name their reporter, agree to new rules, and leave
abstract contract Operators is Providers {
    uint256 private constant MAX_ENDPOINT_BYTES = 256;

    /// @dev See {IOracleOperators-join}.
    function _join(
        uint256 providerId,
        address reporter,
        string calldata endpoint
    ) internal returns (uint256 operatorId) {
        Provider storage provider = _provider(providerId);
        uint16 version = _versionOf(provider);
        uint256 seat = _seats[providerId][msg.sender];
        if (seat == 0 && !provider.open) revert IOracleOperators.NotAdmitted(providerId, msg.sender);
        if (seat != 0 && seat != ADMITTED) revert IOracleOperators.AlreadyJoined(seat);
        if (bytes(endpoint).length > MAX_ENDPOINT_BYTES)
            revert IOracleProviders.TextTooLong(MAX_ENDPOINT_BYTES, bytes(endpoint).length);
        Config storage config = _configs[providerId][version];
        if (msg.value < config.minStake) revert IOracleOperators.StakeTooLow(config.minStake, msg.value);
        _takeSeat(config);

        operatorId = ++_lastOperatorId;
        _seats[providerId][msg.sender] = operatorId;
        Operator storage operator = _operators[operatorId];
        operator.owner = msg.sender;
        operator.providerId = uint32(providerId);
        operator.standing = IOracleOperators.OperatorStanding.Appointing;
        operator.version = version;
        operator.settledBefore = provider.settledStages;
        operator.endpoint = endpoint;

        emit IOracleOperators.OperatorJoined(operatorId, providerId, msg.sender, version, msg.value, endpoint);

        _stakeUp(operator);
        _appoint(operatorId, operator, reporter);
    }

    /// @dev See {IOracleOperators-appointReporter}.
    function _appointReporter(uint256 operatorId, address reporter) internal {
        Operator storage operator = _ownOperator(operatorId);
        _requireNotLeft(operatorId, operator);

        _appoint(operatorId, operator, reporter);
    }

    /// @dev See {IOracleOperators-acceptReporter}.
    function _acceptReporter(uint256 operatorId) internal {
        Operator storage operator = _operator(operatorId);
        _requireNotLeft(operatorId, operator);
        if (msg.sender != operator.appointed) revert IOracleOperators.NotAppointed(operator.appointed, msg.sender);

        _accept(operatorId, operator);
    }

    /// @dev See {IOracleOperators-optIn}.
    function _optIn(uint256 operatorId, uint32 version) internal {
        Operator storage operator = _ownOperator(operatorId);
        if (operator.standing != IOracleOperators.OperatorStanding.Active)
            revert IOracleOperators.NotActive(operatorId, operator.standing);
        uint256 providerId = operator.providerId;
        uint16 latest = _providers[providerId].proposedVersion;
        if (version != latest || version == operator.version) revert IOracleOperators.BadOptIn(latest, version);
        Config storage config = _configs[providerId][version];
        if (operator.stake < config.minStake) revert IOracleOperators.StakeTooLow(config.minStake, operator.stake);
        _takeSeat(config);

        if (operator.previousVersion != 0) _giveUpSeat(operatorId, operator, operator.previousVersion);
        operator.previousVersion = operator.version;
        operator.previousSince = operator.since;
        operator.version = latest;
        operator.since = uint32(block.number);
        _enter(operatorId, config);

        emit IOracleOperators.OptedIn(operatorId, version);
    }

    /// @dev See {IOracleOperators-addStake}.
    function _addStake(uint256 operatorId) internal {
        Operator storage operator = _operator(operatorId);
        _requireNotLeft(operatorId, operator);
        if (msg.value == 0) revert IOracleOperators.ZeroStake();

        _stakeUp(operator);

        emit IOracleOperators.StakeAdded(operatorId, msg.sender, msg.value);
    }

    /// @dev See {IOracleOperators-leave}, {IOracleOperators-expel}.
    function _leave(uint256 operatorId, Operator storage operator) internal {
        _requireNotLeft(operatorId, operator);

        uint256 providerId = operator.providerId;
        delete _operatorOf[operator.reporter];
        delete _seats[providerId][operator.owner];
        _giveUpSeat(operatorId, operator, operator.version);
        if (operator.previousVersion != 0) _giveUpSeat(operatorId, operator, operator.previousVersion);
        operator.standing = IOracleOperators.OperatorStanding.Unbonding;
        operator.appointed = address(0);
        operator.unbondedEpoch = uint40(block.number + UNBONDING);
        operator.settledAfter = _providers[providerId].settledStages;

        emit IOracleOperators.UnbondingBegun(operatorId, msg.sender, operator.unbondedEpoch);
    }

    /// @dev See {IOracleOperators-withdrawStake}.
    function _withdrawStake(uint256 operatorId) internal returns (uint256 amount) {
        Operator storage operator = _operator(operatorId);
        if (operator.standing != IOracleOperators.OperatorStanding.Unbonding)
            revert IOracleOperators.NotLeft(operatorId);
        if (block.number < operator.unbondedEpoch)
            revert IOracleOperators.StillUnbonding(operator.unbondedEpoch, block.number);
        amount = operator.stake - operator.locked;
        if (amount == 0) revert IOracleOperators.NothingToWithdraw(operatorId, operator.locked);

        operator.stake = operator.locked;
        _credit(operator.owner, 0, amount);

        emit IOracleOperators.StakeWithdrawn(operatorId, operator.owner, amount);
    }

    /// @dev The operator, if the caller owns it.
    function _ownOperator(uint256 operatorId) internal view returns (Operator storage operator) {
        operator = _operator(operatorId);
        if (msg.sender != operator.owner) revert IOracleOperators.NotOperatorOwner(operator.owner, msg.sender);
    }

    /// @dev Takes msg.value as stake.
    function _stakeUp(Operator storage operator) private {
        uint256 stake = operator.stake + msg.value;
        if (stake > type(uint96).max) revert IOracleOperators.StakeTooHigh(type(uint96).max, stake);

        operator.stake = uint96(stake);
        _hold(msg.value);
    }

    function _appoint(uint256 operatorId, Operator storage operator, address reporter) private {
        reporter = FilAddress.normalise(reporter);
        if (reporter == address(0)) revert IOracleOperators.BadReporter(reporter);
        _requireFree(reporter);

        operator.appointed = reporter;

        emit IOracleOperators.ReporterAppointed(operatorId, reporter);

        if (reporter == operator.owner) _accept(operatorId, operator);
    }

    /// @dev The appointed key votes from now on; the first one makes the operator active.
    function _accept(uint256 operatorId, Operator storage operator) private {
        address reporter = operator.appointed;
        _requireFree(reporter);

        delete _operatorOf[operator.reporter];
        _operatorOf[reporter] = operatorId;
        operator.reporter = reporter;
        operator.appointed = address(0);

        emit IOracleOperators.ReporterAccepted(operatorId, reporter);

        if (operator.standing == IOracleOperators.OperatorStanding.Active) return;
        operator.standing = IOracleOperators.OperatorStanding.Active;
        operator.since = uint32(block.number);
        _enter(operatorId, _configs[operator.providerId][operator.version]);
    }

    function _takeSeat(Config storage config) private {
        uint256 limit = 2 * uint256(config.quorum) - 1;
        if (config.seats >= limit) revert IOracleOperators.TooManyOperators(limit);
        ++config.seats;
    }

    /// @dev Becomes one of those that can vote on what is asked from the next epoch on.
    function _enter(uint256 operatorId, Config storage config) private {
        if (config.recentEpoch != block.number) {
            config.recentEpoch = uint40(block.number);
            config.recent = 0;
        }
        ++config.recent;
        config.members[config.memberCount] = uint32(operatorId);
        ++config.memberCount;
    }

    /// @dev Leaves a version: its seat, and its place among the members if it was active.
    function _giveUpSeat(uint256 operatorId, Operator storage operator, uint256 version) private {
        Config storage config = _configs[operator.providerId][version];
        --config.seats;
        uint256 last = config.memberCount;
        for (uint256 i = 0; i < last; ++i) {
            if (config.members[i] != operatorId) continue;
            config.members[i] = config.members[last - 1];
            config.members[last - 1] = 0;
            config.memberCount = uint8(last - 1);
            uint256 since = version == operator.version ? operator.since : operator.previousSince;
            if (since == block.number) --config.recent;
            return;
        }
    }

    function _requireFree(address reporter) private view {
        uint256 holder = _operatorOf[reporter];
        if (holder != 0) revert IOracleOperators.ReporterTaken(reporter, holder);
    }

    function _requireNotLeft(uint256 operatorId, Operator storage operator) private view {
        if (operator.standing == IOracleOperators.OperatorStanding.Unbonding)
            revert IOracleOperators.AlreadyLeft(operatorId);
    }
}
