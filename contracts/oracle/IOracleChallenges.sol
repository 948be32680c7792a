// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Challenges: answers that cost the liar
/// @notice Until an answer is mature anyone may challenge it with a bond. The version's arbiter rules, or its silence does; what the
/// chain itself can refute needs neither. While a challenge is open nothing of its request is voted, refunded, or matures.
/// Every stage can be challenged once; one challenge is open per request at a time.
interface IOracleChallenges {
    /// @notice Upheld: the answer was false. Rejected: it was true. Silent: the arbiter did not rule in time.
    enum Ruling {
        None,
        Upheld,
        Rejected,
        Silent
    }

    /// @notice The last challenge of a request.
    /// @param ruling None while it is open.
    /// @param deadlineEpoch The last epoch, inclusive, at which a ruling counts.
    struct ChallengeView {
        address challenger;
        uint8 stage;
        bool open;
        Ruling ruling;
        uint64 openedEpoch;
        uint64 deadlineEpoch;
        uint256 bond;
    }

    /// @param evidence What the challenger says, for the arbiter and for people; not read by the chain.
    event Challenged(
        uint256 indexed id,
        uint8 indexed stage,
        address indexed challenger,
        uint256 bond,
        uint64 deadlineEpoch,
        bytes evidence
    );
    /// @param toChallenger What of the bond is the challenger's credit now.
    /// @param toOperators What of it is the credit of operators that had agreed; the rest of the bond is the sink's.
    event ChallengeClosed(
        uint256 indexed id,
        uint8 indexed stage,
        Ruling indexed ruling,
        uint256 toChallenger,
        uint256 toOperators
    );
    /// @notice The chain showed that the answer was false.
    event Refuted(uint256 indexed id, uint8 indexed stage, address indexed by);
    /// @notice A stage's answer, and all after it, are undone; the request is over.
    event AnswerUndone(uint256 indexed id, uint8 indexed stage, Ruling indexed ruling, uint256 refunded);
    /// @param told Whether the requester took the news of an answer that it had been given early.
    event CancellationDelivered(uint256 indexed id, uint8 indexed stage, bool told);

    error NotChallengeable(uint256 id, uint8 stage);
    error WindowClosed(uint64 matureEpoch, uint256 currentEpoch);
    error ChallengeOpen(uint256 id, uint8 stage);
    error AlreadyChallenged(uint256 id, uint8 stage);
    error BondTooLow(uint256 required, uint256 actual);
    error BondTooHigh(uint256 limit, uint256 actual);
    error EvidenceTooLong(uint256 limit, uint256 length);
    error NoChallenge(uint256 id);
    error NotRuled(uint64 deadlineEpoch, uint256 currentEpoch);
    error NoEvidenceContract(uint256 providerId, uint32 version);
    error NotRefuted(uint256 id, uint8 stage);

    /// @notice Challenges the answer to a stage; msg.value is the bond, at least {bondFor}.
    /// @dev Emits {Challenged}. Reverts with {UnknownRequest}, {NotChallengeable}, {WindowClosed}, {ChallengeOpen},
    /// {AlreadyChallenged}, {BondTooLow}, {BondTooHigh}, {EvidenceTooLong}.
    /// @param evidence At most 1,024 bytes.
    function challenge(uint256 id, uint8 stage, bytes calldata evidence) external payable;

    /// @notice Closes the open challenge of a request by the arbiter's ruling, or by its silence after the deadline. Anyone may.
    /// Upheld: the operators that agreed lose their slash, at most half of it to the challenger; bond, unsettled fees and escrow
    /// go back. Rejected: the bond goes to them, and all goes on, the deadline too, later by the epochs that it stood still.
    /// Silent: fees and escrow go back to the requester, the operators are paid from the bond, nobody is slashed.
    /// @dev Emits {ChallengeClosed}, and {AnswerUndone} unless rejected. Reverts with {UnknownRequest}, {NoChallenge}, {NotRuled},
    /// and with {IOracleRequests-TooLittleGas} where the requester is to be told of an answer that it had been given early.
    function resolve(uint256 id) external;

    /// @notice Has the version's {IEvidence} refute an answer that is not final; no bond, no arbiter. Half of each slash goes to
    /// the caller. An open challenge of this stage or a later one ends with its bond given back. A failure is never refuted.
    /// @dev Emits {Refuted}, {AnswerUndone}, and {ChallengeClosed} if a challenge was open. Reverts with {UnknownRequest},
    /// {NotChallengeable}, {ChallengeOpen} (of an earlier stage), {WindowClosed}, {NoEvidenceContract}, {WrongAnswer},
    /// {NotRefuted}, as the evidence does, and with {IOracleRequests-TooLittleGas} as {resolve} does.
    /// @param data The answer; it is in {StageAnswered}.
    function refute(uint256 id, uint8 stage, bytes calldata data) external;

    /// @notice The least bond for a challenge now, attoFIL: the version's `minBond`, or the unsettled fees from this stage on.
    function bondFor(uint256 id, uint8 stage) external view returns (uint256);

    function getChallenge(uint256 id) external view returns (ChallengeView memory);
}
