// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IDataDAO} from "./IDataDAO.sol";
import {StorageTerms} from "./StorageTerms.sol";

/// @title DaoBook: what a DataDAO stores beside what OpenZeppelin's parts store
/// @dev Theirs is in namespaces of its own (ERC-7201), so {ProposalDesk}, which has none of them, finds this at the same place.
abstract contract DaoBook {
    /// @dev One word: every vote reads it.
    /// @param lateEpochs The late-quorum extension when it was proposed.
    /// @param extendedDeadline 0: not extended.
    struct Facts {
        IDataDAO.Subject subject;
        uint64 providerId;
        uint32 lateEpochs;
        uint48 extendedDeadline;
    }

    mapping(uint256 proposalId => Facts) internal _facts;
    mapping(bytes32 cidKey => uint256) internal _lastProposal;
    mapping(address account => uint64) internal _providers;
    uint256 internal _serial;
    StorageTerms internal _defaultTerms;

    address internal _guardian;
    uint64 internal _guardianUntil;
    uint32 internal _lateEpochs;
}
