// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @notice Why a request cannot be served. The executor's errors carry the same names.
/// NotFound: nobody offers the data. TooLarge: its CAR exceeds the request's `maxBytes`. BadContent: blocks that do not decode
/// or a CID or link that cannot be followed. PieceMismatch: the data is not the piece that was named. DealFailed: no provider
/// would store it.
enum FailReason {
    NotFound,
    TooLarge,
    BadContent,
    PieceMismatch,
    DealFailed
}

/// @title OracleRegistry: ask anything, answered by a quorum of operators
/// @notice A *provider* is a named service (the Edge provider is the first). *Operators* serve it. A *request* carries its fee in
/// escrow and is answered stage by stage; each stage pays the operators that agreed. What is not earned goes back.
/// All amounts are attoFIL, all epochs are Filecoin epochs (`block.number`), all payouts are pulled.
interface IOracleRegistry {
    /// @notice One job that a provider answers.
    /// @param job The job's number, unique within the provider.
    /// @param minDeadlineEpochs The least number of epochs between asking and the deadline, 1 or more.
    /// @param concludedByRequester The last of two or more stages has no answer to vote for: the requester accepts it by {conclude}
    /// when it has seen for itself, and operators can only fail it. Without it the requester cannot conclude.
    /// @param stageFees The fee of each stage, attoFIL; its length is the number of stages, 1 to 8; each divisible by the quorum.
    struct JobConfig {
        uint32 job;
        uint32 minDeadlineEpochs;
        bool concludedByRequester;
        uint128[] stageFees;
    }

    /// @notice A provider's rules. They never change under a request: a request keeps the version it was made with.
    /// @param name What people call the service, 1 to 64 bytes.
    /// @param quorum Operators that must agree on an answer, m: 1 to 16. A provider admits fewer than 2m operators, so two
    /// different answers can never both reach the quorum.
    /// @param windowEpochs Epochs between quorum and maturity in which an answer can be challenged. 0 in this version.
    /// @param callbackGas Gas that a callback is given, in FEVM gas units: 1 to 5,000,000,000 (half of a block).
    /// @param jobs 1 to 16 jobs.
    struct ProviderConfig {
        string name;
        uint8 quorum;
        uint32 windowEpochs;
        uint64 callbackGas;
        JobConfig[] jobs;
    }

    /// @param operatorCount Operators that can vote on what is asked from the next epoch on.
    struct ProviderView {
        address owner;
        string name;
        uint32 version;
        uint8 quorum;
        uint32 windowEpochs;
        uint64 callbackGas;
        uint32 operatorCount;
    }

    /// @param reporter The key that votes, or that is asked to while the operator is not active.
    /// @param joinedEpoch When the operator became active: it votes on requests of later epochs. 0 before.
    /// @param active Whether it votes: its reporter accepted and it has not left.
    /// @param agreed Stages that were answered as it had voted.
    /// @param dissented Stages that were answered otherwise than it had voted.
    struct OperatorView {
        uint256 providerId;
        address owner;
        address reporter;
        uint64 joinedEpoch;
        bool active;
        string endpoint;
        uint64 agreed;
        uint64 dissented;
    }

    /// @notice Where a request stands. None: no such request.
    /// Open: a stage is awaited. Answered: every stage is. Failed, Cancelled, Expired: over before that.
    enum RequestState {
        None,
        Open,
        Answered,
        Failed,
        Cancelled,
        Expired
    }

    /// @param stage The stage that is awaited while Open; the number of answered stages otherwise.
    /// @param deadlineEpoch The last epoch, inclusive, at which a vote is accepted.
    /// @param escrow What still rests here for unanswered stages, attoFIL.
    /// @param refunded What went back to the requester's credit so far, attoFIL.
    struct RequestView {
        address requester;
        uint256 providerId;
        uint32 version;
        uint32 job;
        RequestState state;
        uint8 stage;
        uint8 stageCount;
        uint8 quorum;
        FailReason failReason;
        uint64 requestedEpoch;
        uint64 deadlineEpoch;
        uint256 escrow;
        uint256 refunded;
    }

    /// @notice Whether a stage's callback was made. None: not answered. Due: not made, for one before it is not Done.
    /// Done: the requester took it. Failed: it reverted or ran out of its ceiling.
    enum Delivery {
        None,
        Due,
        Done,
        Failed
    }

    /// @param answerHash keccak256(abi.encode(ok, data)).
    /// @param matureEpoch The first epoch at which the answer cannot be challenged any more.
    struct AnswerView {
        bytes32 answerHash;
        uint64 answeredEpoch;
        uint64 matureEpoch;
        bool ok;
        Delivery delivery;
    }

