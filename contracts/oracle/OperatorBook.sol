// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleOperators} from "./IOracleOperators.sol";
import {IOracleRequests} from "./IOracleRequests.sol";
import {ProviderBook} from "./ProviderBook.sol";

/// @title OperatorBook: who may vote for a provider, and what they have at stake
/// @dev Two different answers to one stage can never both reach a quorum: who may vote on a request took part in its version before
/// the request's epoch, hence sat on one of the fewer than 2m seats of that version when it was made; who leaves only makes them
/// fewer, and who takes the seat came too late.
abstract contract OperatorBook is ProviderBook {
    /// @param stake All that it has here; `locked` of it is bound by votes.
    /// @param since When it became active under `version`.
    /// @param previousVersion The version before, on whose requests it still votes; 0 if none.
    /// @param unbondedEpoch The first epoch at which stake can be withdrawn.
    /// @param settledBefore The provider's settled stages when it joined.
    /// @param settledAfter The same when it left.
    struct Operator {
        address owner;
        uint96 stake;
        address reporter;
        uint96 locked;
        uint32 providerId;
        IOracleOperators.OperatorStanding standing;
        uint16 version;
        uint32 since;
        uint16 previousVersion;
        uint32 previousSince;
        uint40 agreed;
        uint40 dissented;
        uint40 unbondedEpoch;
        address appointed;
        uint40 settledBefore;
        uint40 settledAfter;
        string endpoint;
    }

    /// @dev In {_seats}: admitted and not joined yet.
    uint256 internal constant ADMITTED = type(uint256).max;

    mapping(uint256 operatorId => Operator) internal _operators;
    mapping(uint256 providerId => mapping(address owner => uint256 operatorId)) internal _seats;
    mapping(address reporter => uint256 operatorId) internal _operatorOf;
    uint32 internal _lastOperatorId;

    /// @dev The operator that the caller votes for.
    function _callersOperator() internal view returns (uint256 operatorId) {
        operatorId = _operatorOf[msg.sender];
        if (operatorId == 0) revert IOracleRequests.NotReporter(msg.sender);
    }

    function _operator(uint256 operatorId) internal view returns (Operator storage operator) {
        operator = _operators[operatorId];
        if (operator.standing == IOracleOperators.OperatorStanding.None)
            revert IOracleOperators.UnknownOperator(operatorId);
    }

    /// @dev Whether an active operator took part in `version` before `epoch`. Who left is no reporter's operator and no member.
    function _takesPart(Operator storage operator, uint256 version, uint256 epoch) internal view returns (bool) {
        if (operator.version == version) return operator.since < epoch;
        return operator.previousVersion == version && operator.previousSince < epoch;
    }
}
