// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Providers: named services and their rules
/// @notice A provider's rules come in versions. A request keeps the version it was made with, an operator serves only the versions
/// that it opted in to, and a new version takes effect {NOTICE_EPOCHS} after it was proposed: longer than an operator needs to
/// leave with its stake. The registry itself has no owner and no pause.
interface IOracleProviders {
    /// @notice What each of the operators that agree on a stage earns; the requester pays quorum times that.
    /// @param base attoFIL, whatever the size.
    /// @param perGiB attoFIL per GiB of the request's `maxBytes`, which is counted in MiB, rounded up.
    struct StageFee {
        uint64 base;
        uint64 perGiB;
    }

    /// @notice One job that a provider answers.
    /// @param job The job's number, unique within the provider.
    /// @param minDeadlineEpochs The least number of epochs between asking and the deadline, 1 or more.
    /// @param concludedByRequester The last of two or more stages has no answer to vote for: the requester accepts it by
    /// {IOracleRequests-conclude} when it has seen for itself, and operators can only fail it.
    /// @param failureFee What each of the operators that agree on a failure earns, attoFIL: at most the least `base` of the stages.
    /// @param stages The fees of the stages, in order: 1 to 8.
    struct JobConfig {
        uint32 job;
        uint32 minDeadlineEpochs;
        bool concludedByRequester;
        uint64 failureFee;
        StageFee[] stages;
    }

    /// @notice A version of a provider's rules.
    /// @param quorum Operators that must agree on an answer, m: 1 to 16. A version admits fewer than 2m operators, so two different
    /// answers can never both reach the quorum.
    /// @param windowEpochs Epochs after the quorum in which an answer can be challenged, at most 20,160. With 0 an answer is final
    /// at its quorum, nothing is locked and nothing can be challenged: `slash`, `minBond`, `rulingEpochs`, `arbiter` and `evidence`
    /// are zero then, and none of the first four is otherwise.
    /// @param turnEpochs For how long a request is one operator's to spend on, before it becomes the next one's; 1 or more.
    /// @param rulingEpochs Epochs that the arbiter has to rule on a challenge, at most 86,400.
    /// @param callbackGas Gas that a callback is given, in FEVM gas units: 1 to 5,000,000,000 (half of a block).
    /// @param minStake Stake without which an operator cannot vote (it is jailed), attoFIL; at least `slash`.
    /// @param slash What one vote puts at stake, and the most that it can cost, attoFIL.
    /// @param minBond The least bond of a challenge, attoFIL.
    /// @param arbiter An {IArbiter}.
    /// @param evidence An {IEvidence}; zero if the chain refutes nothing for this provider.
    /// @param jobs 1 to 16 jobs.
    struct ProviderConfig {
        uint8 quorum;
        uint32 windowEpochs;
        uint32 turnEpochs;
        uint32 rulingEpochs;
        uint64 callbackGas;
        uint96 minStake;
        uint96 slash;
        uint96 minBond;
        address arbiter;
        address evidence;
        JobConfig[] jobs;
    }

    /// @param open Whether anybody with enough stake may take a free seat; otherwise only whom the owner admitted.
    /// @param version The version in force.
    /// @param proposedVersion The version that is announced; 0 if none is.
    /// @param proposedEpoch The first epoch at which it is in force.
    struct ProviderView {
        address owner;
        string name;
        bool open;
        uint32 version;
        uint32 proposedVersion;
        uint64 proposedEpoch;
    }

    /// @notice A version's rules, without its jobs.
    /// @param operatorCount Operators that opted in to it and have not left.
    /// @param jobs The numbers of its jobs.
    struct ConfigView {
        uint8 quorum;
        uint32 windowEpochs;
        uint32 turnEpochs;
        uint32 rulingEpochs;
        uint64 callbackGas;
        uint96 minStake;
        uint96 slash;
        uint96 minBond;
        address arbiter;
        address evidence;
        uint32 operatorCount;
        uint32[] jobs;
    }

    event ProviderRegistered(uint256 indexed providerId, address indexed owner, string name, bool open);
    /// @param effectiveEpoch The first epoch at which requests are made with this version.
    event ConfigProposed(
        uint256 indexed providerId,
        uint32 indexed version,
        uint64 effectiveEpoch,
        ProviderConfig config
    );
    event OperatorAdmitted(uint256 indexed providerId, address indexed operatorOwner);

    error BadProviderConfig(string what, uint256 value);
    error BadProviderOwner(address owner);
    error UnknownProvider(uint256 providerId);
    error UnknownVersion(uint256 providerId, uint32 version);
    error UnknownJob(uint256 providerId, uint32 job);
    error NotProviderOwner(address owner, address caller);
    error AlreadyProposed(uint32 version, uint64 effectiveEpoch);
    error BadOperatorOwner(address operatorOwner);
    error AlreadyAdmitted(uint256 providerId, address operatorOwner);
    error TextTooLong(uint256 limit, uint256 length);

    /// @notice Registers a service whose version 1 is in force at once.
    /// @dev Emits {ProviderRegistered}, {ConfigProposed} and an {OperatorAdmitted} for each admitted. Reverts with
    /// {BadProviderConfig}, {BadProviderOwner}, {BadOperatorOwner}, {AlreadyAdmitted}.
    /// @param name What people call it, 1 to 64 bytes; fixed.
    /// @param owner Who admits and expels operators and proposes versions: a timelock, or zero address with `open` for rules that
    /// never change.
    /// @param open Whether anybody with enough stake may take a free seat; fixed.
    /// @param admitted Whom the owner admits from the start, at most 31.
    function registerProvider(
        string calldata name,
        address owner,
        bool open,
        ProviderConfig calldata config,
        address[] calldata admitted
    ) external returns (uint256 providerId);

    /// @notice Announces the next version of a provider's rules, in force {NOTICE_EPOCHS} from now. Only the provider's owner, one
    /// at a time.
    /// @dev Emits {ConfigProposed}. Reverts with {UnknownProvider}, {NotProviderOwner}, {AlreadyProposed}, {BadProviderConfig}.
    function proposeConfig(
        uint256 providerId,
        ProviderConfig calldata config
    ) external returns (uint32 version, uint64 effectiveEpoch);

    /// @notice Lets `operatorOwner` join, once. Only the provider's owner. A masked id address (0xff…) of an account that has an
    /// address of its own means that address, here and wherever an address is given.
    /// @dev Emits {OperatorAdmitted}. Reverts with {UnknownProvider}, {NotProviderOwner}, {BadOperatorOwner}, {AlreadyAdmitted}.
    function admit(uint256 providerId, address operatorOwner) external;

    function getProvider(uint256 providerId) external view returns (ProviderView memory);

    /// @dev Reverts with {UnknownProvider}, {UnknownVersion}.
    function getConfig(uint256 providerId, uint32 version) external view returns (ConfigView memory);

    /// @notice A job's rules in a version.
    /// @dev Reverts with {UnknownProvider}, {UnknownVersion}, {UnknownJob}.
    function getJob(uint256 providerId, uint32 version, uint32 job) external view returns (JobConfig memory);

    /// @notice Epochs between the proposal of a version and its taking effect: 23,040, 8 days.
    function NOTICE_EPOCHS() external view returns (uint64);
}
