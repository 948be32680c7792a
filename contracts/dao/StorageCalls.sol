// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Epochs} from "../filecoin/Epochs.sol";
import {EdgeJobs} from "../oracle/EdgeJobs.sol";
import {IOracleRegistry} from "../oracle/IOracleRegistry.sol";
import {IOracleRequests} from "../oracle/IOracleRequests.sol";
import {OracleCaller} from "../oracle/OracleCaller.sol";
import {IPerpetualOrders} from "../perpetual/IPerpetualOrders.sol";
import {IPinningRequests} from "../pinning/IPinningRequests.sol";
import {DaoRules} from "./DaoRules.sol";
import {StorageTerms} from "./StorageTerms.sol";

/// @title StorageCalls: what was voted on, as the storage contracts want to be asked
library StorageCalls {
    /// @notice Deals that were active before do not count: the vote pays for new ones.
    /// @dev Reverts with {DaoRules-OutOfBounds}.
    function requestOf(uint64 size, StorageTerms calldata terms) internal view returns (IPinningRequests.Terms memory) {
        DaoRules.within("deadlineEpochs", 1, Epochs.MAX_DEAL_DURATION, terms.deadlineEpochs);
        return
            IPinningRequests.Terms({
                replicas: terms.replicas,
                minTermEpochs: terms.termEpochs,
                deadlineEpoch: uint64(block.number) + terms.deadlineEpochs,
                maxBytes: size,
                rewardPerReplica: terms.price,
                allowExistingDeals: false,
                pieceCid: terms.pieceCid,
                pieceSize: terms.pieceSize
            });
    }

    /// @notice Holds that the operators take such a request now; its fee aside.
    /// @dev Reverts with {IPinningRequests-RewardNotDivisible}, {IOracleRequests-DeadlineTooSoon}.
    function requireAskable(IPinningRequests pinningRequests, IPinningRequests.Terms memory terms) internal view {
        OracleCaller caller = OracleCaller(payable(address(pinningRequests)));
        (IOracleRegistry registry, uint256 operators) = (caller.registry(), caller.providerId());
        uint32 version = registry.getProvider(operators).version;
        uint256 quorum = registry.getConfig(operators, version).quorum;
        if (terms.rewardPerReplica % quorum != 0)
            revert IPinningRequests.RewardNotDivisible(quorum, terms.rewardPerReplica);
        uint64 earliest = uint64(block.number) + registry.getJob(operators, version, EdgeJobs.STORE).minDeadlineEpochs;
        if (terms.deadlineEpoch < earliest) revert IOracleRequests.DeadlineTooSoon(earliest, terms.deadlineEpoch);
    }

    /// @notice The data that a padded piece can hold, bytes: 127 of each 128 (Fr32).
    function roomOf(uint64 pieceSize) internal pure returns (uint256) {
        return (uint256(pieceSize) * 127) / 128;
    }

    /// @dev Reverts with {DaoRules-OutOfBounds}.
    function orderOf(
        bytes calldata cid,
        StorageTerms calldata terms,
        IPerpetualOrders.Terms memory rules
    ) internal view returns (IPerpetualOrders.NewOrder memory) {
        DaoRules.within("deadlineEpochs", 0, 0, terms.deadlineEpochs);
        DaoRules.within("termEpochs", 0, type(uint32).max, terms.termEpochs);
        return
            IPerpetualOrders.NewOrder({
                pieceCid: terms.pieceCid,
                pieceSize: terms.pieceSize,
                replicas: terms.replicas,
                price: terms.price,
                ceiling: terms.price > type(uint128).max / 2 ? type(uint128).max : 2 * terms.price,
                endEpoch: terms.termEpochs == 0 ? 0 : uint64(block.number) + terms.termEpochs,
                payloadCid: cid,
                seed: terms.seed,
                terms: rules,
                providers: new uint64[](0)
            });
    }
}
