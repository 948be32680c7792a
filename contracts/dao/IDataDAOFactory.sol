// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IDataDAO} from "./IDataDAO.sol";
import {StorageTerms} from "./StorageTerms.sol";

/// @title Where DataDAOs are made
interface IDataDAOFactory {
    /// @param name Of the DAO and of its membership token: 1 to 64 bytes.
    /// @param symbol Of its membership token: 1 to 16 bytes.
    /// @param members 2 to 100: the proposer of a proposal cannot vote on it, so one alone could decide nothing.
    /// @param weights Empty: one member, one vote. Otherwise votes by weight: each member's, 18 decimals.
    /// @param guardian May cancel up to `guardianUntil`, an epoch; the zero address and 0: none.
    /// @param defaultTerms On which {IDataDAO-createCIDProposal} proposes.
    struct Setup {
        string name;
        string symbol;
        address[] members;
        uint256[] weights;
        IDataDAO.Settings settings;
        address guardian;
        uint64 guardianUntil;
        StorageTerms defaultTerms;
    }

    struct Parts {
        address treasury;
        address collection;
        address membership;
    }

    event DAOCreated(
        address indexed dao,
        address indexed creator,
        string name,
        address treasury,
        address collection,
        address membership
    );

    /// @notice Makes a DAO with its membership token, treasury and collection. msg.value is the treasury's first deposit; may be 0.
    /// @dev Emits {DAOCreated}. Reverts with {DaoRules-OutOfBounds}, {IMembership-WrongWeights}, {IMembership-NoAccount},
    /// {IMembership-ZeroWeight}, {MemberBadge-AlreadyMember}.
    function create(Setup calldata setup) external payable returns (address dao);

    function isDAO(address account) external view returns (bool);

    /// @notice Zeros if it is no DAO of this factory.
    function partsOf(address dao) external view returns (Parts memory);

    function daoCount() external view returns (uint256);

    /// @notice DAOs in the order of their making, from position `start`: 200 at most.
    function daos(uint256 start, uint256 count) external view returns (address[] memory);
}
