// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {EdgeJobs} from "../../../../contracts/oracle/EdgeJobs.sol";
import {EdgeProvider} from "../../../../contracts/oracle/EdgeProvider.sol";
import {FailReason} from "../../../../contracts/oracle/FailReason.sol";
import {IOracleProviders} from "../../../../contracts/oracle/IOracleProviders.sol";
import {IOracleRequests} from "../../../../contracts/oracle/IOracleRequests.sol";
import {OracleRegistry} from "../../../../contracts/oracle/OracleRegistry.sol";
import {RegistryExtension} from "../../../../contracts/oracle/RegistryExtension.sol";
import {StorageInsurance} from "../../../../contracts/oracle/samples/StorageInsurance.sol";
import {Forcing} from "../../helpers/ForcedSend.sol";
import {vm} from "../../helpers/Vm.sol";

/// @notice Everybody around a {StorageInsurance}, at random: it underwrites, it is the oracle's only operator and answers anything,
/// it checks; three accounts hold policies.
contract InsuranceHandler {
    OracleRegistry public immutable registry;
    StorageInsurance public immutable insurance;

    /// @notice All that came in for the underwriter and from holders, and all that was withdrawn, attoFIL.
    uint256 public paidIn;
    uint256 public paidOut;

    /// @notice How often a policy became PaidOut otherwise than by a removal in its cover, answered before its end.
    uint256 public wrongPayouts;
    mapping(StorageInsurance.PolicyState => uint256) public reached;

    address[3] private _holders = [address(0x1001), address(0x1002), address(0x1003)];
    uint256[] private _requests;
    mapping(uint256 id => uint256) private _policyOf;

    constructor() {
        vm.deal(address(this), type(uint128).max);
        registry = new OracleRegistry(new RegistryExtension(address(0xdead)));
        IOracleProviders.ProviderConfig memory config;
        config.quorum = 1;
        config.turnEpochs = 1;
        config.callbackGas = 1_000_000;
        config.jobs = new IOracleProviders.JobConfig[](1);
        config.jobs[0].job = EdgeJobs.STATUS;
        config.jobs[0].minDeadlineEpochs = 1;
        config.jobs[0].failureFee = 3;
        config.jobs[0].stages = new IOracleProviders.StageFee[](1);
        config.jobs[0].stages[0].base = 10;
        registry.registerProvider("edge", address(0), true, config, new address[](0));
        registry.join(1, address(this), "");
        vm.roll(block.number + 1);
        insurance = new StorageInsurance(new EdgeProvider(registry, 1), address(this));
    }

    receive() external payable {}

    // ---- what anybody can do

    function fund(uint64 amount) public {
        insurance.fund{value: amount}();
        paidIn += amount;
    }

    function release(uint256 amount) external {
        insurance.release(amount % (insurance.free() + 1));
    }

    function offer(uint256 seed, uint32 premium, uint64 payout) public {
        insurance.offer(_holders[seed % 3], uint64(seed % 5), premium, payout);
    }

    function revoke(uint256 seed) external {
        insurance.revoke(_policy(seed));
    }

    function buy(uint256 seed) external {
        _buy(_policy(seed));
    }

    function check(uint256 seed) external {
        _check(_policy(seed));
    }

    /// @notice Answers any question that was ever asked, with any state, and any end.
    function answer(uint256 seed, uint8 state, uint16 endsIn) external {
        _answer(_requests[seed % _requests.length], EdgeJobs.DealState(state % 5), block.number + endsIn);
    }

    function fail(uint256 seed) external {
        registry.reportFailure(_requests[seed % _requests.length], 0, FailReason.NotFound);
    }

    function refundTo(uint256 seed) external {
        insurance.refundTo(_requests[seed % _requests.length], payable(address(this)));
    }

    function expire(uint256 seed) external {
        uint256 policyId = _policy(seed);
        insurance.expire(policyId);
        ++reached[insurance.getPolicy(policyId).state];
    }

    function withdraw(uint256 seed) external {
        address account = seed % 4 == 3 ? address(this) : _holders[seed % 4];
        vm.prank(account);
        paidOut += insurance.withdraw(payable(account));
    }

    function force(uint64 amount) external {
        Forcing.send(address(insurance), amount);
    }

    function pass(uint256 seed) external {
        uint64[4] memory epochs = [1, 3000, insurance.WAITING_EPOCHS(), insurance.BEGIN_EPOCHS() + 1];
        vm.roll(block.number + epochs[seed % 4]);
    }

    // ---- the way to where money moves, which single calls seldom find

    /// @notice A policy that is bought and has waited.
    function insure(uint256 seed, uint32 premium, uint32 payout) public {
        fund(uint64(payout) + 1);
        offer(seed, premium, uint64(payout) + 1);
        _buy(insurance.policyCount());
        vm.roll(block.number + insurance.WAITING_EPOCHS());
    }

    function cover(uint256 seed, uint16 endsIn) public {
        _answer(_check(_policy(seed)), EdgeJobs.DealState.Active, block.number + endsIn);
    }

    /// @notice Removed, `waits` epochs after the question.
    function lose(uint256 seed, uint16 waits) public {
        uint256 id = _check(_policy(seed));
        vm.roll(block.number + (waits % 2000));
        _answer(id, EdgeJobs.DealState.Removed, 0);
    }

    // ---- sums

    function credits() external view returns (uint256 sum) {
        for (uint256 i = 0; i < 3; ++i) sum += insurance.creditOf(_holders[i]);
        return sum + insurance.creditOf(address(this));
    }

    function _policy(uint256 seed) private view returns (uint256) {
        return 1 + (seed % insurance.policyCount());
    }

    function _buy(uint256 policyId) private {
        StorageInsurance.Policy memory policy = insurance.getPolicy(policyId);
        vm.deal(policy.holder, policy.premium);
        vm.prank(policy.holder);
        insurance.buy{value: policy.premium}(policyId);
        paidIn += policy.premium;
    }

    function _check(uint256 policyId) private returns (uint256 id) {
        id = insurance.check{value: insurance.price()}(policyId);
        _requests.push(id);
        _policyOf[id] = policyId;
        vm.roll(block.number + 1);
    }

    function _answer(uint256 id, EdgeJobs.DealState state, uint256 endEpoch) private {
        uint256 policyId = _policyOf[id];
        StorageInsurance.Policy memory policy = insurance.getPolicy(policyId);
        EdgeJobs.StatusAnswer memory status;
        status.dealId = policy.dealId;
        status.state = state;
        status.endEpoch = int64(uint64(endEpoch));
        registry.report(id, 0, abi.encode(status));
        require(registry.getAnswer(id, 0).delivery == IOracleRequests.Delivery.Done, "not delivered");

        StorageInsurance.PolicyState result = insurance.getPolicy(policyId).state;
        if (result == policy.state) return;
        ++reached[result];
        bool lost =
            policy.state == StorageInsurance.PolicyState.Covered &&
                state == EdgeJobs.DealState.Removed &&
                block.number < policy.endEpoch;
        if ((result == StorageInsurance.PolicyState.PaidOut) != lost) ++wrongPayouts;
    }
}
