// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleChallenges} from "../../../../contracts/oracle/IOracleChallenges.sol";
import {IOracleRequests} from "../../../../contracts/oracle/IOracleRequests.sol";
import {vm} from "../../helpers/Vm.sol";
import {RequestActions} from "./RequestActions.sol";

/// @notice What challengers do, and an arbiter and evidence of any mood.
abstract contract ChallengeActions is RequestActions {
    /// @dev None to Silent, four kinds of failure, and Rejected and Upheld twice more.
    uint256 private constant MOODS = 12;

    /// @notice By anybody: a stranger, a requester, an operator itself; with a bond about as high as it must be.
    function challenge(uint256 seed) external {
        seed = _mix(seed);
        _challenge(_pick(seed), seed);
    }

    function resolve(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        if (!registry.getRequest(id).challenged && seed & 0x1800 != 0) _challenge(id, seed);
        vm.roll(block.number + (seed & 0x7000 == 0 ? RULING_EPOCHS + 1 : (seed >> 41) % RULING_EPOCHS));
        uint8 stage = registry.getChallenge(id).stage;
        _resolve(id, seed);
        if (seed & 0x8000 != 0) _challengeStage(id, stage, seed); // what was rejected is challenged again
    }

    function refute(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        if (seed & 0x800 != 0) _answerAwaited(id, seed);
        _refute(id, seed);
    }

    /// @dev Now and then of what was answered just now, with a vote on the next stage; now and then one epoch too late.
    function _challenge(uint256 id, uint256 seed) private {
        for (uint256 i = 0; i < 1 + ((seed >> 12) % 2); ++i) _answerAwaited(id, seed);
        if ((seed >> 36) % 2 == 0) _voteOnce(id, seed >> 3);
        uint8 stage = _unsettled(id, seed >> 8);
        uint64 matureEpoch = registry.getAnswer(id, stage).matureEpoch;
        if ((seed >> 37) % 4 == 0 && block.number <= matureEpoch) vm.roll(matureEpoch + ((seed >> 39) % 2));
        _challengeStage(id, stage, seed);
    }

    function _challengeStage(uint256 id, uint8 stage, uint256 seed) private {
        address challenger = account((seed >> 16) % (ACCOUNTS - 1));
        uint256 bond = registry.bondFor(id, stage) + ((seed >> 24) % 8) - ((seed >> 32) % 4 == 0 ? 1 : 0);
        if (!_act(id, challenger, bond, abi.encodeCall(registry.challenge, (id, stage, "")))) return;

        _happened("challenge");
        if (stage + 1 < answeredOf(id)) _happened("challenge of an earlier stage");
    }

    function _resolve(uint256 id, uint256 seed) private {
        uint256 mood = _judgeInMood(seed);
        IOracleChallenges.ChallengeView memory open = registry.getChallenge(id);
        uint256 cancellations = _cancellations();
        if (!_act(id, hotKey(seed), 0, abi.encodeCall(registry.resolve, (id)))) return;

        bool late = block.number > open.deadlineEpoch;
        IOracleChallenges.Ruling ruling = registry.getChallenge(id).ruling;
        if (late) _must(ruling == IOracleChallenges.Ruling.Silent, "no ruling counts after its deadline");
        else _must(mood == uint256(ruling) && mood < 3, "only Upheld and Rejected are rulings");
        if (ruling == IOracleChallenges.Ruling.Upheld) _happened("upheld");
        if (ruling == IOracleChallenges.Ruling.Rejected) _happened("rejected");
        if (ruling == IOracleChallenges.Ruling.Silent) _happened("silent");
        if (_cancellations() > cancellations) _happened("told of an undone answer");
    }

    function _refute(uint256 id, uint256 seed) private {
        uint8 stage = _unsettled(id, seed >> 8);
        uint256 mood = _judgeInMood(seed);
        address caller = account((seed >> 20) % (ACCOUNTS - 1));
        bool wasOk = registry.getAnswer(id, stage).ok;
        bytes memory data = _answer(id, stage);
        if (!_act(id, caller, 0, abi.encodeCall(registry.refute, (id, stage, data)))) return;

        _must(mood == 1 && wasOk, "only what the evidence shows is refuted");
        _must(registry.getRequest(id).state != IOracleRequests.RequestState.Open, "a refuted request is over");
        _happened("refute");
    }

    function _judgeInMood(uint256 seed) private returns (uint256 mood) {
        mood = (seed >> 45) % MOODS;
        if (mood > 7) mood = 1 + (mood % 2);
        else if (mood > 3) mood += judge.REVERT() - 4;
        judge.setMood(mood);
    }

    /// @dev A stage that is answered and not settled, if there is one, three times in four; otherwise any.
    function _unsettled(uint256 id, uint256 seed) private view returns (uint8) {
        uint256 settled = registry.getRequest(id).settled;
        uint256 answered = answeredOf(id);
        if (seed % 4 == 0 || settled >= answered) return uint8((seed >> 2) % STAGES);
        return uint8(settled + ((seed >> 2) % (answered - settled)));
    }

    function _cancellations() private view returns (uint256 count) {
        for (uint256 i = 0; i < CLIENTS; ++i) count += clients[i].cancellations();
    }
}
