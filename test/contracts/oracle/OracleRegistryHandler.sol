// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason, IOracleRegistry} from "../../../contracts/oracle/IOracleRegistry.sol";
import {OracleRegistry} from "../../../contracts/oracle/OracleRegistry.sol";
import {vm} from "../helpers/Vm.sol";
import {OrderedClient} from "./OrderedClient.sol";

/// @notice Does at random what requesters, operators and strangers can do, and keeps its own books about it.
abstract contract OracleRegistryHandler {
    uint8 public constant QUORUM = 2;
    uint256 public constant KEYS = 6;
    uint256 private constant MAX_REQUESTS = 3;
    uint256 private constant FIRST_EPOCH = 100;

    OracleRegistry public immutable registry = new OracleRegistry();
    OrderedClient[2] public clients;
    uint256 public requestCount;
    uint256 public forced;

    mapping(uint256 id => uint256) public feeOf;
    mapping(uint256 id => uint256) public paid;
    mapping(uint256 id => IOracleRegistry.RequestState) public ending;
    mapping(uint256 id => mapping(uint256 stage => mapping(uint256 operatorId => uint256))) public votes;
    mapping(uint256 id => mapping(uint256 stage => bytes)) private _answers;
    mapping(uint256 id => mapping(uint256 stage => uint256[])) private _voters;

    /// What must never have happened; set where it is seen.
    bool public votedTwice;
    bool public votedThoughLate;
    bool public endedTwice;
    bool public wentBack;
    bool public voteAndRefund;

    error Outcome(bool success);

    constructor() {
        vm.roll(FIRST_EPOCH);
        clients = [new OrderedClient(), new OrderedClient()];
        uint128[] memory fees = new uint128[](3);
        (fees[0], fees[1], fees[2]) = (10, 0, 6);
        IOracleRegistry.JobConfig[] memory jobs = new IOracleRegistry.JobConfig[](2);
        jobs[0] = IOracleRegistry.JobConfig(0, 2, false, fees);
        jobs[1] = IOracleRegistry.JobConfig(1, 2, true, fees);
        registry.registerProvider(IOracleRegistry.ProviderConfig("random", QUORUM, 0, 400_000, jobs));
        for (uint256 i = 0; i < 2 * QUORUM - 1; ++i) joinOrLeave(i);
        vm.roll(FIRST_EPOCH + 1);
    }

    function key(uint256 i) public pure returns (address) {
        return address(uint160(0x10000 + (i % KEYS)));
    }

    function votersOf(uint256 id, uint256 stage) external view returns (uint256[] memory) {
        return _voters[id][stage];
    }

    // ---- what can happen

    function joinOrLeave(uint256 i) public {
        address owner = key(i);
        uint256 operatorId = registry.operatorOf(owner);
        if (operatorId != 0) {
            vm.prank(owner);
            registry.leave(operatorId);
        } else {
            try registry.admit(1, owner) {} catch {}
            vm.prank(owner);
            registry.join(1, owner, "");
        }
    }

    function ask(uint256 seed) external {
        if (requestCount == MAX_REQUESTS) return;
        uint32 job = uint32(seed % 2);
        uint256 fee = registry.quote(1, job, 1);
        address client = address(clients[(seed >> 8) % 2]);
        vm.deal(client, client.balance + fee);
        vm.prank(client);
        uint256 id = registry.request{value: fee}(1, job, "", 1, uint64(block.number + 2 + ((seed >> 16) % 12)));
        requestCount = id;
        feeOf[id] = fee;
    }

    function vote(uint256 seed) external {
        (uint256 id, uint8 stage) = _pick(seed);
        bytes memory data = abi.encode((seed >> 16) % 2);
        _vote(seed, id, stage, abi.encodeCall(registry.report, (id, stage, data)), data);
    }

    function voteFailure(uint256 seed) external {
        (uint256 id, uint8 stage) = _pick(seed);
        FailReason reason = FailReason((seed >> 16) % 2);
        _vote(seed, id, stage, abi.encodeCall(registry.reportFailure, (id, stage, reason)), abi.encode(reason));
    }

    /// Everybody who can agrees: so that random runs get past the first stage.
    function voteTogether(uint256 seed) external {
        (uint256 id, uint8 stage) = _pick(seed);
        bytes memory data = abi.encode(0);
        for (uint256 i = 0; i < KEYS; ++i) {
            _vote((((seed >> 8) % KEYS) + i) << 8, id, stage, abi.encodeCall(registry.report, (id, stage, data)), data);
        }
    }

    function cancel(uint256 seed) external {
        (uint256 id, ) = _pick(seed);
        _act(id, registry.getRequest(id).requester, abi.encodeCall(registry.cancel, (id)));
    }

    function conclude(uint256 seed) external {
        (uint256 id, ) = _pick(seed);
        _act(id, registry.getRequest(id).requester, abi.encodeCall(registry.conclude, (id)));
    }

    function refund(uint256 seed) external {
        (uint256 id, ) = _pick(seed);
        _act(id, address(this), abi.encodeCall(registry.refund, (id)));
    }

    function deliver(uint256 seed) external {
        (uint256 id, ) = _pick(seed);
        uint8 stage = uint8((seed >> 8) % 3);
        _act(id, address(this), abi.encodeCall(registry.deliver, (id, stage, _answers[id][stage])));
    }

    function withdraw(uint256 seed) external {
        registry.withdrawFor(account(seed));
    }

    function force(uint256 amount) external {
        amount %= 1 ether;
        vm.deal(address(registry), address(registry).balance + amount);
        forced += amount;
    }

    function pass(uint256 epochs) external {
        vm.roll(block.number + 1 + (epochs % 5));
    }

    /// Tries a vote of every key and a refund at the same epoch, each undone again.
    function tryVoteAndRefund(uint256 seed) external {
        (uint256 id, uint8 stage) = _pick(seed);
        bool refundable = _wouldSucceed(address(this), abi.encodeCall(registry.refund, (id)));
        for (uint256 i = 0; i < KEYS; ++i) {
            bytes memory call = abi.encodeCall(registry.reportFailure, (id, stage, FailReason.NotFound));
            if (refundable && _wouldSucceed(key(i), call)) voteAndRefund = true;
        }
    }

    function dry(address caller, bytes calldata call) external {
        vm.prank(caller);
        (bool success, ) = address(registry).call(call);
        revert Outcome(success);
    }

    // ---- books

    /// All that can have a credit: the keys, then the clients.
    function account(uint256 i) public view returns (address) {
        i %= KEYS + 2;
        return i < KEYS ? key(i) : address(clients[i - KEYS]);
    }

    function operatorCredits() public view returns (uint256 sum) {
        for (uint256 i = 0; i < KEYS; ++i) sum += registry.creditOf(key(i));
    }

    function _pick(uint256 seed) private view returns (uint256 id, uint8 stage) {
        require(requestCount != 0, "nothing asked yet");
        id = 1 + (seed % requestCount);
        stage = registry.getRequest(id).stage;
    }

    function _vote(uint256 seed, uint256 id, uint8 stage, bytes memory call, bytes memory data) private {
        address reporter = key(seed >> 8);
        uint256 operatorId = registry.operatorOf(reporter);
        if (!_act(id, reporter, call)) return;

        if (registry.getOperator(operatorId).joinedEpoch >= registry.getRequest(id).requestedEpoch)
            votedThoughLate = true;
        if (++votes[id][stage][operatorId] > 1) votedTwice = true;
        _voters[id][stage].push(operatorId);
        if (registry.getAnswer(id, stage).answeredEpoch != 0) _answers[id][stage] = data;
    }

    /// Makes the call and books what it did to request `id`.
    function _act(uint256 id, address caller, bytes memory call) private returns (bool success) {
        uint256 credits = operatorCredits();
        uint8 stage = registry.getRequest(id).stage;

        vm.prank(caller);
        (success, ) = address(registry).call(call);

        IOracleRegistry.RequestView memory asked = registry.getRequest(id);
        paid[id] += operatorCredits() - credits;
        if (asked.stage < stage) wentBack = true;
        if (ending[id] != IOracleRegistry.RequestState.None && asked.state != ending[id]) endedTwice = true;
        if (asked.state != IOracleRegistry.RequestState.Open) ending[id] = asked.state;
    }

    function _wouldSucceed(address caller, bytes memory call) private returns (bool) {
        try this.dry(caller, call) {} catch (bytes memory result) {
            return keccak256(result) == keccak256(abi.encodeWithSelector(Outcome.selector, true));
        }
        return false;
    }
}
