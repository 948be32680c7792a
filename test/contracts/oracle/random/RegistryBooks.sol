// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleChallenges} from "../../../../contracts/oracle/IOracleChallenges.sol";
import {IOracleOperators} from "../../../../contracts/oracle/IOracleOperators.sol";
import {IOracleRequests} from "../../../../contracts/oracle/IOracleRequests.sol";
import {vm} from "../../helpers/Vm.sol";
import {RegistryWorld} from "./RegistryWorld.sol";

/// @notice Every action on a request is booked a second time here, by the rules in words rather than by the registry's code: who gets
/// how much, who loses how much, and which states may follow which. What does not agree is the first {broken} sentence.
abstract contract RegistryBooks is RegistryWorld {
    /// @param answered Answers that stand, a failure counted.
    /// @param pending Fees of those that are not settled.
    /// @param stakes Of each operator.
    struct Snap {
        IOracleRequests.RequestView asked;
        IOracleChallenges.ChallengeView challenge;
        uint256 answered;
        uint256 pending;
        uint256[ACCOUNTS] credits;
        uint256[] stakes;
    }

    /// @dev What an action must have brought, by the rules.
    struct Due {
        uint256[ACCOUNTS] credits;
        uint256[] losses;
        uint256 fees;
    }

    /// @notice The sentence that was found untrue first; empty if none was.
    string public broken;

    uint256 public operatorCount = PLAIN_KEYS + SEATED;
    uint256 public requestCount;
    uint256 public forced;
    mapping(uint256 id => uint256) public feeOf;
    /// @notice Of a request's fee, what operators were paid.
    mapping(uint256 id => uint256) public paid;
    mapping(uint256 id => mapping(uint256 stage => uint256[])) internal _voters;
    mapping(uint256 id => mapping(uint256 stage => mapping(uint256 operatorId => bool))) private _known;
    mapping(uint256 id => mapping(uint256 stage => mapping(address owner => bool))) private _ownerVoted;
    mapping(uint256 id => mapping(uint256 stage => bool)) private _wasChallenged;

    uint256 private _choices;

    /// @notice How often each thing happened, by its name.
    mapping(string what => uint256) public happened;

    function votersOf(uint256 id, uint256 stage) external view returns (uint256[] memory) {
        return _voters[id][stage];
    }

    /// @notice What operators that agreed on an answer get in all when it is settled, by the rules: of a request that was taken back,
    /// the last answer brings the stage in progress too.
    function feeOfAnswer(uint256 id, uint256 stage) public view returns (uint256) {
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        uint256 version = asked.version;
        uint256 each =
            registry.getAnswer(id, uint8(stage)).ok
                ? feeOfStage(version, stage, asked.maxBytes >> 20)
                : failureFeeOf(version);
        if (
            asked.state == IOracleRequests.RequestState.Cancelled &&
            registry.getAnswer(id, uint8(stage + 1)).answeredEpoch == 0
        ) each += feeOfStage(version, stage + 1, asked.maxBytes >> 20);
        return quorumOf(asked.providerId, version) * each;
    }

    /// @notice Fees of answers that stand and are not settled.
    function pendingOf(uint256 id) public view returns (uint256) {
        return _pendingFrom(id, 0);
    }

    /// @notice Answers that stand, a failure counted.
    function answeredOf(uint256 id) public view returns (uint256) {
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        return asked.state == IOracleRequests.RequestState.Failed ? asked.stage + 1 : asked.stage;
    }

    // ---- booking

    /// @dev Makes the call and books what it did to request `id`.
    function _act(uint256 id, address caller, uint256 value, bytes memory call) internal returns (bool success) {
        Snap memory before = _snap(id);
        success = _call(caller, value, call);
        if (!success) return false;

        Snap memory later = _snap(id);
        Due memory due = _due(id, bytes4(call), caller, before, later);
        paid[id] += due.fees;
        _checkMoney(before, later, due);
        _checkStates(id, bytes4(call), before, later);
    }

    function _call(address caller, uint256 value, bytes memory call) internal returns (bool success) {
        vm.deal(caller, caller.balance + value);
        vm.prank(caller);
        (success, ) = address(registry).call{value: value}(call);
        if (!success) vm.deal(caller, caller.balance - value);
    }

    /// @dev After votes of the operator `operatorId` were accepted: each must be a new one.
    function _noteVotes(uint256 id, uint256 operatorId, uint256 accepted) internal {
        IOracleOperators.OperatorView memory operator = registry.getOperator(operatorId);
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        bool inTime = operator.version != asked.version || operator.joinedEpoch < asked.requestedEpoch;
        _must(accepted == 0 || inTime, "who votes took part before the request");
        address owner = operator.owner;
        uint256 found;
        for (uint8 stage = 0; stage < STAGES; ++stage) {
            if (_known[id][stage][operatorId] || !registry.hasVoted(id, stage, operatorId)) continue;
            ++found;
            _must(!_ownerVoted[id][stage][owner], "an owner votes once on a stage, under whatever key");
            _known[id][stage][operatorId] = _ownerVoted[id][stage][owner] = true;
            _voters[id][stage].push(operatorId);
        }
        _must(found == accepted, "a vote that is accepted is the operator's first on that stage");
    }

    /// @dev Every bit of a choice is random, also where the runner likes small and known numbers.
    function _mix(uint256 seed) internal returns (uint256) {
        return uint256(keccak256(abi.encode(seed, ++_choices)));
    }

    function _must(bool good, string memory sentence) internal {
        if (!good && bytes(broken).length == 0) broken = sentence;
    }

    function _happened(string memory what) internal {
        ++happened[what];
    }

    // ---- the rules, once more

    function _due(
        uint256 id,
        bytes4 action,
        address caller,
        Snap memory before,
        Snap memory later
    ) private returns (Due memory due) {
        due.losses = new uint256[](later.stakes.length);
        due.credits[_indexOf(later.asked.requester)] += later.asked.refunded - before.asked.refunded;
        if (action == registry.resolve.selector) {
            _dueOfRuling(id, before, later, due);
        } else if (action == registry.refute.selector) {
            if (before.asked.challenged) due.credits[_indexOf(before.challenge.challenger)] += before.challenge.bond;
            _dueOfSlash(id, later.answered, caller, due);
        } else if (action == registry.cancel.selector) {
            _dueOfStageInProgress(id, before, due);
        } else {
            for (uint256 stage = before.asked.settled; stage < later.asked.settled; ++stage) {
                bool concluded = registry.getAnswer(id, uint8(stage)).answeredEpoch == 0;
                if (!concluded) _mustBeFinal(id, stage, before);
                due.fees += _share(
                    registry.agreeing(id, uint8(concluded ? stage - 1 : stage)),
                    concluded ? _awaitedFee(before, stage) : feeOfAnswer(id, stage),
                    due
                );
            }
        }
    }

    function _dueOfRuling(uint256 id, Snap memory before, Snap memory later, Due memory due) private view {
        uint256 bond = before.challenge.bond;
        uint8 stage = before.challenge.stage;
        uint256 challenger = _indexOf(before.challenge.challenger);
        if (later.challenge.ruling == IOracleChallenges.Ruling.Upheld) {
            due.credits[challenger] += bond;
            _dueOfSlash(id, stage, before.challenge.challenger, due);
        } else if (later.challenge.ruling == IOracleChallenges.Ruling.Rejected) {
            due.credits[ACCOUNTS - 1] += bond - _share(registry.agreeing(id, stage), bond, due);
        } else {
            uint256 spent;
            for (uint8 j = stage; j < before.answered; ++j) {
                spent += _share(registry.agreeing(id, j), feeOfAnswer(id, j), due);
            }
            due.credits[challenger] += bond - spent;
        }
    }

    function _dueOfSlash(uint256 id, uint256 stage, address beneficiary, Due memory due) private view {
        IOracleRequests.RequestView memory asked = registry.getRequest(id);
        uint256 slash = slashOf(asked.providerId, asked.version);
        address[] memory liars = registry.agreeing(id, uint8(stage));
        due.credits[_indexOf(beneficiary)] += liars.length * (slash / 2);
        due.credits[ACCOUNTS - 1] += liars.length * (slash - slash / 2);
        uint256[] storage voters = _voters[id][stage];
        for (uint256 i = 0; i < voters.length; ++i) {
            address owner = registry.getOperator(voters[i]).owner;
            for (uint256 j = 0; j < liars.length; ++j) {
                if (liars[j] == owner) due.losses[voters[i] - 1] = slash;
            }
        }
    }

    function _dueOfStageInProgress(uint256 id, Snap memory before, Due memory due) private view {
        if (before.answered > before.asked.settled) return;
        uint256 fee = _awaitedFee(before, before.answered);
        if (before.answered != 0) {
            due.fees += _share(registry.agreeing(id, uint8(before.answered - 1)), fee, due);
            return;
        }
        address[] memory atIt = new address[](_voters[id][0].length);
        if (atIt.length == 0) return;
        for (uint256 i = 0; i < atIt.length; ++i) atIt[i] = registry.getOperator(_voters[id][0][i]).owner;
        if (atIt.length < before.asked.quorum) fee = (fee * atIt.length) / before.asked.quorum;
        due.fees += _share(atIt, fee, due);
    }

    function _awaitedFee(Snap memory before, uint256 stage) private pure returns (uint256) {
        return before.asked.quorum * feeOfStage(before.asked.version, stage, before.asked.maxBytes >> 20);
    }

    /// @dev Equal shares; returns what is shared out.
    function _share(address[] memory owners, uint256 amount, Due memory due) private view returns (uint256) {
        for (uint256 i = 0; i < owners.length; ++i) due.credits[_indexOf(owners[i])] += amount / owners.length;
        return owners.length * (amount / owners.length);
    }

    // ---- holding it against the registry

    function _checkMoney(Snap memory before, Snap memory later, Due memory due) private {
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            _must(
                later.credits[i] == before.credits[i] + due.credits[i],
                "each account is credited what the rules say"
            );
        }
        for (uint256 i = 0; i < before.stakes.length; ++i) {
            _must(
                later.stakes[i] == before.stakes[i] - due.losses[i],
                "a lost vote costs its slash, and nothing else costs stake"
            );
        }
        uint256 sources = before.asked.escrow + before.pending + before.asked.refunded;
        uint256 targets = later.asked.escrow + later.pending + later.asked.refunded + due.fees;
        _must(sources == targets, "a request's fee is in escrow, pending, paid or refunded");
    }

    function _checkStates(uint256 id, bytes4 action, Snap memory before, Snap memory later) private {
        IOracleRequests.RequestState from = before.asked.state;
        IOracleRequests.RequestState to = later.asked.state;
        bool ruled = action == registry.resolve.selector || action == registry.refute.selector;
        bool rejected = action == registry.resolve.selector && _ruledRejected(later);
        bool undone = ruled && !rejected;
        bool wasOpen = from == IOracleRequests.RequestState.Open;
        bool canFall = from == IOracleRequests.RequestState.Answered || from == IOracleRequests.RequestState.Failed;
        if (!wasOpen && !(canFall && undone)) _must(to == from, "a request ends once");
        if (undone) _must(to != IOracleRequests.RequestState.Open, "a request with an undone answer is over");
        _must(undone || later.answered >= before.answered, "only a ruling takes an answer back");
        _must(later.asked.settled >= before.asked.settled, "what is settled stays settled");
        if (before.asked.challenged && !ruled) {
            _must(to == from && later.answered == before.answered, "nothing moves while a challenge is open");
        }
        if (later.asked.challenged && !before.asked.challenged) _checkChallenge(id, later);
    }

    function _ruledRejected(Snap memory later) private pure returns (bool) {
        return later.challenge.ruling == IOracleChallenges.Ruling.Rejected;
    }

    function _checkChallenge(uint256 id, Snap memory later) private {
        uint8 stage = later.challenge.stage;
        _must(!_wasChallenged[id][stage], "a stage is challenged once");
        _wasChallenged[id][stage] = true;
        uint256 atLeast = _pendingFrom(id, stage);
        if (atLeast < MIN_BOND) atLeast = MIN_BOND;
        _must(later.challenge.bond >= atLeast, "a bond covers the unsettled fees from its stage on");
        _must(stage >= later.asked.settled && stage < later.answered, "what is settled is not challenged");
        _must(block.number <= registry.getAnswer(id, stage).matureEpoch, "what is mature is not challenged");
    }

    function _mustBeFinal(uint256 id, uint256 stage, Snap memory before) private {
        if (before.asked.providerId == PLAIN) return;
        uint256 matureEpoch = registry.getAnswer(id, uint8(stage)).matureEpoch;
        _must(block.number > matureEpoch, "nothing is settled before it is mature");
        bool held = before.asked.challenged && matureEpoch >= before.challenge.openedEpoch;
        _must(!held, "nothing matures while a challenge is open");
    }

    // ---- reading

    function _snap(uint256 id) private view returns (Snap memory snap) {
        snap.asked = registry.getRequest(id);
        snap.challenge = registry.getChallenge(id);
        snap.answered = answeredOf(id);
        snap.pending = pendingOf(id);
        for (uint256 i = 0; i < ACCOUNTS; ++i) snap.credits[i] = registry.creditOf(account(i));
        snap.stakes = new uint256[](operatorCount);
        for (uint256 i = 0; i < snap.stakes.length; ++i) snap.stakes[i] = registry.getOperator(i + 1).stake;
    }

    function _pendingFrom(uint256 id, uint256 stage) private view returns (uint256 pending) {
        uint256 settled = registry.getRequest(id).settled;
        uint256 answered = answeredOf(id);
        for (uint256 j = stage < settled ? settled : stage; j < answered; ++j) pending += feeOfAnswer(id, j);
    }

    function _indexOf(address who) private view returns (uint256) {
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            if (account(i) == who) return i;
        }
        revert("nobody that plays here");
    }
}
