// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MarketAPI} from "@zondax/filecoin-solidity/contracts/v0.8/MarketAPI.sol";
import {MinerAPI} from "@zondax/filecoin-solidity/contracts/v0.8/MinerAPI.sol";
import {PowerAPI} from "@zondax/filecoin-solidity/contracts/v0.8/PowerAPI.sol";
import {CommonTypes} from "@zondax/filecoin-solidity/contracts/v0.8/types/CommonTypes.sol";
import {MarketTypes} from "@zondax/filecoin-solidity/contracts/v0.8/types/MarketTypes.sol";
import {MinerTypes} from "@zondax/filecoin-solidity/contracts/v0.8/types/MinerTypes.sol";
import {PowerTypes} from "@zondax/filecoin-solidity/contracts/v0.8/types/PowerTypes.sol";
import {FilAddresses} from "@zondax/filecoin-solidity/contracts/v0.8/utils/FilAddresses.sol";

/// @title ZondaxHarness
/// @notice @zondax/filecoin-solidity as calls, to compare it with the readers of this repository. It reverts with
/// `ActorError` where they return an exit code.
contract ZondaxHarness {
    function getDealDataCommitment(uint64 dealId) external returns (MarketTypes.GetDealDataCommitmentReturn memory) {
        return MarketAPI.getDealDataCommitment(dealId);
    }

    function getDealProvider(uint64 dealId) external returns (uint64) {
        return MarketAPI.getDealProvider(dealId);
    }

    function getDealClient(uint64 dealId) external returns (uint64) {
        return MarketAPI.getDealClient(dealId);
    }

    function getDealTerm(uint64 dealId) external returns (MarketTypes.GetDealTermReturn memory) {
        return MarketAPI.getDealTerm(dealId);
    }

    function getDealActivation(uint64 dealId) external returns (MarketTypes.GetDealActivationReturn memory) {
        return MarketAPI.getDealActivation(dealId);
    }

    function getDealLabel(uint64 dealId) external returns (CommonTypes.DealLabel memory) {
        return MarketAPI.getDealLabel(dealId);
    }

    function getDealTotalPrice(uint64 dealId) external returns (CommonTypes.BigInt memory) {
        return MarketAPI.getDealTotalPrice(dealId);
    }

    function getDealClientCollateral(uint64 dealId) external returns (CommonTypes.BigInt memory) {
        return MarketAPI.getDealClientCollateral(dealId);
    }

    function getDealProviderCollateral(uint64 dealId) external returns (CommonTypes.BigInt memory) {
        return MarketAPI.getDealProviderCollateral(dealId);
    }

    function getDealVerified(uint64 dealId) external returns (bool) {
        return MarketAPI.getDealVerified(dealId);
    }

    function getBalance(bytes memory filAddress) external returns (MarketTypes.GetBalanceReturn memory) {
        return MarketAPI.getBalance(CommonTypes.FilAddress(filAddress));
    }

    function getOwner(uint64 miner) external returns (MinerTypes.GetOwnerReturn memory) {
        return MinerAPI.getOwner(CommonTypes.FilActorId.wrap(miner));
    }

    function isControllingAddress(uint64 miner, bytes memory filAddress) external returns (bool) {
        return MinerAPI.isControllingAddress(CommonTypes.FilActorId.wrap(miner), CommonTypes.FilAddress(filAddress));
    }

    function getSectorSize(uint64 miner) external returns (uint64) {
        return MinerAPI.getSectorSize(CommonTypes.FilActorId.wrap(miner));
    }

    function getBeneficiary(uint64 miner) external returns (MinerTypes.GetBeneficiaryReturn memory) {
        return MinerAPI.getBeneficiary(CommonTypes.FilActorId.wrap(miner));
    }

    function minerCount() external returns (uint64) {
        return PowerAPI.minerCount();
    }

    function minerRawPower(uint64 miner) external returns (PowerTypes.MinerRawPowerReturn memory) {
        return PowerAPI.minerRawPower(miner);
    }

    function networkRawPower() external returns (CommonTypes.BigInt memory) {
        return PowerAPI.networkRawPower();
    }

    function fromActorId(uint64 actorId) external pure returns (bytes memory) {
        return FilAddresses.fromActorID(actorId).data;
    }

    function fromEth(address account) external pure returns (bytes memory) {
        return FilAddresses.fromEthAddress(account).data;
    }
}
