// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Collection} from "../../../contracts/dao/Collection.sol";
import {DataDAO} from "../../../contracts/dao/DataDAO.sol";
import {DaoTreasury} from "../../../contracts/dao/DaoTreasury.sol";
import {ICollection} from "../../../contracts/dao/ICollection.sol";
import {IDaoTreasury} from "../../../contracts/dao/IDaoTreasury.sol";
import {IDataDAO} from "../../../contracts/dao/IDataDAO.sol";
import {vm} from "../helpers/Vm.sol";
import {DaoHandler} from "./random/DaoHandler.sol";

/// @dev The runner calls only contracts that this file defines.
contract Handler is DaoHandler {}

/// @notice What holds after every sequence of calls: of members, wallets, a storage provider that names others its control addresses, a
/// guardian, strangers and a payee that comes back, with coins forced in, weight that moves, and time that passes by epochs or days.
contract DataDAOInvariants {
    DaoHandler private _handler;

    function setUp() external {
        _handler = new Handler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev One function: each would be run on sequences of its own. The sentence that does not hold is the reason it reverts with.
    function invariant_theRulesHold() external {
        require(bytes(_handler.broken()).length == 0, _handler.broken());
        if (address(_handler.dao()) == address(0)) return;
        vm.roll(_handler.epoch());
        vm.warp(_handler.epoch() * 30);
        uint256 earmarked;
        for (uint256 i = 0; i < _handler.madeCount(); ++i) earmarked += _proposal(i);
        _treasury(earmarked);
        _collection();
    }

    /// @return What it has earmarked.
    function _proposal(uint256 i) private view returns (uint256) {
        DataDAO dao = _handler.dao();
        DaoHandler.Made memory made = _handler.made(i);
        require(dao.state(made.id) == _handler.stateOf(i), "a proposal is in the state that votes and time put it in");
        require(dao.proposalDeadline(made.id) == made.deadline, "a vote ends when it is said to, late quorum aside");
        require(made.executed <= 1, "a proposal is executed once at most");

        (uint256 against, uint256 for_, uint256 abstain) = dao.proposalVotes(made.id);
        bool same = against == made.votes[0] && for_ == made.votes[1] && abstain == made.votes[2];
        require(same, "what is counted is each party's weight at the snapshot, once, and never barred weight");
        uint256 all = against + for_ + abstain;
        require(all == 0 || all <= _handler.supplyOf(i), "no more is counted than there was at the snapshot");
        require(!dao.hasVoted(made.id, made.proposer), "a proposer has no ballot of its own");

        (uint256 amount, ) = _handler.treasury().earmarkOf(_handler.operationOf(i));
        require(
            amount == (made.earmarked ? made.value : 0),
            "what waits for execution has its money earmarked, and nothing else"
        );
        return amount;
    }

    function _treasury(uint256 earmarked) private view {
        DaoTreasury treasury = _handler.treasury();
        IDaoTreasury.Ledger memory ledger = treasury.ledger();
        DaoHandler.Money memory money = _handler.money();
        require(ledger.deposited == money.deposited, "deposits are what came by a call, from others");
        require(ledger.refunded == money.refunded, "refunds are what the storage contracts gave back");
        require(ledger.funded == money.funded, "funded is what the CIDs of the collection cost");
        require(ledger.paid == money.paid, "paid is what executed proposals sent elsewhere");
        uint256 held = ledger.deposited + ledger.refunded - ledger.funded - ledger.paid;
        require(address(treasury).balance == held + money.forced, "the balance is what is held and what was forced in");
        require(ledger.earmarked == earmarked, "earmarked is the sum of the live earmarks");
        require(earmarked <= held, "what is earmarked is held");
        require(treasury.free() == held - earmarked, "the rest is free");
    }

    function _collection() private view {
        DataDAO dao = _handler.dao();
        Collection collection = _handler.collection();
        uint256 count = collection.entryCount();
        require(count == _handler.entries(), "every passed vote to keep is one entry");
        if (count == 0) return;
        (ICollection.Entry[] memory entries, ) = collection.entries(0, count);
        for (uint256 i = 0; i < count; ++i) {
            ICollection.Entry memory entry = entries[i];
            (IDataDAO.Subject subject, ) = dao.subjectOf(entry.proposalId);
            bool executed = uint8(dao.state(entry.proposalId)) == 7;
            require(executed && subject == IDataDAO.Subject.Keep, "every entry has its executed proposal to keep it");
            bytes32 content = _contentOf(entry.cid);
            for (uint256 j = 0; j < i; ++j) {
                require(entries[j].proposalId != entry.proposalId, "a proposal makes one entry");
                bool live = entry.removedEpoch == 0 && entries[j].removedEpoch == 0;
                require(!live || _contentOf(entries[j].cid) != content, "the same content is in the collection once");
            }
            (bool found, uint256 index) = collection.find(entry.cid);
            require(entry.removedEpoch != 0 || (found && index == i), "what is in the collection is found");
        }
    }

    /// @dev The CIDs here end with their digest, in either version.
    function _contentOf(bytes memory cid) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := mload(add(cid, mload(cid)))
        }
    }
}
