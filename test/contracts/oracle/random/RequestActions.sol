// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason} from "../../../../contracts/oracle/FailReason.sol";
import {IOracleRequests} from "../../../../contracts/oracle/IOracleRequests.sol";
import {Forcing} from "../../helpers/ForcedSend.sol";
import {vm} from "../../helpers/Vm.sol";
import {MoodyClient} from "./MoodyClient.sol";
import {RegistryBooks} from "./RegistryBooks.sol";

/// @notice What requesters and voters do, and what anybody may do for them.
abstract contract RequestActions is RegistryBooks {
    uint256 internal constant MAX_REQUESTS = 4;

    function ask(uint256 seed) public {
        seed = _mix(seed);
        if (requestCount == MAX_REQUESTS) return;
        uint256 providerId = seed % 4 == 0 ? PLAIN : STAKED;
        uint32 job = uint32((seed >> 8) % 2);
        uint64 maxBytes = uint64(1 + ((seed >> 64) % (3 << 30)));
        address client = address(clients[(seed >> 16) % CLIENTS]);
        uint256 fee = registry.quote(providerId, job, maxBytes);
        uint64 deadline = uint64(block.number + 2 + ((seed >> 24) % ((seed >> 20) % 4 == 0 ? 40_000 : 50)));
        if (!_call(client, fee, abi.encodeCall(registry.request, (providerId, job, "", maxBytes, deadline)))) return;

        feeOf[++requestCount] = fee;
        _happened("ask");
        if (registry.getRequest(requestCount).version == 2) _happened("ask by version 2");
        if (seed & 0x80 != 0) _callEarly(requestCount, client);
    }

    function allowEarly(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        _callEarly(id, registry.getRequest(id).requester);
    }

    /// @notice One vote, of anybody, for one of two answers or two failures.
    function vote(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        uint64 deadline = registry.getRequest(id).deadlineEpoch;
        if ((seed >> 50) % 8 == 0 && block.number <= deadline) vm.roll(deadline + ((seed >> 53) % 2));
        _voteOnce(id, seed);
    }

    /// @notice Everybody says the same, so that runs get somewhere.
    function voteTogether(uint256 seed) external {
        seed = _mix(seed);
        _answerAwaited(_pick(seed), seed);
    }

    /// @notice A batch for one request: two stages, twice, and rubbish in between.
    function voteMany(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        address reporter = _key(seed >> 8);
        uint256 operatorId = registry.operatorOf(reporter);
        uint8 stage = registry.getRequest(id).stage;
        (bool ok, bytes memory data) = _opinion((seed >> 16) % 4);
        IOracleRequests.Report[] memory reports = new IOracleRequests.Report[](5);
        reports[0] = IOracleRequests.Report(id, stage, ok, data);
        reports[1] = IOracleRequests.Report(id, stage, ok, data);
        reports[2] = IOracleRequests.Report(id, stage, false, "rubbish");
        reports[3] = IOracleRequests.Report(id, stage + 1, true, data);
        reports[4] = IOracleRequests.Report(id + 1_000, 0, true, data);
        uint256 known = _votesOf(id, operatorId);
        if (!_act(id, reporter, 0, abi.encodeCall(registry.reportMany, (reports)))) return;

        uint256 accepted = _votesOf(id, operatorId) - known;
        _noteVotes(id, operatorId, accepted);
        if (accepted != 0) _happened("voteMany");
    }

    function cancel(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        if (seed & 0x300 != 0) return;
        if (_act(id, _requesterOrNot(seed, id), 0, abi.encodeCall(registry.cancel, (id)))) _happened("cancel");
    }

    function conclude(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        while (seed & 0x800 != 0 && registry.getRequest(id).stage < STAGES - 1 && _answerAwaited(id, seed)) {}
        _perhapsWait(seed);
        if (_act(id, _requesterOrNot(seed, id), 0, abi.encodeCall(registry.conclude, (id)))) _happened("conclude");
    }

    function refund(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        uint64 deadline = registry.getRequest(id).deadlineEpoch;
        if (seed & 0x7000 == 0 && block.number <= deadline) vm.roll(deadline + 1);
        if (_act(id, hotKey(seed), 0, abi.encodeCall(registry.refund, (id)))) _happened("refund");
    }

    function sync(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        _perhapsWait(seed);
        if (_act(id, hotKey(seed), 0, abi.encodeCall(registry.sync, (id)))) _happened("sync");
    }

    function deliver(uint256 seed) external {
        seed = _mix(seed);
        uint256 id = _pick(seed);
        if (seed & 0x800 != 0) _answerAwaited(id, seed);
        _perhapsWait(seed);
        uint8 stage = seed & 0x30000 == 0 ? uint8((seed >> 8) % STAGES) : _undelivered(id);
        uint256 taken = _taken();
        bytes memory data = _answer(id, stage);
        if (!_act(id, hotKey(seed), 0, abi.encodeCall(registry.deliver, (id, stage, data)))) return;

        _happened(_taken() > taken ? "deliver" : "deliver in vain");
    }

    function mood(uint256 seed) external {
        seed = _mix(seed);
        clients[seed % CLIENTS].setMood(MoodyClient.Mood((seed >> 8) % 4), seed & 0x10000 != 0);
        _happened("mood");
    }

    function withdraw(uint256 seed) external {
        seed = _mix(seed);
        address who = account(seed % ACCOUNTS);
        uint256 credit = registry.creditOf(who);
        uint256 balance = who.balance;
        if (!_call(hotKey(seed), 0, abi.encodeCall(registry.withdrawFor, (who)))) return;

        _must(credit != 0 && who.balance == balance + credit, "a withdrawal pays the credit");
        _must(registry.creditOf(who) == 0, "a credit is paid once");
        _happened("withdraw");
    }

    function force(uint256 amount) external {
        amount = _mix(amount);
        amount %= 1 ether;
        Forcing.send(address(registry), amount);
        forced += amount;
        _happened("force");
    }

    function pass(uint256 epochs) external {
        epochs = _mix(epochs);
        vm.roll(block.number + 1 + (epochs % 6));
        _happened("pass");
    }

    // ---- helpers

    function _pick(uint256 seed) internal returns (uint256) {
        if (requestCount == 0) ask(seed >> 3);
        require(requestCount != 0, "too few operators to ask");
        return 1 + (seed % requestCount);
    }

    function _voteOnce(uint256 id, uint256 seed) internal {
        (bool ok, bytes memory data) = _opinion((seed >> 16) % 4);
        _vote(id, _key(seed >> 8), registry.getRequest(id).stage, ok, data);
    }

    /// @dev All say the same on the stage that is awaited, but for the first one now and then; whether it was answered.
    function _answerAwaited(uint256 id, uint256 seed) internal returns (bool) {
        uint8 stage = registry.getRequest(id).stage;
        bool dissent = (seed >> 20) % 3 == 0;
        for (uint256 i = 0; i < KEYS + PLAIN_KEYS + HOT_KEYS; ++i) {
            (bool ok, bytes memory data) = _opinion(dissent ? 1 : ((seed >> 16) % 8 == 0 ? 2 : 0));
            if (_vote(id, _key((seed >> 8) + i), stage, ok, data)) dissent = false;
        }
        return registry.getAnswer(id, stage).answeredEpoch == block.number;
    }

    /// @dev Lets the window of what was answered last pass, every other time.
    function _perhapsWait(uint256 seed) internal {
        if (seed & 0x400 != 0) vm.roll(block.number + WINDOW_EPOCHS + 1);
    }

    /// @dev Whoever may be a reporter: owners, then hot keys.
    function _key(uint256 i) internal view returns (address) {
        i %= KEYS + PLAIN_KEYS + HOT_KEYS;
        return i < KEYS + PLAIN_KEYS ? account(i) : hotKey(i);
    }

    /// @dev The data of an answer, found again by its hash.
    function _answer(uint256 id, uint8 stage) internal view returns (bytes memory data) {
        bytes32 answerHash = registry.getAnswer(id, stage).answerHash;
        for (uint256 i = 0; i < 4; ++i) {
            bool ok;
            (ok, data) = _opinion(i);
            if (keccak256(abi.encode(ok, data)) == answerHash) return data;
        }
    }

    function _opinion(uint256 i) internal pure returns (bool ok, bytes memory data) {
        if (i < 2) return (true, abi.encode(i));
        return (false, abi.encode(FailReason(i - 2)));
    }

    function _vote(
        uint256 id,
        address reporter,
        uint8 stage,
        bool ok,
        bytes memory data
    ) private returns (bool accepted) {
        uint256 operatorId = registry.operatorOf(reporter);
        if (operatorId == 0) return false;
        bytes memory call =
            ok
                ? abi.encodeCall(registry.report, (id, stage, data))
                : abi.encodeCall(registry.reportFailure, (id, stage, abi.decode(data, (FailReason))));
        bool stillOpen = block.number <= registry.getRequest(id).deadlineEpoch;
        if (!_act(id, reporter, 0, call)) return false;

        _must(stillOpen, "nothing is voted after the deadline");
        _noteVotes(id, operatorId, 1);
        _happened(ok ? "vote" : "voteFailure");
        if (registry.getAnswer(id, stage).answeredEpoch == block.number) _happened(ok ? "answered" : "failed");
        return true;
    }

    function _callEarly(uint256 id, address client) private {
        if (_act(id, client, 0, abi.encodeCall(registry.allowEarly, (id)))) _happened("allowEarly");
    }

    function _votesOf(uint256 id, uint256 operatorId) private view returns (uint256 votes) {
        for (uint8 stage = 0; stage < STAGES; ++stage) {
            if (registry.hasVoted(id, stage, operatorId)) ++votes;
        }
    }

    /// @dev The stage whose callback is next.
    function _undelivered(uint256 id) private view returns (uint8 stage) {
        while (stage < STAGES - 1 && registry.getAnswer(id, stage).delivery == IOracleRequests.Delivery.Done) ++stage;
    }

    function _taken() private view returns (uint256 taken) {
        for (uint256 i = 0; i < CLIENTS; ++i) taken += clients[i].taken();
    }

    function _requesterOrNot(uint256 seed, uint256 id) private view returns (address) {
        return seed & 0x7000 == 0 ? hotKey(seed) : registry.getRequest(id).requester;
    }
}
