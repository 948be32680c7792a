// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IPinningRequests} from "../../../contracts/pinning/IPinningRequests.sol";
import {PinningRequests} from "../../../contracts/pinning/PinningRequests.sol";
import {LocalActors} from "../helpers/LocalActors.sol";
import {vm} from "../helpers/Vm.sol";
import {PinningHandler} from "./PinningHandler.sol";

/// @dev The runner calls only contracts that this file defines.
contract Handler is PinningHandler {}

/// @notice What holds whatever anybody does in whatever order.
contract PinningRequestsInvariantTest {
    PinningHandler private _handler;
    PinningRequests private _pinning;

    function setUp() external {
        _handler = new Handler();
        _pinning = _handler.pinning();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice The balance covers rewards and credits, forced value or not.
    function invariant_balanceCoversLiabilities() external view {
        require(address(_pinning).balance >= _pinning.liabilities(), "balance < liabilities");
    }

    /// @notice Liabilities are the rewards of unproven replicas and the credits of accounts, to the attoFIL.
    function invariant_liabilitiesAreRewardsAndCredits() external view {
        uint256 sum = 0;
        for (uint256 i = 0; i < _handler.requestCount(); ++i) sum += _pinning.getRequest(_handler.ids(i)).reward;
        for (uint256 i = 0; i < 3; ++i) {
            sum += _pinning.creditOf(_handler.requesters(i)) + _pinning.creditOf(_handler.operators(i));
        }
        require(sum == _pinning.liabilities(), "rewards + credits != liabilities");
    }

    /// @notice No proof counts that fails a check by the handler's own record.
    function invariant_onlyGoodDealsCount() external view {
        require(_handler.wronglyAccepted() == 0, "a deal counts that must not");
    }

    /// @notice A request's deals and providers are distinct, all of market 5, and each was shown and checked.
    function invariant_dealsOfARequestAreDistinct() external view {
        for (uint256 i = 0; i < _handler.requestCount(); ++i) {
            uint256 id = _handler.ids(i);
            IPinningRequests.ProvenDeal[] memory deals = _pinning.dealsOf(id);
            require(deals.length == _handler.acceptedCount(id), "a deal that nobody showed");
            for (uint256 a = 0; a < deals.length; ++a) {
                require(deals[a].marketActorId == LocalActors.MARKET, "another market");
                require(_handler.accepted(id, deals[a].dealId), "a deal that was not checked");
                for (uint256 b = 0; b < a; ++b) {
                    require(deals[a].dealId != deals[b].dealId, "a deal counts twice");
                    require(deals[a].providerId != deals[b].providerId, "a provider counts twice");
                }
            }
        }
    }

    /// @notice Stored is all replicas, Storing some; what is held is the reward of the rest, until it is given back.
    function invariant_statesFollowTheDeals() external view {
        for (uint256 i = 0; i < _handler.requestCount(); ++i) {
            IPinningRequests.RequestView memory r = _pinning.getRequest(_handler.ids(i));
            bool all = r.proven == r.replicas;
            require(all == (r.state == IPinningRequests.State.Stored), "Stored without all replicas");
            if (r.state == IPinningRequests.State.Storing) require(r.proven > 0, "Storing nothing");
            if (r.state == IPinningRequests.State.Cancelled) require(r.proven == 0, "cancelled with a deal");
            uint256 unproven = (r.replicas - r.proven) * r.rewardPerReplica;
            bool over = r.state > IPinningRequests.State.Stored;
            require(r.reward == unproven || (over && r.reward == 0), "another reward than of the rest");
        }
    }

    /// @notice When time is up, everything can be taken out by anyone, without operator, owner or actor.
    function invariant_everythingCanBeTakenOut() external {
        uint256 epoch = _handler.epoch();
        for (uint256 i = 0; i < _handler.requestCount(); ++i) {
            uint256 deadline = _pinning.getRequest(_handler.ids(i)).deadlineEpoch;
            if (deadline >= epoch) epoch = deadline + 1;
        }
        vm.roll(epoch);
        for (uint256 i = 0; i < _handler.requestCount(); ++i) {
            try _pinning.refund(_handler.ids(i)) {} catch {}
        }
        for (uint256 i = 0; i < 3; ++i) {
            try _pinning.withdrawFor(_handler.requesters(i)) {} catch {}
            try _pinning.withdrawFor(_handler.operators(i)) {} catch {}
        }
        require(_pinning.liabilities() == 0, "something stays");
    }
}
