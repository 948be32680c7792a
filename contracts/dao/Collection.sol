// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {Cid} from "../filecoin/Cid.sol";
import {IPerpetualSlots} from "../perpetual/IPerpetualSlots.sol";
import {IPerpetualStorage} from "../perpetual/IPerpetualStorage.sol";
import {IPinningRequests} from "../pinning/IPinningRequests.sol";
import {Page} from "../Page.sol";
import {ICollection} from "./ICollection.sol";
import {IDataDAO} from "./IDataDAO.sol";
import {CidProposal, StorageKind} from "./StorageTerms.sol";

/// @title Collection
/// @dev Made to be cloned (ERC-1167). Of what is stored it keeps no copy: it asks.
contract Collection is ICollection, Initializable {
    /// @dev The seats of a pair are p and p + 16 of an order's 256.
    uint256 private constant SEATS = 256;
    uint256 private constant PAIRS = 16;

    IPinningRequests public immutable pinningRequests;
    IPerpetualStorage public immutable perpetualStorage;

    IDataDAO public dao;
    address public treasury;

    Entry[] private _entries;
    /// @dev Index + 1 of what is in the collection now.
    mapping(bytes32 cidKey => uint256) private _place;

    modifier onlyTreasury() {
        if (msg.sender != treasury) revert NotTreasury(treasury, msg.sender);
        _;
    }

    constructor(IPinningRequests pinningRequests_, IPerpetualStorage perpetualStorage_) {
        pinningRequests = pinningRequests_;
        perpetualStorage = perpetualStorage_;
        _disableInitializers();
    }

    function initialize(IDataDAO dao_, address treasury_) external initializer {
        dao = dao_;
        treasury = treasury_;
    }

    /// @inheritdoc ICollection
    /// @dev Once in the collection: the DAO has one open proposal of a CID at most, and none of one that is in.
    function add(CidProposal calldata proposal, uint256 storageId) external onlyTreasury returns (uint256 index) {
        bytes32 key = Cid.keyOf(proposal.cid);
        uint256 proposalId = dao.lastProposalOf(key);

        index = _entries.length;
        _place[key] = index + 1;
        _entries.push(
            Entry({
                size: proposal.size,
                providerId: proposal.providerId,
                addedEpoch: uint64(block.number),
                removedEpoch: 0,
                proposer: proposal.proposer,
                kind: proposal.terms.kind,
                proposalId: proposalId,
                storageId: storageId,
                cid: proposal.cid
            })
        );

        emit CidAdded(index, key, proposalId, proposal.cid, proposal.terms.kind, storageId);
    }

    /// @inheritdoc ICollection
    function remove(
        bytes calldata cid,
        string calldata reason
    ) external onlyTreasury returns (StorageKind kind, uint256 storageId) {
        bytes32 key = Cid.keyOf(cid);
        uint256 place = _place[key];
        if (place == 0) revert NotCollected(cid);
        Entry storage entry = _entries[place - 1];

        delete _place[key];
        entry.removedEpoch = uint64(block.number);

        emit CidRemoved(place - 1, key, cid, reason);
        return (entry.kind, entry.storageId);
    }

    /// @inheritdoc ICollection
    function find(bytes calldata cid) external view returns (bool collected, uint256 index) {
        uint256 place = _place[Cid.keyOf(cid)];
        return place == 0 ? (false, 0) : (true, place - 1);
    }

    /// @inheritdoc ICollection
    function keepingOf(uint256 index) external view returns (Keeping memory) {
        if (index >= _entries.length) revert UnknownEntry(index);
        return _keepingOf(_entries[index]);
    }

    /// @inheritdoc ICollection
    function entryCount() external view returns (uint256) {
        return _entries.length;
    }

    /// @inheritdoc ICollection
    function entries(
        uint256 start,
        uint256 count
    ) external view returns (Entry[] memory found, Keeping[] memory keepings) {
        uint256 size = Page.sizeAt(_entries.length, start, count);
        found = new Entry[](size);
        keepings = new Keeping[](size);
        for (uint256 i = 0; i < size; ++i) {
            found[i] = _entries[start + i];
            keepings[i] = _keepingOf(_entries[start + i]);
        }
    }

    function _keepingOf(Entry storage entry) private view returns (Keeping memory keeping) {
        keeping = entry.kind == StorageKind.Request ? _requestOf(entry.storageId) : _orderOf(entry.storageId);
        keeping.stored = keeping.running >= keeping.wanted;
    }

    function _requestOf(uint256 id) private view returns (Keeping memory keeping) {
        keeping.wanted = pinningRequests.getRequest(id).replicas;
        IPinningRequests.ProvenDeal[] memory deals = pinningRequests.dealsOf(id);
        for (uint256 i = 0; i < deals.length; ++i) {
            if (block.number < deals[i].endEpoch) _count(keeping, deals[i].endEpoch);
        }
    }

    function _orderOf(uint256 id) private view returns (Keeping memory keeping) {
        keeping.wanted = perpetualStorage.getOrder(id).replicas;
        IPerpetualSlots.SlotView[] memory slots = perpetualStorage.slotsOf(id);
        uint256 counted = 0;
        for (uint256 i = 0; i < slots.length; ++i) {
            IPerpetualSlots.SlotView memory slot = slots[i];
            if (slot.state != IPerpetualSlots.SlotState.Active || block.number >= slot.end || slot.faultSince != 0)
                continue;
            uint256 pair = 1 << ((slot.slot % SEATS) % PAIRS);
            if (counted & pair == 0) _count(keeping, slot.end);
            counted |= pair;
        }
    }

    function _count(Keeping memory keeping, uint64 endEpoch) private pure {
        ++keeping.running;
        if (keeping.untilEpoch == 0 || endEpoch < keeping.untilEpoch) keeping.untilEpoch = endEpoch;
    }
}
