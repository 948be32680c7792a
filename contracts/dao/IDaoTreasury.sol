// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ICollection} from "./ICollection.sol";
import {CidProposal, StorageTerms} from "./StorageTerms.sol";

/// @title Treasury of a DataDAO: the timelock that carries out what was decided, and the money it is decided about
/// @notice OpenZeppelin's TimelockController, whose only proposer, canceller and executor is the DAO. Amounts are attoFIL. What a
/// scheduled operation sends is earmarked: no other can spend it until that one is executed, cancelled or, once its time has passed,
/// released. It is the client of the requests and orders that it funds, and what they give back comes here.
/// @dev Ledger: what is held = deposited + refunded − funded − paid. `address(this).balance` is never below it. FIL that comes without a
/// call (a native send of method 0, a reward) is no deposit until {absorb}.
interface IDaoTreasury {
    /// @param deposited Came from anyone else than the two storage contracts.
    /// @param refunded Came back from them.
    /// @param funded Went to them for CIDs of the collection.
    /// @param paid Went elsewhere by executed proposals.
    /// @param earmarked Of what is held now: promised to scheduled operations.
    struct Ledger {
        uint256 deposited;
        uint256 refunded;
        uint256 funded;
        uint256 paid;
        uint256 earmarked;
    }

    event Deposited(address indexed from, uint256 amount);
    event Refunded(address indexed from, uint256 amount);
    event Earmarked(bytes32 indexed operation, uint256 amount, uint256 executeBySeconds);
    /// @notice Spent with the operation's execution, or free again.
    event EarmarkEnded(bytes32 indexed operation, uint256 amount);
    event CidFunded(uint256 indexed index, uint256 indexed storageId, uint256 amount);

    error TreasuryShort(uint256 need, uint256 free);
    /// @notice The storage costs more by now than what was voted for.
    error BudgetTooLow(uint256 need, uint256 budget);
    /// @notice The operation could be executed up to that Unix time, inclusive; propose it again.
    error OperationExpired(bytes32 operation, uint256 executeBySeconds);
    error NotExpired(bytes32 operation, uint256 executeBySeconds);
    error NoEarmark(bytes32 operation);
    error NothingToAbsorb();
    error NotMyself(address caller);
    /// @notice The CID was kept again since the removal was proposed.
    error StaleRemoval(uint256 keptBySerial, uint256 serial);
    /// @notice Who schedules, cancels and executes here is the DAO, for good.
    error RolesAreFixed();

    /// @notice Adds a CID to the collection and opens and funds its storage. msg.value is `proposal.terms.budget`, of the treasury's own.
    /// For executed proposals about CIDs alone.
    /// @dev Emits {CidFunded}. Reverts with {NotMyself}, {BudgetTooLow}, and as the storage contract does.
    function keep(CidProposal calldata proposal) external payable;

    /// @notice Takes a CID out of the collection, and cancels its order if it has one that is not cancelled yet; a request goes on to its
    /// end. For executed removal proposals alone.
    /// @dev Reverts with {NotMyself}, {StaleRemoval}, {NotCollected}.
    /// @param serial Counts the DAO's proposals about CIDs.
    function drop(uint256 serial, bytes calldata cid, string calldata reason) external;

    /// @notice Frees what an operation had earmarked that can be executed no more. By anyone.
    /// @dev Emits {EarmarkEnded}. Reverts with {NoEarmark}, {NotExpired}.
    function release(bytes32 operation) external;

    /// @notice Makes FIL that came without a call a deposit. By anyone.
    /// @dev Emits {Deposited}. Reverts with {NothingToAbsorb}.
    function absorb() external returns (uint256 amount);

    /// @notice What storing a CID on these terms costs now, attoFIL.
    /// @dev Reverts where the terms themselves would be refused: {BudgetTooLow}, OutOfBounds, and as the storage contract does. That there
    /// are operators enough, and money, is seen at the execution.
    function quote(bytes calldata cid, uint64 size, StorageTerms calldata terms) external view returns (uint256 need);

    /// @notice What can be promised now: held − earmarked.
    function free() external view returns (uint256);

    function ledger() external view returns (Ledger memory);

    /// @notice What a scheduled operation has earmarked, and the last Unix second, inclusive, at which it can be executed; zeros for
    /// any other.
    function earmarkOf(bytes32 operation) external view returns (uint256 amount, uint256 executeBySeconds);

    function collection() external view returns (ICollection);
}
