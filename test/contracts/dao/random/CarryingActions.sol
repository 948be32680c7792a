// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DaoRules} from "../../../../contracts/dao/DaoRules.sol";
import {Forcing} from "../../helpers/ForcedSend.sol";
import {ProposingActions} from "./ProposingActions.sol";
import {VotingActions} from "./VotingActions.sol";

/// @notice What passed is queued, executed, cancelled, or forgotten; by anybody.
abstract contract CarryingActions is ProposingActions, VotingActions {
    uint256 private _returns;

    function queue(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length != 0) _queue(_pick(seed));
    }

    function execute(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length != 0) _execute(_pick(seed), (seed >> 32) % 4 == 0 ? (seed >> 40) % 100 : 0);
    }

    function cancel(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length == 0) return;
        Made storage it = _made[_pick(seed)];
        IGovernor.ProposalState state = stateOf(_pick(seed));
        bool pending = state == IGovernor.ProposalState.Pending;
        address caller =
            (seed >> 32) % 3 == 0
                ? it.proposer
                : (seed >> 32) % 3 == 1
                    ? GUARDIAN
                    : account(seed >> 40);
        bool guards = caller == GUARDIAN && epoch <= guardedUntil && it.kind != Kind.Guard;
        bool over =
            state == IGovernor.ProposalState.Canceled ||
                state == IGovernor.ProposalState.Expired ||
                state == IGovernor.ProposalState.Executed;
        bool success = _call(caller, 0, address(dao), _payload(it, dao.cancel.selector));
        bool allowed = (caller == it.proposer && pending) || (guards && !over);
        _must(success == allowed, "a proposer cancels before the vote, the guardian in its time what is not over");
        if (!success) return;

        it.canceled = true;
        _free(it);
        _happened(caller == GUARDIAN ? "cancelled by the guardian" : "cancelled by its proposer");
    }

    function release(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length != 0) _release(_pick(seed));
    }

    /// @notice One step of a proposal that is open; a new one if none is.
    function advance(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        (bool some, uint256 i) = _open(seed);
        if (some) _step(i, seed >> 8);
        else _start(seed);
    }

    /// @notice All the way, as far as votes and rules let it go.
    function carry(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        (bool some, uint256 i) = _open(seed);
        if (!some || seed & 0x100 != 0) {
            i = _made.length;
            _start(seed);
        }
        for (; i < _made.length; ++i) {
            _steps(i, seed & 0x200 == 0 ? 4 : 2, seed); // up to its execution, or to its queue
        }
    }

    /// @notice A CID is kept; of two votes to drop it one is carried out; it is kept again before the other one's time comes.
    function keepAgain(uint256 seed) external acting(seed) {
        seed = _by(_mix(seed));
        if (_made.length + 4 > MAX_PROPOSALS) return;
        if (_keep(seed)) _steps(_made.length - 1, 3, seed);
        uint256 first = _made.length;
        _dropTwice(seed);
        if (_made.length != first + 2) return;
        _steps(first, 2, seed);
        _steps(first + 1, 2, seed);
        if (stateOf(first + 1) == IGovernor.ProposalState.Queued) _steps(first, 1, seed);
        if (_keep(seed)) _steps(_made.length - 1, 3, seed);
        _steps(first + 1, 1, seed);
    }

    /// @notice All that there is, promised twice: there is money for one of the two.
    function promiseTwice(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length + 2 > MAX_PROPOSALS) return;
        uint256 first = _made.length;
        _sendOf(_by(seed), held());
        _sendOf(_by(_mix(seed)), held());
        if (_made.length != first + 2) return;
        _steps(first, 2, seed);
        _steps(first + 1, 2, seed);
        if (seed & 0x100 == 0) _queue(first); // too late, or in vain once more
    }

    /// @notice What was queued is forgotten until its money is free again.
    function neglect(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        for (uint256 i = 0; i < _made.length; ++i) {
            if (!_made[i].earmarked) continue;
            _rollTo((_made[i].eta + DaoRules.EXECUTION_WINDOW_SECONDS) / SECONDS + (seed % 2));
            return _release(i);
        }
    }

    /// @notice Epochs, up to where something begins or ends, or days.
    function pass(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (seed % 8 == 0) _rollTo(epoch + ((seed >> 8) % 20_000));
        else if (seed % 2 == 0 || _made.length == 0) _rollTo(epoch + ((seed >> 8) % 12));
        else _rollTo(_edge(_made[_pick(seed >> 8)], seed >> 40));
        _happened("pass");
    }

    function _open(uint256 seed) private view returns (bool some, uint256 i) {
        uint256 count = _made.length;
        if (count == 0) return (false, 0);
        i = _pick(seed);
        for (uint256 n = 0; n < count; ++n) {
            if (_isOpen(i)) return (true, i);
            i = (i + 1) % count;
        }
    }

    function _start(uint256 seed) private {
        if (_made.length >= MAX_PROPOSALS) return;
        seed = _by(seed);
        uint256 kind = (seed >> 208) % 8;
        if (kind < 3) _keep(seed);
        else if (kind < 5) _dropTwice(seed);
        else if (kind < 6) _rule(seed);
        else _send(seed);
    }

    /// @dev The same once more, by another one, is too late when the first is carried out.
    function _dropTwice(uint256 seed) private {
        _drop(seed);
        _drop((seed & ~uint256(7)) | (((seed & 7) + 1) % MEMBERS));
    }

    /// @dev The proposer is a member.
    function _by(uint256 seed) private pure returns (uint256) {
        return (seed & ~uint256(7)) | ((seed >> 200) % MEMBERS);
    }

    function _steps(uint256 i, uint256 count, uint256 seed) private {
        for (uint256 n = 0; n < count; ++n) _step(i, _mix(seed));
    }

    function _step(uint256 i, uint256 seed) private {
        Made storage it = _made[i];
        IGovernor.ProposalState state = stateOf(i);
        if (state == IGovernor.ProposalState.Pending || state == IGovernor.ProposalState.Active) {
            bool late = seed % 4 == 0;
            _rollTo(late ? it.deadline : it.snapshot + 1);
            if (seed & 0x100000000 != 0) _submit(i, seed);
            for (; i < _made.length; ++i) {
                for (uint256 n = 0; n < MEMBERS; ++n) _vote(i, n, (seed >> (8 + 3 * n)) & 7 == 0 ? 0 : 1);
            }
            _rollTo(it.deadline + 1);
        } else if (state == IGovernor.ProposalState.Succeeded) {
            _queue(i);
        } else if (state == IGovernor.ProposalState.Queued) {
            _rollTo((it.eta + SECONDS - 1) / SECONDS);
            if (it.target == address(payee))
                _turn(seed, seed % 2 == 0 ? _payload(it, dao.execute.selector) : bytes(""));
            _execute(i, seed & 0x300000 == 0 ? 1 + ((seed >> 24) % 100) : 0);
            payee.become(false, address(0), "");
        }
    }

    /// @dev It refuses what it is paid, or comes back: to be paid the same again, or to absorb what is leaving.
    function _turn(uint256 seed, bytes memory again) internal {
        if (again.length != 0) payee.become((seed >> 40) % 2 == 0, address(dao), again);
        else payee.become((seed >> 40) % 2 == 0, address(treasury), abi.encodeCall(treasury.absorb, ()));
        _happened("payee's mood");
        if ((seed >> 48) % 2 == 0) _force((seed >> 56) % 1_000);
    }

    function _force(uint256 amount) internal {
        _money.forced += amount;
        Forcing.send(address(treasury), amount);
        _happened("force");
    }

    function _release(uint256 i) private {
        Made storage it = _made[i];
        bool allowed = it.earmarked && epoch * SECONDS > it.eta + DaoRules.EXECUTION_WINDOW_SECONDS;
        bool success = _call(address(0xfee), 0, address(treasury), abi.encodeCall(treasury.release, (operationOf(i))));
        _must(success == allowed, "an earmark is released once its time has passed, and once");
        if (!success) return;
        _free(it);
        _happened("release");
    }

    function _edge(Made storage it, uint256 seed) private view returns (uint256) {
        uint256 by = seed % 4 == 0 ? it.snapshot : it.deadline;
        if (seed % 4 == 2) by = it.deadline + DaoRules.QUEUE_WINDOW;
        if (seed % 4 == 3 && it.eta != 0) by = (it.eta + DaoRules.EXECUTION_WINDOW_SECONDS) / SECONDS;
        return by + ((seed >> 8) % 2);
    }

    function _queue(uint256 i) internal {
        Made storage it = _made[i];
        bool allowed = stateOf(i) == IGovernor.ProposalState.Succeeded && it.value <= free();
        bool short_ = stateOf(i) == IGovernor.ProposalState.Succeeded && it.value > free();
        bool success = _call(address(0xfee), 0, address(dao), _payload(it, dao.queue.selector));
        _must(success == allowed, "what passed is queued if there is money for it");
        if (short_) _happened(it.value > held() ? "treasury short" : "short by what is earmarked");
        if (!success) return;

        (it.eta, it.earmarked) = (epoch * SECONDS + TIMELOCK * SECONDS, true);
        _money.earmarked += it.value;
        _happened("queue");
    }

    function _execute(uint256 i, uint256 value) internal {
        Made storage it = _made[i];
        bool ripe = stateOf(i) == IGovernor.ProposalState.Queued && epoch * SECONDS >= it.eta;
        bool stale = it.kind == Kind.Drop && (!_collected[it.cid] || _keptBy[it.cid] > it.serial);
        bool refused = it.kind == Kind.Send && it.target == address(payee) && payee.refuses();
        bool success = _call(address(0xfee), value, address(dao), _payload(it, dao.execute.selector));
        if (!ripe || stale || refused) {
            _must(!success, "only what is queued, ripe and still makes sense is executed");
            if (!ripe) return;
            _happened(
                !stale
                    ? "payee refuses"
                    : _collected[it.cid]
                        ? "removal of what was kept again"
                        : "stale removal"
            );
            return;
        }
        if (it.kind != Kind.Settle && it.kind != Kind.Guard) _must(success, "what is ripe is executed, by anybody");
        if (!success) return _happened("rule refused");

        if (value != 0) _happened("money with an execution");
        ++it.executed;
        _money.deposited += value;
        _free(it);
        _book(it);
    }

    function _book(Made storage it) private {
        if (it.kind == Kind.Keep) {
            _must(!_collected[it.cid], "the same content is in the collection once");
            _money.funded += it.cost;
            (_collected[it.cid], _keptBy[it.cid]) = (true, it.serial);
            ++_entries;
            _happened(it.provider ? "kept for a provider" : "kept for a member");
        } else if (it.kind == Kind.Drop) {
            _collected[it.cid] = false;
            _happened("dropped");
        } else if (it.kind == Kind.Send) {
            if (it.target != address(treasury)) _money.paid += it.value;
            _bookReturn();
            _happened(it.target == address(treasury) ? "sent to itself" : "sent");
        } else {
            if (it.kind == Kind.Guard) (, guardedUntil) = dao.guardian();
            _happened(it.kind == Kind.Guard ? "guardian set" : "rule set");
        }
    }

    function _free(Made storage it) private {
        if (it.earmarked) _money.earmarked -= it.value;
        it.earmarked = false;
    }

    /// @dev The payee is of one call, which can only have been to absorb: of what else it asks nothing is possible meanwhile.
    function _bookReturn() private {
        if (payee.cameBack() == _returns) return;
        _returns = payee.cameBack();
        _must(_money.forced != 0, "who is paid can neither be paid again nor call deposit what is leaving");
        _money.deposited += _money.forced;
        _money.forced = 0;
        _happened("the payee absorbs");
    }

    function _payload(Made storage it, bytes4 selector) internal view returns (bytes memory) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls, bytes32 text) = _arrays(it);
        return abi.encodeWithSelector(selector, targets, values, calls, text);
    }
}