    event ProviderRegistered(
        uint256 indexed providerId,
        address indexed owner,
        string name,
        uint32 version,
        uint8 quorum
    );
    event OperatorAdmitted(uint256 indexed providerId, address indexed operatorOwner);
    event OperatorJoined(
        uint256 indexed operatorId,
        uint256 indexed providerId,
        address indexed owner,
        address reporter,
        string endpoint
    );
    event ReporterAccepted(uint256 indexed operatorId, uint256 indexed providerId, address indexed reporter);
    event OperatorLeft(uint256 indexed operatorId, uint256 indexed providerId);
    event Requested(
        uint256 indexed id,
        uint256 indexed providerId,
        address indexed requester,
        uint32 job,
        bytes payload,
        uint64 maxBytes,
        uint64 deadlineEpoch,
        uint256 fee
    );
    event Voted(uint256 indexed id, uint8 indexed stage, uint256 indexed operatorId, bytes32 answerHash);
    event StageAnswered(uint256 indexed id, uint8 indexed stage, bytes data, uint64 matureEpoch);
    event RequestFailed(uint256 indexed id, uint8 indexed stage, FailReason reason, uint256 refunded);
    event RequestConcluded(uint256 indexed id, uint8 indexed stage);
    event RequestCancelled(uint256 indexed id, uint8 indexed stage, uint256 refunded);
    event RequestExpired(uint256 indexed id, uint8 indexed stage, uint256 refunded);
    event Delivered(uint256 indexed id, uint8 indexed stage);
    event DeliveryFailed(uint256 indexed id, uint8 indexed stage);
    event Credited(address indexed account, uint256 indexed id, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);

    error BadProviderConfig(string what, uint256 value);
    error UnknownProvider(uint256 providerId);
    error UnknownJob(uint256 providerId, uint32 job);
    error UnknownOperator(uint256 operatorId);
    error UnknownRequest(uint256 id);
    error NotProviderOwner(address owner, address caller);
    error NotOperatorOwner(address owner, address caller);
    error BadOperatorOwner(address operatorOwner);
    error NotAdmitted(uint256 providerId, address caller);
    error AlreadyAdmitted(uint256 providerId, address operatorOwner);
    error AlreadyJoined(uint256 operatorId);
    error AlreadyLeft(uint256 operatorId);
    error TooManyOperators(uint256 limit);
    error TooFewOperators(uint256 quorum, uint256 operators);
    error ReporterTaken(address reporter, uint256 operatorId);
    error BadReporter(address reporter);
    error NotAppointed(address reporter, address caller);
    error TextTooLong(uint256 limit, uint256 length);
    error PayloadTooLong(uint256 limit, uint256 length);
    error AnswerTooLong(uint256 limit, uint256 length);
    error ZeroMaxBytes();
    error DeadlineTooSoon(uint64 earliestEpoch, uint64 deadlineEpoch);
    error WrongFee(uint256 expected, uint256 actual);
    error NotReporter(address caller);
    error NotEligible(uint256 operatorId, uint256 id);
    error NotOpen(uint256 id, RequestState state);
    error WrongStage(uint8 expected, uint8 actual);
    error StageNotVoted(uint256 id, uint8 stage);
    error NotConcludable(uint256 id, uint8 stage);
    error AlreadyVoted(uint256 id, uint8 stage, uint256 operatorId);
    error DeadlinePassed(uint64 deadlineEpoch, uint256 currentEpoch);
    error DeadlineNotPassed(uint64 deadlineEpoch, uint256 currentEpoch);
    error NotRequester(address requester, address caller);
    error NotDue(uint256 id, uint8 stage, Delivery delivery);
    error WrongAnswer(bytes32 expected, bytes32 actual);
    error TooLittleGas(uint256 required, uint256 available);
    error NoCredit(address account);
    error PaymentFailed(address account, uint256 amount);

    // ---- providers and operators

    /// @notice Registers a service; the caller becomes its owner, who admits its operators. The rules are fixed from here on.
    /// @dev Emits {ProviderRegistered}. Reverts with {BadProviderConfig}.
    function registerProvider(ProviderConfig calldata config) external returns (uint256 providerId);

    /// @notice Lets `operatorOwner` join, once. Only the provider's owner. A masked id address (0xff…) of an account that has an
    /// address of its own means that address, here and wherever an address is given.
    /// @dev Emits {OperatorAdmitted}. Reverts with {UnknownProvider}, {NotProviderOwner}, {BadOperatorOwner}, {AlreadyAdmitted},
    /// {AlreadyJoined}, {TooManyOperators}.
    function admit(uint256 providerId, address operatorOwner) external;

    /// @notice Joins a provider that admitted the caller. The operator is active at once if the caller is its own reporter,
    /// otherwise when the reporter accepts ({acceptReporter}); it votes on requests made in later epochs only.
    /// @dev Emits {OperatorJoined}, and {ReporterAccepted} when active. Reverts with {UnknownProvider}, {NotAdmitted},
    /// {AlreadyJoined}, {TooManyOperators}, {BadReporter}, {ReporterTaken}, {TextTooLong}.
    /// @param reporter The (hot) key that votes; no two operators share one. May be the caller.
    /// @param endpoint Where people find the operator, at most 256 bytes; may be empty.
    function join(uint256 providerId, address reporter, string calldata endpoint) external returns (uint256 operatorId);

