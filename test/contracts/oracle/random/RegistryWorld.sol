// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleProviders} from "../../../../contracts/oracle/IOracleProviders.sol";
import {OracleRegistry} from "../../../../contracts/oracle/OracleRegistry.sol";
import {RegistryExtension} from "../../../../contracts/oracle/RegistryExtension.sol";
import {vm} from "../../helpers/Vm.sol";
import {Aliases} from "./Aliases.sol";
import {MoodyClient} from "./MoodyClient.sol";
import {MoodyJudge} from "./MoodyJudge.sol";

/// @notice A registry with two providers: STAKED has a window, stake that can be lost, and a second version with other numbers;
/// PLAIN has neither. All that can hold money is an account with a number. Amounts are small, odd, and different from each other,
/// so that what is mixed up or rounded wrongly does not add up.
abstract contract RegistryWorld {
    uint256 public constant STAKED = 1;
    uint256 public constant PLAIN = 2;
    uint32 public constant TURN_EPOCHS = 3;
    uint32 public constant WINDOW_EPOCHS = 4;
    uint32 public constant RULING_EPOCHS = 5;
    uint96 public constant MIN_BOND = 25;
    uint96 public constant MIN_STAKE = 60;
    uint8 public constant STAGES = 3;
    /// @notice Jobs: three voted stages; two, then one that the requester concludes.
    uint32 public constant VOTED = 0;
    uint32 public constant CONCLUDED = 1;

    // Accounts: owners of operators of STAKED, of PLAIN, clients, two challengers, the sink.
    uint256 public constant KEYS = 6;
    uint256 public constant PLAIN_KEYS = 3;
    uint256 public constant CLIENTS = 3;
    uint256 public constant ACCOUNTS = KEYS + PLAIN_KEYS + CLIENTS + 3;

    /// @dev Of the owners of STAKED, who has an operator from the start.
    uint256 internal constant SEATED = 3;
    uint256 internal constant HOT_KEYS = 4;
    address internal constant SINK = 0xff00000000000000000000000000000000000063;
    address internal constant GOVERNOR = address(0x90000);
    uint256 private constant FIRST_EPOCH = 100;

    OracleRegistry public immutable registry = new OracleRegistry(new RegistryExtension(SINK));
    MoodyJudge public immutable judge = new MoodyJudge();
    MoodyClient[CLIENTS] public clients;

    constructor() {
        vm.roll(FIRST_EPOCH);
        vm.etch(0xfE00000000000000000000000000000000000002, address(new Aliases()).code);
        for (uint256 i = 0; i < CLIENTS; ++i) clients[i] = new MoodyClient(registry);
        address[] memory none = new address[](0);
        registry.registerProvider("staked", GOVERNOR, true, rules(STAKED, 1), none);
        registry.registerProvider("plain", address(0), true, rules(PLAIN, 1), none);
        for (uint256 i = KEYS; i < KEYS + PLAIN_KEYS; ++i) _seat(PLAIN, i, 0);
        for (uint256 i = 0; i < SEATED; ++i) _seat(STAKED, i, 3 * MIN_STAKE);
        vm.prank(GOVERNOR);
        registry.proposeConfig(STAKED, rules(STAKED, 2));
        vm.roll(FIRST_EPOCH + 1);
    }

    // ---- accounts

    function account(uint256 i) public view returns (address) {
        if (i < KEYS + PLAIN_KEYS) return address(uint160(0x10000 + i));
        if (i < KEYS + PLAIN_KEYS + CLIENTS) return address(clients[i - KEYS - PLAIN_KEYS]);
        return i == ACCOUNTS - 1 ? SINK : address(uint160(0x20000 + i));
    }

    /// @dev A key that votes for whoever gets it first.
    function hotKey(uint256 i) internal pure returns (address) {
        return address(uint160(0x30000 + (i % HOT_KEYS)));
    }

    /// @dev The masked id address of an owner's or a hot key.
    function aliasOf(address key) internal pure returns (address) {
        return address((uint160(0xff) << 152) | uint160(key));
    }

    // ---- rules

    function quorumOf(uint256 providerId, uint256 version) public pure returns (uint8) {
        return providerId == STAKED && version == 2 ? 3 : 2;
    }

    function slashOf(uint256 providerId, uint256 version) public pure returns (uint96) {
        if (providerId == PLAIN) return 0;
        return version == 1 ? 11 : 24;
    }

    /// @notice What each operator that agrees on a stage earns, attoFIL.
    function feeOfStage(uint256 version, uint256 stage, uint256 mebibytes) public pure returns (uint256) {
        uint256 perGiB = 7 * stage;
        return _base(version, stage) + (perGiB * mebibytes + 1023) / 1024;
    }

    function failureFeeOf(uint256 version) public pure returns (uint64) {
        return uint64(version);
    }

    function rules(
        uint256 providerId,
        uint256 version
    ) public view returns (IOracleProviders.ProviderConfig memory config) {
        config.quorum = quorumOf(providerId, version);
        config.turnEpochs = TURN_EPOCHS;
        config.callbackGas = 700_000;
        config.slash = slashOf(providerId, version);
        if (providerId == STAKED) {
            (config.windowEpochs, config.rulingEpochs) = (WINDOW_EPOCHS, RULING_EPOCHS);
            (config.minStake, config.minBond) = (MIN_STAKE, MIN_BOND);
            (config.arbiter, config.evidence) = (address(judge), address(judge));
        }
        config.jobs = new IOracleProviders.JobConfig[](2);
        for (uint32 job = 0; job < 2; ++job) {
            config.jobs[job].job = job;
            config.jobs[job].minDeadlineEpochs = 2;
            config.jobs[job].concludedByRequester = job == CONCLUDED;
            config.jobs[job].failureFee = failureFeeOf(version);
            config.jobs[job].stages = new IOracleProviders.StageFee[](STAGES);
            for (uint256 stage = 0; stage < STAGES; ++stage)
                config.jobs[job].stages[stage] = IOracleProviders.StageFee(_base(version, stage), uint64(7 * stage));
        }
    }

    function _base(uint256 version, uint256 stage) private pure returns (uint64) {
        return uint64(version == 1 ? 19 - 8 * stage : 2 + 5 * stage);
    }

    function _seat(uint256 providerId, uint256 i, uint256 stake) private {
        vm.deal(account(i), stake);
        vm.prank(account(i));
        registry.join{value: stake}(providerId, account(i), "");
    }
}
