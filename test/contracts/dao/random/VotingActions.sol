// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IDataDAO} from "../../../../contracts/dao/IDataDAO.sol";
import {DaoBooks} from "./DaoBooks.sol";

/// @notice Votes, ballots that others submit, delegation, transfers, and a provider that names others its control addresses.
abstract contract VotingActions is DaoBooks {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant BALLOT = keccak256(
        "SignedBallot(uint256 proposalId,uint8 support,address voter,string reason,uint256 nonce,uint256 expiryEpoch)"
    );

    function vote(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length == 0) return;
        uint8 support = uint8((seed >> 24) % 16 == 0 ? 3 : (seed >> 32) % 3);
        _vote(_pick(seed >> 8), seed >> 40, support);
    }

    /// @notice Up to four ballots at once: the same twice, masked voters, signatures of another proposal, DAO or hash, late ones.
    function voteBySignatures(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        if (_made.length != 0) _submit(_pick(seed >> 8), seed);
    }

    function delegate(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        address who = account(seed);
        address delegatee = _named(seed >> 8, seed & 0x10000 != 0);
        bool success = _call(who, 0, address(membership), abi.encodeCall(membership.delegate, (delegatee)));
        _must(success == (epoch > _lockedUntil[who]), "a proposer's weight stays where it is up to the snapshot");
        if (!success) return _happened("delegation refused");

        _must(membership.delegates(who) == account(seed >> 8), "masked and plain are one delegate");
        _happened("delegation");
    }

    function transfer(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        address from = account(seed);
        address to = account(seed >> 8);
        if (!weighted) {
            uint256 badge = uint160(from);
            bool moved = _call(from, 0, address(membership), abi.encodeCall(IERC721.transferFrom, (from, to, badge)));
            return _must(!moved, "a badge stays");
        }
        IERC20 token = IERC20(address(membership));
        uint256 amount = (seed >> 16) % 6;
        uint256[2] memory before = [token.balanceOf(from), token.balanceOf(to)];
        address named = _named(seed >> 8, seed & 0x10000000000 != 0);
        bool success = _call(from, 0, address(token), abi.encodeCall(token.transfer, (named, amount)));
        bool allowed = amount <= before[0] && epoch > _lockedUntil[from];
        _must(success == allowed, "who has it may transfer it, but a proposer not up to the snapshot");
        if (!success || from == to) return;
        _must(token.balanceOf(to) == before[1] + amount, "masked and plain are one holder");
        if (amount != 0) _happened("transfer");
    }

    function control(uint256 seed) external acting(seed) {
        seed = _mix(seed);
        address[] memory controls = new address[]((seed >> 8) % 4);
        for (uint256 i = 0; i < ACCOUNTS; ++i) _controls[account(i)] = account(i) == SP;
        for (uint256 i = 0; i < controls.length; ++i) {
            uint256 which = seed >> (16 + 8 * i);
            controls[i] = account(which & 0x80 == 0 ? which : FIRST_WALLET + (which % WALLETS));
            _controls[controls[i]] = true;
        }
        _control(controls);
        _happened("control addresses");
    }

    function _vote(uint256 i, uint256 seed, uint8 support) internal {
        address voter = account(seed);
        bool allowed = _mayCount(i, voter, support);
        uint256 id = _made[i].id;
        bytes memory call = abi.encodeCall(dao.castVote, (id, support));
        if (seed & 0x300 == 0x100) call = abi.encodeCall(dao.castVoteWithReason, (id, support, "so"));
        if (seed & 0x300 == 0x200) call = abi.encodeCall(dao.castVoteWithReasonAndParams, (id, support, "so", hex"01"));
        if (seed & 0x300 == 0x300 && support < 2) call = abi.encodeCall(dao.voteCIDProposal, (id, support == 1));
        bool success = _call(voter, 0, address(dao), call);
        _must(success == allowed, "a vote counts once, in time, with weight, and never a proposer's for itself");
        if (success) _count(i, voter, support);
        else if (_made[i].provider && _controls[voter]) _happened("provider refused");
    }

    function _submit(uint256 i, uint256 seed) internal {
        IDataDAO.SignedBallot[] memory ballots = new IDataDAO.SignedBallot[](1 + ((seed >> 24) % 4));
        uint256 counted = 0;
        for (uint256 n = 0; n < ballots.length; ++n) {
            uint256 how = uint256(keccak256(abi.encode(seed, n)));
            bool good;
            uint256 voter = FIRST_WALLET + (how % (WALLETS * 4 + 1)) / 4;
            (ballots[n], good) = _ballot(i, voter, how >> 8);
            if (good && _isBarred(i, account(voter), ballots[n].support)) _happened("barred ballot");
            if (!good || !_mayCount(i, account(voter), ballots[n].support)) continue;
            _count(i, account(voter), ballots[n].support);
            ++counted;
        }
        bytes memory call = abi.encodeCall(dao.castVotesBySig, (_made[i].id, ballots));
        bool success = _call(address(0xfee), 0, address(dao), call);
        _must(success == (counted != 0), "good ballots count, and a batch with none is refused");
        if (success) _happened("batch");
        if (success && counted != ballots.length) _happened("batch in part");
    }

    function _ballot(
        uint256 i,
        uint256 voter,
        uint256 how
    ) private view returns (IDataDAO.SignedBallot memory ballot, bool good) {
        bool expired = how % 8 == 0;
        ballot.voter = _named(voter, how & 0x100 != 0);
        ballot.support = uint8((how >> 16) % 16 == 0 ? 3 : (how >> 24) % 3);
        ballot.expiryEpoch = uint64(expired ? epoch - 1 : epoch + ((how >> 32) % 2));
        ballot.reason = how & 0x200 != 0 ? "so" : "";
        uint256 wrong = (how >> 40) % 8;
        uint256 id = wrong == 1 ? _made[(i + 1) % _made.length].id : _made[i].id;
        address at = wrong == 2 ? _otherDao : address(dao);
        bytes32 struct_ = _structHash(id, ballot, account(voter), wrong == 3 ? 1 : 0);
        bytes32 domain = keccak256(abi.encode(DOMAIN, keccak256("DAO"), keccak256("1"), block.chainid, at));
        ballot.signature = abi.encode(keccak256(abi.encodePacked(hex"1901", domain, struct_)));
        bool wallet = voter < FIRST_WALLET + WALLETS;
        good = !expired && wallet && id == _made[i].id && at == address(dao) && wrong != 3;
    }

    function _structHash(
        uint256 id,
        IDataDAO.SignedBallot memory ballot,
        address voter,
        uint256 used
    ) private pure returns (bytes32) {
        uint256 nonce = (uint256(uint192(id)) << 64) + used;
        bytes32 reason = keccak256(bytes(ballot.reason));
        return keccak256(abi.encode(BALLOT, id, ballot.support, voter, reason, nonce, ballot.expiryEpoch));
    }
}
