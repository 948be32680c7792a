// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IDataDAO} from "./IDataDAO.sol";
import {IMembership} from "./IMembership.sol";
import {StorageTerms} from "./StorageTerms.sol";

/// @title DaoBook: what a DataDAO stores beside what OpenZeppelin's parts store
/// @dev Theirs is in namespaces of its own (ERC-7201), so {ProposalDesk}, which has none of them, finds this at the same place.
abstract contract DaoBook {
    /// @dev One word: with the Governor's own it is all that a vote reads of a proposal.
    /// @param membership The DAO's, which never changes: here it costs a vote no word of its own.
    /// @param providerId Actor ids count up from 0: five bytes last.
    /// @param lateEpochs The late-quorum extension when it was proposed; 0 once a vote has found the quorum reached.
    /// @param extendedEpochs By how much the deadline has moved.
    struct Facts {
        IMembership membership;
        uint40 providerId;
        uint24 lateEpochs;
        uint24 extendedEpochs;
        IDataDAO.Subject subject;
    }

    mapping(uint256 proposalId => Facts) internal _facts;
    /// @dev By the part of its id that is the key of its ballots' nonces.
    mapping(uint192 nonceKey => uint256) internal _proposalOfKey;
    mapping(bytes32 cidKey => uint256) internal _lastProposal;
    mapping(address account => uint64) internal _providers;
    uint256 internal _serial;
    StorageTerms internal _defaultTerms;

    address internal _guardian;
    uint64 internal _guardianUntil;
    uint24 internal _lateEpochs;
}
