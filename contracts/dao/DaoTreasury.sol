// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {TimelockControllerUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/TimelockControllerUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPerpetualOrders} from "../perpetual/IPerpetualOrders.sol";
import {IPerpetualStorage} from "../perpetual/IPerpetualStorage.sol";
import {OrderRules} from "../perpetual/OrderRules.sol";
import {IPinningRequests} from "../pinning/IPinningRequests.sol";
import {TermsCheck} from "../pinning/TermsCheck.sol";
import {Cid} from "../filecoin/Cid.sol";
import {Epochs} from "../filecoin/Epochs.sol";
import {DaoRules} from "./DaoRules.sol";
import {ICollection} from "./ICollection.sol";
import {IDaoTreasury} from "./IDaoTreasury.sol";
import {StorageCalls} from "./StorageCalls.sol";
import {CidProposal, StorageKind, StorageTerms} from "./StorageTerms.sol";

/// @title DaoTreasury
/// @dev Made to be cloned (ERC-1167).
contract DaoTreasury is IDaoTreasury, TimelockControllerUpgradeable {
    struct Earmark {
        uint192 amount;
        uint64 executeBySeconds;
    }

    IPinningRequests public immutable pinningRequests;
    IPerpetualStorage public immutable perpetualStorage;

    /// @inheritdoc IDaoTreasury
    ICollection public collection;

    Ledger private _ledger;
    mapping(bytes32 operation => Earmark) private _earmarks;
    /// @dev The serial of the proposal that brought it into the collection last.
    mapping(bytes32 cidKey => uint256 serial) private _keptBy;

    modifier onlyMyself() {
        if (msg.sender != address(this)) revert NotMyself(msg.sender);
        _;
    }

    constructor(IPinningRequests pinningRequests_, IPerpetualStorage perpetualStorage_) {
        pinningRequests = pinningRequests_;
        perpetualStorage = perpetualStorage_;
        _disableInitializers();
    }

    /// @notice A deposit, or money that comes back from the storage contracts.
    receive() external payable override {
        _receive(msg.value);
    }

    /// @param delayEpochs Of the timelock.
    function initialize(address dao, uint256 delayEpochs, ICollection collection_) external initializer {
        _requireDelay(delayEpochs * Epochs.SECONDS_PER_EPOCH);
        address[] memory daos = new address[](1);
        daos[0] = dao;
        __TimelockController_init(delayEpochs * Epochs.SECONDS_PER_EPOCH, daos, daos, address(0));
        collection = collection_;
    }

    /// @inheritdoc IDaoTreasury
    function keep(CidProposal calldata proposal) external payable onlyMyself {
        StorageTerms calldata terms = proposal.terms;
        uint256 need = quote(proposal.cid, proposal.size, terms);
        if (need > msg.value) revert BudgetTooLow(need, msg.value);
        _requireFree(need);
        _ledger.funded += need;
        _keptBy[Cid.keyOf(proposal.cid)] = proposal.serial;

        uint256 storageId =
            terms.kind == StorageKind.Request
                ? pinningRequests.submitWithTerms{value: need}(
                    proposal.cid,
                    terms.seed,
                    StorageCalls.requestOf(proposal.size, terms)
                )
                : perpetualStorage.openFor{value: need}(
                    address(this),
                    StorageCalls.orderOf(proposal.cid, terms, perpetualStorage.defaultTerms(terms.price))
                );
        uint256 index = collection.add(proposal, storageId);

        emit CidFunded(index, storageId, need);
    }

    /// @inheritdoc IDaoTreasury
    function drop(uint256 serial, bytes calldata cid, string calldata reason) external onlyMyself {
        uint256 keptBy = _keptBy[Cid.keyOf(cid)];
        if (serial < keptBy) revert StaleRemoval(keptBy, serial);
        (StorageKind kind, uint256 storageId) = collection.remove(cid, reason);
        if (kind != StorageKind.Order) return;
        if (perpetualStorage.getOrder(storageId).status != IPerpetualOrders.OrderStatus.Cancelled)
            perpetualStorage.cancel(storageId);
    }

    /// @inheritdoc IDaoTreasury
    function release(bytes32 operation) external {
        Earmark memory earmark = _earmarks[operation];
        if (earmark.executeBySeconds == 0) revert NoEarmark(operation);
        if (block.timestamp <= earmark.executeBySeconds) revert NotExpired(operation, earmark.executeBySeconds);
        _endEarmark(operation);
    }

    /// @inheritdoc IDaoTreasury
    function absorb() external returns (uint256 amount) {
        amount = address(this).balance - _held();
        if (amount == 0) revert NothingToAbsorb();
        _receive(amount);
    }

    /// @inheritdoc IDaoTreasury
    function ledger() external view returns (Ledger memory) {
        return _ledger;
    }

    /// @inheritdoc IDaoTreasury
    function earmarkOf(bytes32 operation) external view returns (uint256 amount, uint256 executeBySeconds) {
        Earmark memory earmark = _earmarks[operation];
        return (earmark.amount, earmark.executeBySeconds);
    }

    /// @dev Earmarks what the operation sends. Reverts with {TreasuryShort}.
    function scheduleBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt,
        uint256 delay
    ) public override {
        super.scheduleBatch(targets, values, payloads, predecessor, salt, delay);

        uint256 need = 0;
        for (uint256 i = 0; i < values.length; ++i) need += values[i];
        _requireFree(need);
        bytes32 operation = hashOperationBatch(targets, values, payloads, predecessor, salt);
        uint256 executeBy = block.timestamp + delay + DaoRules.EXECUTION_WINDOW_SECONDS;
        _earmarks[operation] = Earmark(uint192(need), uint64(executeBy));
        _ledger.earmarked += need;

        emit Earmarked(operation, need, executeBy);
    }

    /// @dev Reverts with {NoEarmark}, {OperationExpired}, {TreasuryShort}.
    function executeBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt
    ) public payable override {
        bytes32 operation = hashOperationBatch(targets, values, payloads, predecessor, salt);
        uint64 executeBy = _earmarks[operation].executeBySeconds;
        if (executeBy == 0) revert NoEarmark(operation);
        if (block.timestamp > executeBy) revert OperationExpired(operation, executeBy);
        _endEarmark(operation);
        if (msg.value != 0) _receive(msg.value);

        super.executeBatch(targets, values, payloads, predecessor, salt);
    }

    /// @dev What was earmarked is free again.
    function cancel(bytes32 id) public override {
        super.cancel(id);
        _endEarmark(id);
    }

    /// @notice Sets the timelock's delay, seconds: 30 days at most.
    /// @dev Reverts with {OutOfBounds}.
    function updateDelay(uint256 newDelay) public override {
        _requireDelay(newDelay);
        super.updateDelay(newDelay);
    }

    /// @inheritdoc IDaoTreasury
    function quote(bytes calldata cid, uint64 size, StorageTerms calldata terms) public view returns (uint256 need) {
        if (terms.kind == StorageKind.Order) {
            IPerpetualOrders.Terms memory rules = perpetualStorage.defaultTerms(terms.price);
            OrderRules.requireValid(StorageCalls.orderOf(cid, terms, rules));
            // No more is known here of the CID than that it can be in the piece.
            DaoRules.within("size", 1, StorageCalls.roomOf(terms.pieceSize), size);
            return Math.max(terms.budget, uint256(terms.price) * rules.minTermEpochs);
        }
        IPinningRequests.Terms memory request = StorageCalls.requestOf(size, terms);
        TermsCheck.requireValid(request, terms.seed);
        TermsCheck.namedPiece(request);
        StorageCalls.requireAskable(pinningRequests, request);
        (uint256 fee, uint256 rewards) = pinningRequests.quote(request);
        return fee + rewards;
    }

    /// @inheritdoc IDaoTreasury
    function free() public view returns (uint256) {
        return _held() - _ledger.earmarked;
    }

    /// @dev The DAO's from the first moment and for good: a vote can neither hand the treasury to others nor leave it to nobody.
    function _grantRole(bytes32 role, address account) internal override returns (bool) {
        if (!_isInitializing()) revert RolesAreFixed();
        return super._grantRole(role, account);
    }

    function _revokeRole(bytes32, address) internal pure override returns (bool) {
        revert RolesAreFixed();
    }

    /// @dev What an operation sends to another; to itself it only moves.
    function _execute(address target, uint256 value, bytes calldata data) internal override {
        if (value != 0 && target != address(this)) {
            _requireFree(value);
            _ledger.paid += value;
        }
        super._execute(target, value, data);
    }

    /// @dev What it sends to itself is held already.
    function _receive(uint256 amount) private {
        if (msg.sender == address(this)) return;
        if (msg.sender == address(pinningRequests) || msg.sender == address(perpetualStorage)) {
            _ledger.refunded += amount;
            emit Refunded(msg.sender, amount);
        } else {
            _ledger.deposited += amount;
            emit Deposited(msg.sender, amount);
        }
    }

    function _endEarmark(bytes32 operation) private {
        uint256 amount = _earmarks[operation].amount;
        delete _earmarks[operation];
        _ledger.earmarked -= amount;

        emit EarmarkEnded(operation, amount);
    }

    function _requireFree(uint256 need) private view {
        uint256 free_ = free();
        if (need > free_) revert TreasuryShort(need, free_);
    }

    function _held() private view returns (uint256) {
        return _ledger.deposited + _ledger.refunded - _ledger.funded - _ledger.paid;
    }

    function _requireDelay(uint256 delaySeconds) private pure {
        DaoRules.within(
            "timelockDelaySeconds",
            0,
            DaoRules.MAX_TIMELOCK_DELAY * Epochs.SECONDS_PER_EPOCH,
            delaySeconds
        );
    }
}
