// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Operators: who answers, and what they have at stake
/// @notice An operator is an owner (cold key), a reporter (hot key, that votes) and a stake. Every vote locks the version's `slash`
/// until the answer is settled or ruled upon, or the request is over without one (at worst after the deadline that its requester
/// chose); stake that is locked cannot leave.
interface IOracleOperators {
    /// @notice Appointing: joined, its reporter has not accepted yet. Active: votes. Unbonding: left, its stake follows.
    enum OperatorStanding {
        None,
        Appointing,
        Active,
        Unbonding
    }

    /// @param reporter The key that votes; zero before the first one accepted.
    /// @param appointed The key that was asked to vote and has not accepted; zero if none.
    /// @param jailed Whether its stake is below the version's minimum: it cannot vote until it is topped up.
    /// @param version The version it opted in to last.
    /// @param joinedEpoch When it became active under that version: it votes on requests of later epochs. 0 before.
    /// @param unbondedEpoch The first epoch at which stake can be withdrawn; 0 unless unbonding.
    /// @param stake All that rests here for it, attoFIL, `locked` included.
    /// @param agreed Stages that were answered as it had voted.
    /// @param dissented Stages that were answered otherwise than it had voted.
    /// @param missed Stages that the provider answered without its vote since it joined, also those where others were quicker.
    struct OperatorView {
        uint256 providerId;
        address owner;
        address reporter;
        address appointed;
        OperatorStanding standing;
        bool jailed;
        uint32 version;
        uint64 joinedEpoch;
        uint64 unbondedEpoch;
        uint256 stake;
        uint256 locked;
        uint64 agreed;
        uint64 dissented;
        uint64 missed;
        string endpoint;
    }

    event OperatorJoined(
        uint256 indexed operatorId,
        uint256 indexed providerId,
        address indexed owner,
        uint32 version,
        uint256 stake,
        string endpoint
    );
    event ReporterAppointed(uint256 indexed operatorId, address indexed reporter);
    event ReporterAccepted(uint256 indexed operatorId, address indexed reporter);
    event OptedIn(uint256 indexed operatorId, uint32 indexed version);
    event StakeAdded(uint256 indexed operatorId, address indexed from, uint256 amount);
    event UnbondingBegun(uint256 indexed operatorId, address indexed by, uint64 unbondedEpoch);
    /// @notice The amount is the owner's credit now.
    event StakeWithdrawn(uint256 indexed operatorId, address indexed owner, uint256 amount);
    /// @param toChallenger What of `amount` is the challenger's credit now; the rest is the sink's.
    event Slashed(
        uint256 indexed operatorId,
        uint256 indexed id,
        uint8 indexed stage,
        uint256 amount,
        uint256 toChallenger
    );

    error UnknownOperator(uint256 operatorId);
    error NotOperatorOwner(address owner, address caller);
    error NotAdmitted(uint256 providerId, address caller);
    error AlreadyJoined(uint256 operatorId);
    error AlreadyLeft(uint256 operatorId);
    error NotLeft(uint256 operatorId);
    error NotActive(uint256 operatorId, OperatorStanding standing);
    error TooManyOperators(uint256 limit);
    error StakeTooLow(uint256 required, uint256 actual);
    error StakeTooHigh(uint256 limit, uint256 actual);
    error ZeroStake();
    error StillUnbonding(uint64 unbondedEpoch, uint256 currentEpoch);
    error NothingToWithdraw(uint256 operatorId, uint256 locked);
    error ReporterTaken(address reporter, uint256 operatorId);
    error BadReporter(address reporter);
    error NotAppointed(address reporter, address caller);
    error BadOptIn(uint32 expected, uint32 actual);

    /// @notice Joins a provider under its version in force; msg.value is the stake. Active at once if the caller is its own
    /// reporter, otherwise when the reporter accepts; it votes on requests made in later epochs only.
    /// @dev Emits {OperatorJoined}, {ReporterAppointed}, and {ReporterAccepted} when active. Reverts with {UnknownProvider},
    /// {NotAdmitted}, {AlreadyJoined}, {TooManyOperators}, {StakeTooLow}, {StakeTooHigh}, {BadReporter}, {ReporterTaken},
    /// {TextTooLong}.
    /// @param reporter The (hot) key that votes; no two operators share one. May be the caller.
    /// @param endpoint Where people find the operator, at most 256 bytes; may be empty.
    function join(
        uint256 providerId,
        address reporter,
        string calldata endpoint
    ) external payable returns (uint256 operatorId);

    /// @notice Names another key to vote; the present one votes until the new one accepts. The owner itself needs not accept.
    /// @dev Emits {ReporterAppointed}, and {ReporterAccepted} if `reporter` is the owner. Reverts with {UnknownOperator},
    /// {NotOperatorOwner}, {AlreadyLeft}, {BadReporter}, {ReporterTaken}.
    function appointReporter(uint256 operatorId, address reporter) external;

    /// @notice The key that an operator named agrees to vote for it, from now on; the key before it is free.
    /// @dev Emits {ReporterAccepted}. Reverts with {UnknownOperator}, {AlreadyLeft}, {NotAppointed}, {ReporterTaken}.
    function acceptReporter(uint256 operatorId) external;

    /// @notice Agrees to a version of the rules: the announced one, or the one in force. It takes part from the next epoch on,
    /// and goes on voting on requests of the version before.
    /// @dev Emits {OptedIn}. Reverts with {UnknownOperator}, {NotOperatorOwner}, {NotActive}, {BadOptIn}, {TooManyOperators},
    /// {StakeTooLow}.
    function optIn(uint256 operatorId, uint32 version) external;

    /// @notice Adds msg.value to the operator's stake; anyone may.
    /// @dev Emits {StakeAdded}. Reverts with {UnknownOperator}, {AlreadyLeft}, {ZeroStake}, {StakeTooHigh}.
    function addStake(uint256 operatorId) external payable;

    /// @notice Leaves: no further votes. Votes already cast stand, are paid, and can still be slashed. The reporter is free.
    /// @dev Emits {UnbondingBegun}. Reverts with {UnknownOperator}, {NotOperatorOwner}, {AlreadyLeft}.
    function leave(uint256 operatorId) external;

    /// @notice The provider's owner makes an operator leave, as if it did so itself. Costs it nothing.
    /// @dev Emits {UnbondingBegun}. Reverts with {UnknownOperator}, {NotProviderOwner}, {AlreadyLeft}.
    function expel(uint256 operatorId) external;

    /// @notice After the unbonding period, moves the stake that is not locked to the owner's credit; anyone may ask for it.
    /// Again when locks were freed.
    /// @dev Emits {StakeWithdrawn}. Reverts with {UnknownOperator}, {NotLeft}, {StillUnbonding}, {NothingToWithdraw}.
    function withdrawStake(uint256 operatorId) external returns (uint256 amount);

    function getOperator(uint256 operatorId) external view returns (OperatorView memory);

    /// @notice The operator whose reporter this is; 0 if none.
    function operatorOf(address reporter) external view returns (uint256 operatorId);

    /// @notice The operator that `owner` has with a provider and that has not left; 0 if none.
    function operatorOfOwner(uint256 providerId, address owner) external view returns (uint256 operatorId);

    /// @notice The operators that opted in to a version and have not left, in no particular order; fewer than 32.
    function operatorsOf(uint256 providerId, uint32 version) external view returns (uint256[] memory operatorIds);

    /// @notice Epochs between leaving and the withdrawal of the stake: 20,160, 7 days.
    function UNBONDING_EPOCHS() external view returns (uint64);
}
