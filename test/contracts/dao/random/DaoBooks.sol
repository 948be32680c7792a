// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {DaoRules} from "../../../../contracts/dao/DaoRules.sol";
import {vm} from "../../helpers/Vm.sol";
import {DaoWorld} from "./DaoWorld.sol";

/// @notice Every action is booked a second time here, by the rules in words rather than by the contracts' code. What does not agree is the
/// first {broken} sentence.
abstract contract DaoBooks is DaoWorld {
    enum Kind {
        Keep,
        Drop,
        Send,
        Settle,
        Guard
    }

    /// @param cid Which of the CIDs it is about.
    /// @param cost What keeping it takes from the treasury, attoFIL.
    /// @param eta When it can be executed, seconds; 0: it was never queued.
    /// @param earmark Of it now, attoFIL.
    struct Made {
        uint256 id;
        Kind kind;
        address proposer;
        bool provider;
        bool canceled;
        bool earmarked;
        uint8 executed;
        uint256 cid;
        uint256 serial;
        uint256 snapshot;
        uint256 deadline;
        uint256 eta;
        uint256 cost;
        uint256 value;
        uint256[3] votes;
        address target;
        bytes data;
        string description;
    }

    struct Money {
        uint256 deposited;
        uint256 refunded;
        uint256 funded;
        uint256 paid;
        uint256 earmarked;
        uint256 forced;
    }

    string public broken;
    mapping(string what => uint256) public happened;
    Made[] internal _made;
    Money internal _money;
    mapping(uint256 proposalId => mapping(address => bool)) internal _voted;
    mapping(address => uint256) internal _lockedUntil;
    mapping(address => bool) internal _controls;
    /// @dev Of each CID: the last proposal to keep it + 1, the serial by which it is in the collection, whether it is.
    uint256[3] internal _lastKeep;
    uint256[3] internal _keptBy;
    bool[3] internal _collected;
    uint256 internal _entries;
    uint256 internal _serial;
    uint256 private _choices;

    modifier acting(uint256 seed) {
        if (address(dao) == address(0)) {
            _choose(seed & 1 == 1);
            _money.deposited = DEPOSIT;
            _money.forced = address(treasury).balance - DEPOSIT; // what was forced in stays there when a sequence is undone
            _controls[SP] = true;
        }
        vm.roll(epoch);
        vm.warp(epoch * SECONDS);
        _;
    }

    function madeCount() external view returns (uint256) {
        return _made.length;
    }

    function made(uint256 i) external view returns (Made memory) {
        return _made[i];
    }

    function money() external view returns (Money memory) {
        return _money;
    }

    function entries() external view returns (uint256) {
        return _entries;
    }

    /// @notice What the state must be.
    function stateOf(uint256 i) public view returns (IGovernor.ProposalState) {
        Made storage it = _made[i];
        if (it.executed != 0) return IGovernor.ProposalState.Executed;
        if (it.canceled) return IGovernor.ProposalState.Canceled;
        if (epoch <= it.snapshot) return IGovernor.ProposalState.Pending;
        if (epoch <= it.deadline) return IGovernor.ProposalState.Active;
        if (it.votes[1] <= it.votes[0] || !_reached(it)) return IGovernor.ProposalState.Defeated;
        bool expired =
            it.eta == 0
                ? epoch > it.deadline + DaoRules.QUEUE_WINDOW
                : epoch * SECONDS > it.eta + DaoRules.EXECUTION_WINDOW_SECONDS;
        if (expired) return IGovernor.ProposalState.Expired;
        return it.eta == 0 ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Queued;
    }

    /// @notice Weight of all at the snapshot.
    function supplyOf(uint256 i) public view returns (uint256) {
        return membership.getPastTotalSupply(_made[i].snapshot);
    }

    function free() public view returns (uint256) {
        return held() - _money.earmarked;
    }

    function held() public view returns (uint256) {
        return _money.deposited + _money.refunded - _money.funded - _money.paid;
    }

    function _reached(Made storage it) internal view returns (bool) {
        uint256 present = it.votes[1] + it.votes[2];
        return present * 100 >= membership.getPastTotalSupply(it.snapshot) * dao.quorumNumerator(it.snapshot);
    }

    function _isOpen(uint256 i) internal view returns (bool) {
        IGovernor.ProposalState state = stateOf(i);
        return
            state != IGovernor.ProposalState.Canceled &&
            state != IGovernor.ProposalState.Defeated &&
            state != IGovernor.ProposalState.Expired &&
            state != IGovernor.ProposalState.Executed;
    }

    /// @dev Whether this ballot may count, weight included.
    function _mayCount(uint256 i, address voter, uint8 support) internal view returns (bool) {
        return _wouldCount(i, voter, support) && !(_made[i].provider && support != 0 && _controls[voter]);
    }

    /// @dev Whether it would count if the voter had nothing to do with the provider.
    function _isBarred(uint256 i, address voter, uint8 support) internal view returns (bool) {
        return _wouldCount(i, voter, support) && !_mayCount(i, voter, support);
    }

    function _wouldCount(uint256 i, address voter, uint8 support) private view returns (bool) {
        Made storage it = _made[i];
        if (stateOf(i) != IGovernor.ProposalState.Active || support > 2) return false;
        if (_voted[it.id][voter] || voter == it.proposer) return false;
        return membership.getPastVotes(voter, it.snapshot) != 0;
    }

    function _count(uint256 i, address voter, uint8 support) internal {
        Made storage it = _made[i];
        bool before = _reached(it);
        it.votes[support] += membership.getPastVotes(voter, it.snapshot);
        _voted[it.id][voter] = true;
        _happened("vote");
        if (before || !_reached(it) || epoch + LATE <= it.deadline) return;

        it.deadline = epoch + LATE;
        _happened("late quorum");
    }

    function _arrays(
        Made storage it
    ) internal view returns (address[] memory targets, uint256[] memory values, bytes[] memory calls, bytes32 text) {
        (targets, values, calls) = (new address[](1), new uint256[](1), new bytes[](1));
        (targets[0], values[0], calls[0]) = (it.target, it.value, it.data);
        text = keccak256(bytes(it.description));
    }

    function operationOf(uint256 i) public view returns (bytes32) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls, bytes32 text) = _arrays(_made[i]);
        return treasury.hashOperationBatch(targets, values, calls, 0, bytes20(address(dao)) ^ text);
    }

    function _call(address from, uint256 value, address to, bytes memory data) internal returns (bool success) {
        vm.deal(from, from.balance + value);
        vm.prank(from);
        (success, ) = to.call{value: value}(data);
        if (!success) vm.deal(from, from.balance - value);
    }

    function _rollTo(uint256 until) internal {
        if (until > epoch) epoch = until;
        vm.roll(epoch);
        vm.warp(epoch * SECONDS);
    }

    /// @dev Most calls are about one of the last two proposals.
    function _pick(uint256 seed) internal view returns (uint256) {
        uint256 count = _made.length;
        return seed % 4 == 0 ? (seed >> 8) % count : count - 1 - ((seed >> 8) % (count < 2 ? count : 2));
    }

    /// @dev The runner likes small numbers and repeats itself.
    function _mix(uint256 seed) internal returns (uint256) {
        return uint256(keccak256(abi.encode(seed, ++_choices)));
    }

    function _must(bool holds, string memory sentence) internal {
        if (!holds && bytes(broken).length == 0) broken = sentence;
    }

    function _happened(string memory what) internal {
        ++happened[what];
    }
}