    /// @notice The reporter that an operator named agrees to vote for it, which makes the operator active.
    /// @dev Emits {ReporterAccepted}. Reverts with {UnknownOperator}, {AlreadyLeft}, {AlreadyJoined}, {NotAppointed}, {ReporterTaken}.
    function acceptReporter(uint256 operatorId) external;

    /// @notice Leaves: no further votes. Votes already cast stand and are paid. The reporter is free for another operator.
    /// @dev Emits {OperatorLeft}. Reverts with {UnknownOperator}, {NotOperatorOwner}, {AlreadyLeft}.
    function leave(uint256 operatorId) external;

    // ---- asking

    /// @notice Asks `providerId` to do `job`. The caller is the requester: it gets the callbacks and whatever is refunded.
    /// @dev Emits {Requested}. msg.value must be exactly {quote}. Reverts with {UnknownProvider}, {UnknownJob}, {TooFewOperators},
    /// {ZeroMaxBytes}, {PayloadTooLong}, {DeadlineTooSoon}, {WrongFee}.
    /// @param payload What is asked, encoded as the job says; at most 8,192 bytes.
    /// @param maxBytes The largest content, in bytes of its CAR, that the operators are to handle.
    /// @param deadlineEpoch The last epoch, inclusive, at which an answer is accepted.
    function request(
        uint256 providerId,
        uint32 job,
        bytes calldata payload,
        uint64 maxBytes,
        uint64 deadlineEpoch
    ) external payable returns (uint256 id);

    /// @notice The fee of a request, attoFIL: the sum over its stages.
    function quote(uint256 providerId, uint32 job, uint64 maxBytes) external view returns (uint256 fee);

    /// @notice The requester takes its request back. Before the first vote everything is refunded; once a stage was voted on or
    /// answered, the stage in progress is paid to the operators that are at it (those that agreed on the stage before it; on
    /// stage 0 those that voted) and the rest is refunded.
    function cancel(uint256 id) external;

    /// @notice The requester accepts the last stage itself (PinningRequests does when the chain has proven every deal): its fee
    /// goes to the operators that agreed on the stage before it and the request is Answered. Only at the last stage of a job that is
    /// concluded by the requester; at any epoch, also after the deadline while the request is not refunded. No callback is made.
    /// @dev Emits {RequestConcluded}, {Credited}. Reverts with {UnknownRequest}, {NotRequester}, {NotOpen}, {NotConcludable}.
    function conclude(uint256 id) external;

    /// @notice After the deadline anyone may end the request: the escrow of unanswered stages goes to the requester's credit.
    function refund(uint256 id) external;

    // ---- answering

    /// @notice An operator's vote for an answer. The m-th vote on the same data answers the stage: its fee is credited to the m
    /// operators that agreed and the callback is made.
    /// @dev Valid iff the epoch ≤ deadlineEpoch, `stage` is the awaited one, the caller is the reporter of an active operator that
    /// joined before the request's epoch, and it has not voted on this stage. A failing callback never blocks a vote.
    /// @param data The answer, canonically encoded; at most 1,024 bytes.
    function report(uint256 id, uint8 stage, bytes calldata data) external;

    /// @notice An operator's vote that the request cannot be served. The m-th ends the request as Failed: nothing is paid for this
    /// and later stages, their escrow goes to the requester's credit, and the callback is made with ok = false.
    function reportFailure(uint256 id, uint8 stage, FailReason reason) external;

    /// @notice Makes a callback that is Due or Failed (again); anyone may, with the answer's data at hand (it is in {StageAnswered}).
    function deliver(uint256 id, uint8 stage, bytes calldata data) external;

    // ---- credits

    /// @notice Pays the caller's credit to the caller.
    function withdraw() external returns (uint256 amount);

    /// @notice Pays `account`'s credit to `account`; anyone may ask for it.
    function withdrawFor(address account) external returns (uint256 amount);

    // ---- views

    function creditOf(address account) external view returns (uint256);

    function getProvider(uint256 providerId) external view returns (ProviderView memory);

    function getOperator(uint256 operatorId) external view returns (OperatorView memory);

    /// @notice The active operator whose reporter this is; 0 if none.
    function operatorOf(address reporter) external view returns (uint256 operatorId);

    /// @notice A job's rules as they were registered.
    function getJob(uint256 providerId, uint32 job) external view returns (JobConfig memory);

    function getRequest(uint256 id) external view returns (RequestView memory);

    function getAnswer(uint256 id, uint8 stage) external view returns (AnswerView memory);

    /// @notice Owners of the operators whose vote made the stage's answer, in the order they voted; empty until it is answered.
    function agreeing(uint256 id, uint8 stage) external view returns (address[] memory owners);

    function hasVoted(uint256 id, uint8 stage, uint256 operatorId) external view returns (bool);

    /// @notice All that rests here for others: escrows and credits. The contract's balance is never below it.
    function liabilities() external view returns (uint256);
}
