// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {PieceCid} from "../../../../contracts/filecoin/PieceCid.sol";
import {IDaoTreasury} from "../../../../contracts/dao/IDaoTreasury.sol";
import {CidProposal, StorageKind, StorageTerms} from "../../../../contracts/dao/StorageTerms.sol";
import {MemberBadge} from "../../../../contracts/dao/MemberBadge.sol";
import {WeightToken} from "../../../../contracts/dao/WeightToken.sol";
import {EdgeJobs} from "../../../../contracts/oracle/EdgeJobs.sol";
import {TwoPieceAggregate} from "../../helpers/TwoPieceAggregate.sol";
import {DaoBooks} from "./DaoBooks.sol";

/// @notice What is put to the vote: CIDs of members and of the storage provider, removals, payments, members, rules, the guardian; and what
/// must not be.
abstract contract ProposingActions is DaoBooks {
    uint256 internal constant MAX_PROPOSALS = 8;
    uint64 private constant SIZE = 100; // one of the pieces holds it
    uint64 private constant MIN_ORDER_TERM = 518_400;

    function proposeKeep(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length >= MAX_PROPOSALS) return;
        _keep(seed);
    }

    function proposeDrop(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length >= MAX_PROPOSALS) return;
        _drop(seed);
        if (seed & 0x1000 != 0) _drop(seed + 1); // the same once more, by another one
    }

    function proposeSend(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length < MAX_PROPOSALS) _send(seed);
    }

    function proposeRule(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length < MAX_PROPOSALS) _rule(seed);
    }

    /// @notice To keep or to drop, or to touch the collection, without the rules of CIDs.
    function proposeReserved(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        CidProposal memory proposal = CidProposal(1, account(seed), 0, SIZE, cidOf(0, false), _terms(seed, false));
        bytes[3] memory calls = [
            abi.encodeCall(IDaoTreasury.keep, (proposal)),
            abi.encodeCall(IDaoTreasury.drop, (type(uint256).max, cidOf(0, false), "")),
            abi.encodeCall(collection.add, (proposal, 1))
        ];
        uint256 which = (seed >> 8) % 3;
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory data = new bytes[](1);
        (targets[0], data[0]) = (which == 2 ? address(collection) : address(treasury), calls[which]);
        bool success = _call(account(seed), 0, address(dao), abi.encodeCall(dao.propose, (targets, values, data, "")));
        _must(!success, "reserved calls are not put to the vote");
        (success, ) = targets[0].call(data[0]);
        _must(!success, "reserved calls are the treasury's own");
    }

    /// @notice The same CID in the versions that it has.
    function cidOf(uint256 which, bool version0) public pure returns (bytes memory) {
        bytes32 digest = keccak256(abi.encode("cid", which));
        return version0 ? abi.encodePacked(hex"1220", digest) : abi.encodePacked(hex"01701220", digest);
    }

    function _drop(uint256 seed) internal {
        uint256 which = _wanted(seed >> 8);
        for (uint256 n = 0; n < 2 && !_collected[which] && seed & 0x20000000 != 0; ++n) which = (which + 1) % 3;
        address proposer = account(seed);
        bool allowed = _mayPropose(proposer) && _collected[which];
        bytes memory cid = cidOf(which, seed & 0x100 != 0);
        string memory reason = Strings.toString(_made.length);
        bool success = _call(proposer, 0, address(dao), abi.encodeCall(dao.proposeRemoval, (cid, reason)));
        _must(success == allowed, "a member may propose to drop what is in the collection, and nobody else");
        if (!success) return;

        bytes memory data = abi.encodeCall(IDaoTreasury.drop, (++_serial, cid, reason));
        Made storage it = _push(Kind.Drop, proposer, address(treasury), 0, data, reason);
        (it.cid, it.serial) = (which, _serial);
        _happened("removal proposed");
    }

    function _rule(uint256 seed) internal {
        uint256 kind = (seed >> 8) % 6;
        address[] memory who = new address[](1);
        who[0] = account(seed >> 16);
        if (kind < 2) {
            bytes memory call = abi.encodeCall(dao.setGuardian, (GUARDIAN, uint64(epoch + ((seed >> 32) % GUARDED))));
            _propose(seed, Kind.Guard, address(dao), 0, call);
        } else if (kind == 2) {
            bytes memory call = abi.encodeCall(dao.updateQuorumNumerator, ((seed >> 32) % 51));
            _propose(seed, Kind.Settle, address(dao), 0, call);
        } else if (kind < 5 || weighted) {
            uint256[] memory weights = new uint256[](1);
            weights[0] = 1 + ((seed >> 32) % 5);
            bytes memory call =
                weighted ? abi.encodeCall(WeightToken.mint, (who, weights)) : abi.encodeCall(MemberBadge.admit, (who));
            _propose(seed, Kind.Settle, address(membership), 0, call);
        } else {
            _propose(seed, Kind.Settle, address(membership), 0, abi.encodeCall(MemberBadge.remove, (who)));
        }
    }

    function _send(uint256 seed) internal {
        _sendOf(seed, (seed >> 16) % 4 == 0 ? free() + 1 : (seed >> 32) % (free() + 1));
    }

    function _sendOf(uint256 seed, uint256 value) internal {
        address[3] memory targets = [address(payee), address(0xfee), address(treasury)];
        _propose(seed, Kind.Send, targets[(seed >> 8) % 3], value, "");
    }

    function _keep(uint256 seed) internal returns (bool success) {
        uint256 which = _wanted(seed >> 8);
        bool provider = seed & 0x10000 != 0;
        address proposer = provider && seed & 0x60000 != 0 ? SP : account(seed);
        StorageTerms memory terms = _terms(seed, (seed >> 20) % 3 == 0);
        bytes memory cid = cidOf(which, seed & 0x80000 != 0);
        uint256 cost = terms.kind == StorageKind.Order ? terms.budget : _requestCost(terms);

        bool allowed = provider ? _controls[proposer] && _delegatesToItself(proposer) : _mayPropose(proposer);
        if (_collected[which] || (_lastKeep[which] != 0 && _isOpen(_lastKeep[which] - 1))) allowed = false;
        if (terms.budget < cost || (terms.kind == StorageKind.Order && terms.budget < terms.price * MIN_ORDER_TERM))
            allowed = false;
        uint64 providerId = provider ? MINER : 0;
        string memory text = Strings.toString(_made.length);
        bytes memory call = abi.encodeCall(dao.proposeCID, (providerId, cid, SIZE, terms, text));
        success = _call(proposer, 0, address(dao), call);
        _must(success == allowed, "a CID is proposed by whoever may, once at a time, with money enough");
        if (!success) return false;

        CidProposal memory proposal = CidProposal(++_serial, proposer, providerId, SIZE, cid, terms);
        bytes memory data = abi.encodeCall(IDaoTreasury.keep, (proposal));
        Made storage it = _push(Kind.Keep, proposer, address(treasury), terms.budget, data, text);
        (it.cid, it.serial, it.cost, it.provider) = (which, _serial, cost, provider);
        _lastKeep[which] = _made.length;
        _happened(provider ? "CID proposed by its provider" : "CID proposed by a member");
    }

    function _propose(uint256 seed, Kind kind, address target, uint256 value, bytes memory data) private {
        address proposer = account(seed);
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calls = new bytes[](1);
        (targets[0], values[0], calls[0]) = (target, value, data);
        string memory text = Strings.toString(_made.length);
        bytes memory call = abi.encodeCall(dao.propose, (targets, values, calls, text));
        bool success = _call(proposer, 0, address(dao), call);
        _must(success == _mayPropose(proposer), "who has weight enough and delegates to itself may propose");
        if (!success) return;

        _push(kind, proposer, target, value, data, text);
        _happened("ordinary proposal");
    }

    function _push(
        Kind kind,
        address proposer,
        address target,
        uint256 value,
        bytes memory data,
        string memory text
    ) private returns (Made storage it) {
        it = _made.push();
        (it.kind, it.proposer, it.target, it.value) = (kind, proposer, target, value);
        (it.data, it.description) = (data, text);
        (it.snapshot, it.deadline) = (epoch + DELAY, epoch + DELAY + PERIOD);
        it.id = _idOf(it);
        _lockedUntil[proposer] = it.snapshot;
    }

    /// @dev Chain, DAO and all that is voted on.
    function _idOf(Made storage it) private view returns (uint256) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls, bytes32 text) = _arrays(it);
        bytes32 payload = keccak256(abi.encode(targets, values, calls, text));
        return uint256(keccak256(abi.encode(block.chainid, address(dao), payload)));
    }

    function _mayPropose(address who) private view returns (bool) {
        return membership.getPastVotes(who, epoch - 1) >= dao.proposalThreshold() && _delegatesToItself(who);
    }

    function _delegatesToItself(address who) private view returns (bool) {
        address delegatee = membership.delegates(who);
        return delegatee == address(0) || delegatee == who;
    }

    /// @dev One CID is wanted more than the others, so that what is removed comes back.
    function _wanted(uint256 seed) private pure returns (uint256) {
        return seed % 2 == 0 ? 0 : 1 + ((seed >> 1) % 2);
    }

    function _terms(uint256 seed, bool order) private view returns (StorageTerms memory terms) {
        terms.replicas = uint16(1 + ((seed >> 24) % 2));
        terms.pieceCid = PieceCid.encode(pieces[0]);
        terms.pieceSize = TwoPieceAggregate.PIECE_SIZE;
        bool short_ = (seed >> 40) % 8 == 0;
        if (order) {
            terms.kind = StorageKind.Order;
            terms.price = 1;
            terms.budget = uint128(MIN_ORDER_TERM + ((seed >> 48) % 1_000) - (short_ ? 1_000 : 0));
        } else {
            terms.termEpochs = 600_000;
            terms.deadlineEpochs = uint64(100 + ((seed >> 56) % 100));
            terms.price = uint128(2 * ((seed >> 48) % 1_000));
            terms.budget = uint128(_requestCost(terms) + ((seed >> 64) % 50));
            if (short_) terms.budget = uint128(_requestCost(terms) - 1);
        }
    }

    /// @dev What the operators ask for it, and the rewards.
    function _requestCost(StorageTerms memory terms) private view returns (uint256) {
        return registry.quote(PROVIDER, EdgeJobs.STORE, SIZE) + terms.replicas * terms.price;
    }
}
