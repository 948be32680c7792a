// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {OracleRegistry} from "../../../contracts/oracle/OracleRegistry.sol";
import {IOracleRequests} from "../../../contracts/oracle/IOracleRequests.sol";
import {IPerpetualOrders} from "../../../contracts/perpetual/IPerpetualOrders.sol";
import {PerpetualStorage} from "../../../contracts/perpetual/PerpetualStorage.sol";
import {IPinningRequests} from "../../../contracts/pinning/IPinningRequests.sol";
import {PinningRequests} from "../../../contracts/pinning/PinningRequests.sol";
import {LocalActors} from "../helpers/LocalActors.sol";
import {vm} from "../helpers/Vm.sol";
import {FailingMarketHandler} from "./FailingMarketHandler.sol";

/// @dev The runner calls only contracts that this file defines.
contract Handler is FailingMarketHandler {}

/// @notice What holds whatever anybody does in whatever order.
contract PinningRequestsInvariantTest {
    FailingMarketHandler private _handler;
    PinningRequests private _pinning;
    OracleRegistry private _registry;

    function setUp() external {
        _handler = new Handler();
        _pinning = _handler.pinning();
        _registry = _handler.registry();
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
        require(_rewards() + _credits() == _pinning.liabilities(), "rewards + credits != liabilities");
    }

    /// @notice What was ever credited is no more than what was promised and what the registry gave back.
    function invariant_nothingIsBookedTwice() external view {
        require(_given() <= _handler.promised() + _refunded(), "booked more than there was");
    }

    /// @notice What is recorded here as final is so in the registry, or ended here; what the registry undid shows so at once.
    function invariant_statesFollowTheRegistry() external view {
        for (uint256 i = 0; i < _handler.requestCount(); ++i) {
            uint256 id = _handler.ids(i);
            IPinningRequests.State state = _pinning.getRequest(id).state;
            IOracleRequests.RequestState asked = _registry.getRequest(id).state;
            require(
                (asked == IOracleRequests.RequestState.Refuted) == (state == IPinningRequests.State.Refuted),
                "Refuted in one place only"
            );
            require(
                (asked == IOracleRequests.RequestState.Undecided) == (state == IPinningRequests.State.Undecided),
                "Undecided in one place only"
            );
            bool answered = asked == IOracleRequests.RequestState.Answered;
            if (_handler.escrowOf(id) == 0)
                require(answered == (state == IPinningRequests.State.Stored), "Stored in one place only");
            else if (state == IPinningRequests.State.Packed || state == IPinningRequests.State.Ordered)
                require(answered, "Packed without an answer");
        }
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
            uint256 id = _handler.ids(i);
            IPinningRequests.RequestView memory r = _pinning.getRequest(id);
            bool all = r.proven == r.replicas;
            require(all == (r.state == IPinningRequests.State.Stored), "Stored without all replicas");
            if (r.state == IPinningRequests.State.Storing) require(r.proven > 0, "Storing nothing");
            if (r.state == IPinningRequests.State.Cancelled) require(r.proven == 0, "cancelled with a deal");
            uint256 unproven = (r.replicas - r.proven) * r.rewardPerReplica + _handler.escrowOf(id);
            bool over = r.state > IPinningRequests.State.Stored;
            require(r.reward == unproven || (over && r.reward == 0), "another reward than of the rest");
            if (_handler.escrowOf(id) != 0) require(r.proven == 0, "a deal counts for an order");
        }
    }

    /// @notice What became an order is the requester's there, to the attoFIL, and once.
    function invariant_ordersHaveTheirMoney() external view {
        PerpetualStorage perpetual = _handler.perpetual();
        require(perpetual.orderCount() == _handler.orders(), "an order that nobody opened");
        require(perpetual.liabilities() == _handler.ordered(), "the orders began with something else");
        require(address(perpetual).balance == _handler.ordered(), "money without an order");
        for (uint256 i = 0; i < _handler.requestCount(); ++i) {
            uint256 id = _handler.ids(i);
            uint256 orderId = _pinning.perpetualTermsOf(id).orderId;
            IPinningRequests.RequestView memory r = _pinning.getRequest(id);
            require((orderId != 0) == (r.state == IPinningRequests.State.Ordered), "Ordered without an order");
            if (orderId == 0) continue;
            IPerpetualOrders.OrderView memory order = perpetual.getOrder(orderId);
            require(order.client == r.requester, "another client");
            require(order.free == _handler.escrowOf(id), "another deposit");
        }
    }

    /// @notice When time is up, everything can be taken out by anyone, without operator, owner, arbiter or actor: all that was
    /// promised and given back, each attoFIL once.
    function invariant_everythingCanBeTakenOut() external {
        uint256 epoch = _handler.epoch();
        for (uint256 i = 0; i < _handler.requestCount(); ++i) {
            uint256 id = _handler.ids(i);
            epoch = _max(epoch, _registry.getChallenge(id).deadlineEpoch);
            epoch = _max(epoch, _pinning.getRequest(id).deadlineEpoch);
        }
        vm.roll(epoch + 1);
        for (uint256 i = 0; i < _handler.requestCount(); ++i) {
            uint256 id = _handler.ids(i);
            if (_registry.getChallenge(id).open) _registry.resolve(id);
            try _pinning.refund(id) {} catch {}
            _orderAtLast(id);
        }
        require(_given() == _handler.promised() + _refunded(), "something is not booked");
        for (uint256 i = 0; i < 3; ++i) {
            try _pinning.withdrawFor(_handler.requesters(i)) {} catch {}
            try _pinning.withdrawFor(_handler.operators(i)) {} catch {}
        }
        require(_pinning.liabilities() == 0, "something stays");
        require(_registry.creditOf(address(_pinning)) == 0, "something is not drawn");
        require(address(_pinning).balance == _handler.forced(), "something is lost");
    }

    /// @dev The answers that are final are brought, and the order is opened, where there is one to open.
    function _orderAtLast(uint256 id) private {
        if (_registry.getRequest(id).state != IOracleRequests.RequestState.Answered) return;
        for (uint8 stage = 0; stage < 2; ++stage) {
            uint256 matureEpoch = _registry.getAnswer(id, stage).matureEpoch;
            if (block.number <= matureEpoch) vm.roll(matureEpoch + 1);
            try _pinning.sync(id, stage, _handler.answerData(stage, _handler.pieceOf(id))) {} catch {}
        }
        try _pinning.openOrder(id) {} catch {}
    }

    /// @dev What is here or was taken from here, attoFIL.
    function _given() private view returns (uint256) {
        return _rewards() + _credits() + _handler.withdrawn() + _handler.perpetual().liabilities();
    }

    function _rewards() private view returns (uint256 sum) {
        for (uint256 i = 0; i < _handler.requestCount(); ++i) sum += _pinning.getRequest(_handler.ids(i)).reward;
    }

    function _credits() private view returns (uint256 sum) {
        for (uint256 i = 0; i < 3; ++i) {
            sum += _pinning.creditOf(_handler.requesters(i)) + _pinning.creditOf(_handler.operators(i));
        }
    }

    function _refunded() private view returns (uint256 sum) {
        for (uint256 i = 0; i < _handler.requestCount(); ++i) sum += _registry.getRequest(_handler.ids(i)).refunded;
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
