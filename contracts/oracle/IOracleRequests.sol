// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason} from "./FailReason.sol";

/// @title Requests: asking, answering, and where the money goes
/// @notice A request carries its fee in escrow and is answered stage by stage. Each stage pays the operators that agreed when its
/// answer is final; what is not earned goes back. All amounts are attoFIL, all epochs are Filecoin epochs (`block.number`), all
/// payouts are pulled.
interface IOracleRequests {
    /// @notice Where a request stands. None: no such request. Open: a stage is awaited. Answered: every stage is. Failed: the
    /// operators agreed that it cannot be served. Cancelled, Expired: over before that. Refuted: an answer was shown false.
    /// Undecided: an answer was challenged and the arbiter did not rule. Answered and Failed can still become Refuted or Undecided
    /// until their last answer is mature.
    enum RequestState {
        None,
        Open,
        Answered,
        Failed,
        Cancelled,
        Expired,
        Refuted,
        Undecided
    }

    /// @param stage The stage that is awaited while Open; otherwise the number of answers that stand, a failure not counted.
    /// @param settled Answers whose operators were paid; a failure counts.
    /// @param early Whether answers are delivered at their quorum, before they are final.
    /// @param challenged Whether a challenge is open: nothing is voted, refunded or matures meanwhile.
    /// @param maxBytes As it is paid for: rounded up to MiB.
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
        uint8 settled;
        uint8 quorum;
        bool early;
        bool challenged;
        FailReason failReason;
        uint64 maxBytes;
        uint64 requestedEpoch;
        uint64 deadlineEpoch;
        uint256 escrow;
        uint256 refunded;
    }

    /// @notice Whether a stage's callback was made. None: not answered, or undone before it was made. Due: not made yet; an
    /// answer that is not final, or one before it that is not Done, holds it up. Done: the requester took it. Failed: it reverted
    /// or ran out of its ceiling.
    enum Delivery {
        None,
        Due,
        Done,
        Failed
    }

    /// @notice None: no quorum. Challengeable: until `matureEpoch`, inclusive. Challenged: it, or one whose challenge it waits for.
    /// Final: nothing can undo it. Undone: it was refuted, or fell with another or with the arbiter's silence.
    enum AnswerStanding {
        None,
        Challengeable,
        Challenged,
        Final,
        Undone
    }

    /// @param answerHash keccak256(abi.encode(ok, data)).
    /// @param matureEpoch The last epoch, inclusive, at which the answer can be challenged.
    struct AnswerView {
        bytes32 answerHash;
        uint64 answeredEpoch;
        uint64 matureEpoch;
        bool ok;
        AnswerStanding standing;
        Delivery delivery;
    }

    /// @notice A vote of {reportMany}.
    /// @param ok True for an answer; false for a failure, and then `data` is `abi.encode(FailReason)`.
    struct Report {
        uint256 id;
        uint8 stage;
        bool ok;
        bytes data;
    }

    event Requested(
        uint256 indexed id,
        uint256 indexed providerId,
        address indexed requester,
        uint32 version,
        uint32 job,
        bytes payload,
        uint64 maxBytes,
        uint64 deadlineEpoch,
        uint256 fee
    );
    event EarlyAllowed(uint256 indexed id);
    event Voted(uint256 indexed id, uint8 indexed stage, uint256 indexed operatorId, bytes32 answerHash);
    /// @param matureEpoch The last epoch at which the answer can be challenged.
    event StageAnswered(uint256 indexed id, uint8 indexed stage, bytes data, uint64 matureEpoch);
    event RequestFailed(
        uint256 indexed id,
        uint8 indexed stage,
        FailReason reason,
        uint256 refunded,
        uint64 matureEpoch
    );
    /// @notice The operators that agreed were paid `fee` in all (with that of the next stage, if it was in progress when the requester
    /// cancelled), and the stake of all that voted on the stage is free.
    event StageSettled(uint256 indexed id, uint8 indexed stage, uint256 fee);
    event RequestConcluded(uint256 indexed id, uint8 indexed stage);
    event RequestCancelled(uint256 indexed id, uint8 indexed stage, uint256 refunded);
    event RequestExpired(uint256 indexed id, uint8 indexed stage, uint256 refunded);
    event Delivered(uint256 indexed id, uint8 indexed stage);
    event DeliveryFailed(uint256 indexed id, uint8 indexed stage);
    /// @notice An item of {reportMany} was refused.
    /// @param reason What it reverted with, the first 256 bytes.
    event ReportRefused(uint256 indexed id, uint8 indexed stage, uint256 indexed operatorId, bytes reason);
    event Credited(address indexed account, uint256 indexed id, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);

    error UnknownRequest(uint256 id);
    error TooFewOperators(uint256 quorum, uint256 operators);
    error PayloadTooLong(uint256 limit, uint256 length);
    error AnswerTooLong(uint256 limit, uint256 length);
    error ZeroMaxBytes();
    error MaxBytesTooLarge(uint64 limit, uint64 actual);
    error DeadlineTooSoon(uint64 earliestEpoch, uint64 deadlineEpoch);
    error DeadlineTooFar(uint64 latestEpoch, uint64 deadlineEpoch);
    error WrongFee(uint256 expected, uint256 actual);
    error FeeTooHigh(uint256 limit, uint256 actual);
    error NotReporter(address caller);
    error NotEligible(uint256 operatorId, uint256 id);
    /// @notice The stake that is not locked does not cover another vote, or is below the version's minimum.
    error StakeExhausted(uint256 operatorId, uint256 required, uint256 free);
    error NotOpen(uint256 id, RequestState state);
    error WrongStage(uint8 expected, uint8 actual);
    error StageNotVoted(uint256 id, uint8 stage);
    error NotConcludable(uint256 id, uint8 stage);
    error AlreadyVoted(uint256 id, uint8 stage, uint256 operatorId);
    error DeadlinePassed(uint64 deadlineEpoch, uint256 currentEpoch);
    error DeadlineNotPassed(uint64 deadlineEpoch, uint256 currentEpoch);
    error NotRequester(address requester, address caller);
    error AlreadyEarly(uint256 id);
    error UnderChallenge(uint256 id, uint8 stage);
    error NotMature(uint64 matureEpoch, uint256 currentEpoch);
    error NothingToSettle(uint256 id);
    error NotDue(uint256 id, uint8 stage, Delivery delivery);
    error WrongAnswer(bytes32 expected, bytes32 actual);
    error TooManyReports(uint256 limit, uint256 length);
    /// @param required Of {reportMany}, only a bound: more than was available.
    error TooLittleGas(uint256 required, uint256 available);
    error NoCredit(address account);
    error PaymentFailed(address account, uint256 amount);

    // ---- asking

    /// @notice Asks `providerId` to do `job`, under the version in force. The caller is the requester: it gets the callbacks and
    /// whatever is refunded.
    /// @dev Emits {Requested}. msg.value must be exactly {quote}. Reverts with {PayloadTooLong}, {UnknownProvider}, {UnknownJob},
    /// {ZeroMaxBytes}, {MaxBytesTooLarge}, {TooFewOperators}, {DeadlineTooSoon}, {DeadlineTooFar}, {WrongFee}, {FeeTooHigh} (2^96
    /// attoFIL or more).
    /// @param payload What is asked, encoded as the job says; at most 8,192 bytes.
    /// @param maxBytes The largest content, in bytes of its CAR, that the operators are to handle: 1 to 2^59. It sets the fee.
    /// @param deadlineEpoch The last epoch, inclusive, at which an answer is accepted; at most 5,256,000 epochs (5 years) from now.
    function request(
        uint256 providerId,
        uint32 job,
        bytes calldata payload,
        uint64 maxBytes,
        uint64 deadlineEpoch
    ) external payable returns (uint256 id);

    /// @notice The fee of a request made now, attoFIL: quorum times the sum over its stages of base and size.
    /// @dev Reverts with {UnknownProvider}, {UnknownJob}, {ZeroMaxBytes}, {MaxBytesTooLarge}.
    function quote(uint256 providerId, uint32 job, uint64 maxBytes) external view returns (uint256 fee);

    /// @notice The requester wants answers as soon as they have their quorum, before they are final. What is undone later is told by
    /// {IOracleCallback-onOracleAnswerCancelled}. For what moves no money.
    /// @dev Emits {EarlyAllowed}. Reverts with {UnknownRequest}, {NotOpen}, {NotRequester}, {AlreadyEarly}.
    function allowEarly(uint256 id) external;

    /// @notice The requester takes its request back. Before the first vote everything is refunded; once a stage was voted on or
    /// answered, the stage in progress is paid to the operators that are at it (those that agreed on the stage before it; on
    /// stage 0 those that voted, each what an answer would have brought, and all together no more than the stage's fee) and the rest
    /// is refunded. Answers already given run on: the stage in progress is paid with the one before it, and goes back with it if
    /// that is undone. Where that one is settled, and on stage 0, it is paid at once.
    /// @dev Emits {RequestCancelled}. Reverts with {UnknownRequest}, {NotOpen}, {NotRequester}, {UnderChallenge}.
    function cancel(uint256 id) external;

    /// @notice The requester accepts the last stage itself (PinningRequests does when the chain has proven every deal): its fee
    /// goes to the operators that agreed on the stage before it, which must be final, and the request is Answered. Only at the last
    /// stage of a job that is concluded by the requester; at any epoch, also after the deadline while the request is not refunded.
    /// No callback is made.
    /// @dev Emits {RequestConcluded}, {Credited}. Reverts with {UnknownRequest}, {NotOpen}, {NotRequester}, {NotConcludable},
    /// {UnderChallenge}, {NotMature}.
    function conclude(uint256 id) external;

    /// @notice After the deadline anyone may end the request: the escrow of unanswered stages goes to the requester's credit.
    /// @dev Emits {RequestExpired}. Reverts with {UnknownRequest}, {NotOpen}, {UnderChallenge}, {DeadlineNotPassed}.
    function refund(uint256 id) external;

    // ---- answering

    /// @notice An operator's vote for an answer. The m-th vote on the same data answers the stage. Each vote locks the version's
    /// slash of the operator's stake until the answer is settled or undone, or the request is over without one.
    /// @dev Valid iff the epoch ≤ deadlineEpoch, no challenge is open, `stage` is the awaited one, the caller is the reporter of an
    /// active operator that opted in to the request's version before the request's epoch and has stake for it, and it has not voted
    /// on this stage. A failing callback never blocks a vote. Emits {Voted}, and {StageAnswered} at the quorum. Reverts with
    /// {AnswerTooLong}, {UnknownRequest}, {NotOpen}, {NotReporter}, {UnderChallenge}, {DeadlinePassed}, {WrongStage},
    /// {NotEligible}, {StageNotVoted}, {AlreadyVoted}, {StakeExhausted}, {TooLittleGas}.
    /// @param data The answer, canonically encoded; at most 1,024 bytes.
    function report(uint256 id, uint8 stage, bytes calldata data) external;

    /// @notice An operator's vote that the request cannot be served. The m-th ends the request as Failed: those that agreed earn the
    /// job's failure fee, all other escrow goes to the requester's credit at once.
    /// @dev As {report}; emits {RequestFailed} at the quorum.
    function reportFailure(uint256 id, uint8 stage, FailReason reason) external;

    /// @notice Several votes in one transaction, at most 64. One that is refused changes nothing and does not stop the others; but
    /// what a transaction had too little gas for is nobody's refusal, and undoes it: an estimate of its gas is one of all the votes.
    /// @dev Emits {ReportRefused} for each that is refused. Reverts with {NotReporter}, {TooManyReports}, {TooLittleGas}.
    /// @return accepted How many were accepted.
    function reportMany(Report[] calldata reports) external returns (uint256 accepted);

    /// @notice Books what time has decided: every answer that became final is paid and the stake of its voters unlocked. Anyone
    /// may; needs only the id.
    /// @dev Emits {StageSettled}, {Credited}. Reverts with {UnknownRequest}, {NothingToSettle}.
    function sync(uint256 id) external;

    /// @notice Makes the callback of a final answer, or makes one that failed again, and settles what is final; anyone may, with
    /// the answer's data at hand (it is in {StageAnswered}). A requester that wants answers early gets them whether final or not.
    /// @dev Emits {Delivered} or {DeliveryFailed}. Reverts with {UnknownRequest}, {NotDue}, {WrongStage}, {UnderChallenge},
    /// {NotMature}, {WrongAnswer}, {TooLittleGas}.
    function deliver(uint256 id, uint8 stage, bytes calldata data) external;

    // ---- credits

    /// @notice Pays the caller's credit to the caller.
    /// @dev Emits {Withdrawn}. Reverts with {NoCredit}, {PaymentFailed}.
    function withdraw() external returns (uint256 amount);

    /// @notice Pays `account`'s credit to `account`; anyone may ask for it.
    function withdrawFor(address account) external returns (uint256 amount);

    // ---- views

    function creditOf(address account) external view returns (uint256);

    function getRequest(uint256 id) external view returns (RequestView memory);

    function getAnswer(uint256 id, uint8 stage) external view returns (AnswerView memory);

    /// @notice Owners of the operators whose vote made the stage's answer, in the order they voted; empty until it is answered.
    function agreeing(uint256 id, uint8 stage) external view returns (address[] memory owners);

    function hasVoted(uint256 id, uint8 stage, uint256 operatorId) external view returns (bool);

    /// @notice The operator whose turn it is now to spend on a request (make its deals). Turns go round among those that can vote on
    /// it, from one that the id decides, each for the version's `turnEpochs` beginning with the request's epoch.
    /// @dev A rule for operators: nothing on-chain depends on it. Reverts with {UnknownRequest}. 0 if nobody can vote on it.
    function assigneeOf(uint256 id) external view returns (uint256 operatorId);

    /// @notice All that rests here for others: escrows, unsettled fees, stakes, bonds and credits. The contract's balance is never
    /// below it.
    function liabilities() external view returns (uint256);

    /// @notice Whose credit takes what nobody may gain from: what of a slash is not the challenger's.
    function sink() external view returns (address);
}
