// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {StorageInsurance} from "../../../../contracts/oracle/samples/StorageInsurance.sol";
import {InsuranceHandler} from "./InsuranceHandler.sol";

/// @dev The runner calls only contracts that this file defines.
contract Handler is InsuranceHandler {}

/// @notice What holds of the insurance's money whatever anybody does in whatever order.
contract StorageInsuranceInvariantTest {
    InsuranceHandler private _handler;
    StorageInsurance private _insurance;

    function setUp() external {
        _handler = new Handler();
        _insurance = _handler.insurance();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice The balance covers all that rests here for others, forced value or not.
    function invariant_balanceCoversLiabilities() external view {
        require(address(_insurance).balance >= _insurance.liabilities(), "balance < liabilities");
    }

    /// @notice Liabilities are the free pool, the payouts and premiums of live policies, and the credits, to the attoFIL.
    function invariant_everyAttoFilIsSomebodys() external view {
        require(
            _insurance.free() + _held() + _handler.credits() == _insurance.liabilities(),
            "free + held + credits != liabilities"
        );
    }

    /// @notice What came in is here or was withdrawn: nothing is paid twice, nothing vanishes.
    function invariant_whatCameInIsHereOrWithdrawn() external view {
        require(_handler.paidIn() == _insurance.liabilities() + _handler.paidOut(), "in != here + out");
    }

    /// @notice A policy is paid out by a removal in its cover that was answered before its end, always and by nothing else.
    function invariant_onlyLossesArePaidOut() external view {
        require(_handler.wrongPayouts() == 0, "paid out wrongly, or not at all");
    }

    /// @notice Random calls prove nothing where they never get: the handler's ways lead to every end of a policy.
    function test_everyEndIsReached() external {
        _handler.insure(0, 70, 5_000);
        _handler.cover(0, 1_000);
        _handler.lose(0, 10);
        _handler.insure(1, 70, 5_000);
        _handler.lose(1, 10);
        require(_handler.reached(StorageInsurance.PolicyState.Covered) == 1, "no cover");
        require(_handler.reached(StorageInsurance.PolicyState.PaidOut) == 1, "no payout");
        require(_handler.reached(StorageInsurance.PolicyState.Over) == 1, "no refusal");
        require(_handler.paidIn() == 2 * (5_001 + 70), "other money");
    }

    function _held() private view returns (uint256 sum) {
        for (uint256 policyId = 1; policyId <= _insurance.policyCount(); ++policyId) {
            StorageInsurance.Policy memory policy = _insurance.getPolicy(policyId);
            bool bought =
                policy.state == StorageInsurance.PolicyState.Waiting ||
                    policy.state == StorageInsurance.PolicyState.Covered;
            if (bought) sum += policy.premium;
            if (bought || policy.state == StorageInsurance.PolicyState.Offered) sum += policy.payout;
        }
    }
}
