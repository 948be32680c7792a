// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MarketActor} from "../../filecoin/MarketActor.sol";

/// @title MarketActorHarness
/// @notice {MarketActor} as calls.
contract MarketActorHarness {
    uint64 public constant ID = MarketActor.ID;
    int256 public constant NOT_FOUND = MarketActor.NOT_FOUND;
    int256 public constant DEAL_EXPIRED = MarketActor.DEAL_EXPIRED;
    int256 public constant DEAL_NOT_ACTIVATED = MarketActor.DEAL_NOT_ACTIVATED;

    function getDealDataCommitment(
        uint64 dealId
    ) external view returns (int256 exitCode, MarketActor.DataCommitment memory commitment) {
        return MarketActor.getDealDataCommitment(dealId);
    }

    function getDealProvider(uint64 dealId) external view returns (int256 exitCode, uint64 actorId) {
        return MarketActor.getDealProvider(dealId);
    }

    function getDealClient(uint64 dealId) external view returns (int256 exitCode, uint64 actorId) {
        return MarketActor.getDealClient(dealId);
    }

    function getDealSector(uint64 dealId) external view returns (int256 exitCode, uint64 sector) {
        return MarketActor.getDealSector(dealId);
    }

    function getDealTerm(uint64 dealId) external view returns (int256 exitCode, MarketActor.Term memory term) {
        return MarketActor.getDealTerm(dealId);
    }

    function getDealActivation(
        uint64 dealId
    ) external view returns (int256 exitCode, MarketActor.Activation memory activation) {
        return MarketActor.getDealActivation(dealId);
    }

    function getDealLabel(uint64 dealId) external view returns (int256 exitCode, bytes memory label, bool isText) {
        return MarketActor.getDealLabel(dealId);
    }

    function getDealTotalPrice(uint64 dealId) external view returns (int256 exitCode, uint256 price) {
        return MarketActor.getDealTotalPrice(dealId);
    }

    function getDealClientCollateral(uint64 dealId) external view returns (int256 exitCode, uint256 collateral) {
        return MarketActor.getDealClientCollateral(dealId);
    }

    function getDealProviderCollateral(uint64 dealId) external view returns (int256 exitCode, uint256 collateral) {
        return MarketActor.getDealProviderCollateral(dealId);
    }

    function getDealVerified(uint64 dealId) external view returns (int256 exitCode, bool verified) {
        return MarketActor.getDealVerified(dealId);
    }

    function getBalance(
        bytes memory filAddress
    ) external view returns (int256 exitCode, uint256 balance, uint256 locked) {
        return MarketActor.getBalance(filAddress);
    }
}
