// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../filecoin/FilAddress.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";
import {ProviderBook} from "./ProviderBook.sol";

/// @title OperatorBook: who may vote for a provider
/// @dev Two different answers to one stage can never both reach a quorum. Who may vote on a request joined before the request's
/// epoch, hence sat on one of the fewer than 2m seats when it was made; who leaves only makes them fewer, and who takes the seat
/// joined too late.
abstract contract OperatorBook is ProviderBook {
    enum Standing {
        None,
        Appointing,
        Active,
        Left
    }

    /// @dev `joinedEpoch` is set when the operator becomes active.
    struct Operator {
        address owner;
        uint32 providerId;
        uint64 joinedEpoch;
        address reporter;
        uint40 agreed;
        uint40 dissented;
        Standing standing;
        string endpoint;
    }

    uint256 internal constant MAX_ENDPOINT_BYTES = 256;

    /// @dev In {_seats}: admitted and not joined yet.
    uint256 private constant ADMITTED = type(uint256).max;

    mapping(uint256 operatorId => Operator) internal _operators;
    mapping(uint256 providerId => mapping(address owner => uint256 operatorId)) private _seats;
    mapping(address reporter => uint256 operatorId) private _operatorOf;
    uint32 private _lastOperatorId;

    /// @inheritdoc IOracleRegistry
    function admit(uint256 providerId, address operatorOwner) external {
        Provider storage provider = _provider(providerId);
        operatorOwner = FilAddress.normalise(operatorOwner);
        if (msg.sender != provider.owner) revert NotProviderOwner(provider.owner, msg.sender);
        if (operatorOwner == address(0)) revert BadOperatorOwner(operatorOwner);
        uint256 seat = _seats[providerId][operatorOwner];
        if (seat == ADMITTED) revert AlreadyAdmitted(providerId, operatorOwner);
        if (seat != 0) revert AlreadyJoined(seat);
        _requireSeat(provider);

        _seats[providerId][operatorOwner] = ADMITTED;

        emit OperatorAdmitted(providerId, operatorOwner);
    }

    /// @inheritdoc IOracleRegistry
    function join(
        uint256 providerId,
        address reporter,
        string calldata endpoint
    ) external returns (uint256 operatorId) {
        Provider storage provider = _provider(providerId);
        reporter = FilAddress.normalise(reporter);
        uint256 seat = _seats[providerId][msg.sender];
        if (seat == 0) revert NotAdmitted(providerId, msg.sender);
        if (seat != ADMITTED) revert AlreadyJoined(seat);
        _requireSeat(provider);
        if (reporter == address(0)) revert BadReporter(reporter);
        if (_operatorOf[reporter] != 0) revert ReporterTaken(reporter, _operatorOf[reporter]);
        if (bytes(endpoint).length > MAX_ENDPOINT_BYTES) revert TextTooLong(MAX_ENDPOINT_BYTES, bytes(endpoint).length);

        operatorId = ++_lastOperatorId;
        _seats[providerId][msg.sender] = operatorId;
        ++provider.seats;
        Operator storage operator = _operators[operatorId];
        operator.owner = msg.sender;
        operator.providerId = uint32(providerId);
        operator.reporter = reporter;
        operator.standing = Standing.Appointing;
        operator.endpoint = endpoint;

        emit OperatorJoined(operatorId, providerId, msg.sender, reporter, endpoint);

        if (reporter == msg.sender) _activate(operatorId, operator);
    }

    /// @inheritdoc IOracleRegistry
    function acceptReporter(uint256 operatorId) external {
        Operator storage operator = _operator(operatorId);
        if (operator.standing == Standing.Left) revert AlreadyLeft(operatorId);
        if (operator.standing == Standing.Active) revert AlreadyJoined(operatorId);
        if (msg.sender != operator.reporter) revert NotAppointed(operator.reporter, msg.sender);
        if (_operatorOf[msg.sender] != 0) revert ReporterTaken(msg.sender, _operatorOf[msg.sender]);

        _activate(operatorId, operator);
    }

    /// @inheritdoc IOracleRegistry
    function leave(uint256 operatorId) external {
        Operator storage operator = _operator(operatorId);
        if (msg.sender != operator.owner) revert NotOperatorOwner(operator.owner, msg.sender);
        if (operator.standing == Standing.Left) revert AlreadyLeft(operatorId);

        uint256 providerId = operator.providerId;
        Provider storage provider = _providers[providerId];
        if (operator.standing == Standing.Active) {
            delete _operatorOf[operator.reporter];
            --provider.active;
            if (operator.joinedEpoch == block.number) --provider.recent;
        }
        operator.standing = Standing.Left;
        delete _seats[providerId][msg.sender];
        --provider.seats;

        emit OperatorLeft(operatorId, providerId);
    }

    /// @inheritdoc IOracleRegistry
    function getOperator(uint256 operatorId) external view returns (OperatorView memory) {
        Operator storage operator = _operator(operatorId);
        return
            OperatorView({
                providerId: operator.providerId,
                owner: operator.owner,
                reporter: operator.reporter,
                joinedEpoch: operator.joinedEpoch,
                active: operator.standing == Standing.Active,
                endpoint: operator.endpoint,
                agreed: operator.agreed,
                dissented: operator.dissented
            });
    }

    /// @inheritdoc IOracleRegistry
    function operatorOf(address reporter) external view returns (uint256 operatorId) {
        return _operatorOf[FilAddress.normalise(reporter)];
    }

    /// @dev The operator that the caller votes for.
    function _callersOperator() internal view returns (uint256 operatorId) {
        operatorId = _operatorOf[msg.sender];
        if (operatorId == 0) revert NotReporter(msg.sender);
    }

    /// @dev Operators that may vote on a request made now.
    function _eligibleNow(Provider storage provider) internal view returns (uint256) {
        return provider.recentEpoch == block.number ? provider.active - provider.recent : provider.active;
    }

    function _operator(uint256 operatorId) private view returns (Operator storage operator) {
        operator = _operators[operatorId];
        if (operator.standing == Standing.None) revert UnknownOperator(operatorId);
    }

    function _requireSeat(Provider storage provider) private view {
        uint256 limit = 2 * uint256(provider.quorum) - 1;
        if (provider.seats >= limit) revert TooManyOperators(limit);
    }

    function _activate(uint256 operatorId, Operator storage operator) private {
        uint256 providerId = operator.providerId;
        Provider storage provider = _providers[providerId];
        address reporter = operator.reporter;

        operator.standing = Standing.Active;
        operator.joinedEpoch = uint64(block.number);
        _operatorOf[reporter] = operatorId;
        if (provider.recentEpoch != block.number) {
            provider.recentEpoch = uint64(block.number);
            provider.recent = 0;
        }
        ++provider.recent;
        ++provider.active;

        emit ReporterAccepted(operatorId, providerId, reporter);
    }
}
