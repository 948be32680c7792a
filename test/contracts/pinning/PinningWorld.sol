// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ILocalMarket} from "../../../contracts/local/ILocalMarket.sol";
import {ScriptedArbiter} from "../../../contracts/local/harness/ScriptedArbiter.sol";
import {EdgeJobs} from "../../../contracts/oracle/EdgeJobs.sol";
import {IOracleProviders} from "../../../contracts/oracle/IOracleProviders.sol";
import {OracleRegistry} from "../../../contracts/oracle/OracleRegistry.sol";
import {RegistryExtension} from "../../../contracts/oracle/RegistryExtension.sol";
import {OrdersExtension} from "../../../contracts/perpetual/OrdersExtension.sol";
import {PerpetualStorage} from "../../../contracts/perpetual/PerpetualStorage.sol";
import {ProofsExtension} from "../../../contracts/perpetual/ProofsExtension.sol";
import {IPinningRequests} from "../../../contracts/pinning/IPinningRequests.sol";
import {PinningExtension} from "../../../contracts/pinning/PinningExtension.sol";
import {PinningRequests} from "../../../contracts/pinning/PinningRequests.sol";
import {LocalActors} from "../helpers/LocalActors.sol";
import {TwoPieceAggregate} from "../helpers/TwoPieceAggregate.sol";
import {vm} from "../helpers/Vm.sol";

/// @notice Filecoin's actors, a registry with three operators and a quorum of two whose answers can be challenged, {PinningRequests},
/// and two pieces with the aggregate of both. What acts here acts for others by prank.
abstract contract PinningWorld {
    uint256 internal constant PROVIDER = 1;
    uint32 internal constant WINDOW = 20;
    uint32 internal constant RULING_EPOCHS = 50;
    uint64 internal constant MINERS = 3;
    uint256 private constant STAKE = 1e18;
    address internal constant SP = address(0x5b);
    address internal constant SINK = 0xff00000000000000000000000000000000000063;

    OracleRegistry public immutable registry = new OracleRegistry(new RegistryExtension(SINK));
    ScriptedArbiter public immutable arbiter = new ScriptedArbiter();
    PerpetualStorage public immutable perpetual = new PerpetualStorage(
        new OrdersExtension(SINK),
        new ProofsExtension(SINK)
    );
    PinningRequests public immutable pinning;
    address[3] public operators = [address(0xa1), address(0xa2), address(0xa3)];
    address[3] public requesters = [address(0xb1), address(0xb2), address(0xb3)];
    bytes32[2] public pieces = [TwoPieceAggregate.digestOf("first"), TwoPieceAggregate.digestOf("second")];
    bytes32 public immutable aggregate;

    constructor() {
        vm.roll(1_000);
        LocalActors.install(MINERS, SP);
        _registerProvider();
        pinning = new PinningRequests(registry, PROVIDER, perpetual, new PinningExtension(registry, perpetual));
        (aggregate, ) = TwoPieceAggregate.build(pieces, 0);
    }

    function _registerProvider() private {
        address[] memory admitted = new address[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) admitted[i] = operators[i];
        registry.registerProvider("edge", address(this), false, _rules(), admitted);
        for (uint256 i = 0; i < operators.length; ++i) {
            vm.deal(operators[i], STAKE);
            vm.prank(operators[i]);
            registry.join{value: STAKE}(PROVIDER, operators[i], "");
        }
    }

    function _rules() private view returns (IOracleProviders.ProviderConfig memory config) {
        config.quorum = 2;
        config.windowEpochs = WINDOW;
        config.turnEpochs = 40;
        config.rulingEpochs = RULING_EPOCHS;
        config.callbackGas = 200_000;
        config.minStake = 1_000;
        config.slash = 101;
        config.minBond = 500;
        config.arbiter = address(arbiter);
        config.jobs = new IOracleProviders.JobConfig[](2);
        config.jobs[0].job = EdgeJobs.STORE;
        config.jobs[0].minDeadlineEpochs = 60;
        config.jobs[0].concludedByRequester = true;
        config.jobs[0].failureFee = 7;
        config.jobs[0].stages = new IOracleProviders.StageFee[](3);
        config.jobs[0].stages[0] = IOracleProviders.StageFee(10, 1_024);
        config.jobs[0].stages[1] = IOracleProviders.StageFee(300, 2_048);
        config.jobs[0].stages[2] = IOracleProviders.StageFee(2_000, 10_240);
        config.jobs[1].job = EdgeJobs.PACK;
        config.jobs[1].minDeadlineEpochs = 40;
        config.jobs[1].failureFee = 7;
        config.jobs[1].stages = new IOracleProviders.StageFee[](2);
        config.jobs[1].stages[0] = config.jobs[0].stages[0];
        config.jobs[1].stages[1] = config.jobs[0].stages[1];
    }

    /// @dev A requester asks for one CID per piece.
    function _submit(address requester, uint256 piece, IPinningRequests.Terms memory terms) internal returns (uint256) {
        (uint256 fee, uint256 rewards) = pinning.quote(terms);
        vm.deal(requester, requester.balance + fee + rewards);
        vm.prank(requester);
        return pinning.submitWithTerms{value: fee + rewards}(abi.encodePacked(hex"01551220", pieces[piece]), "", terms);
    }

    /// @dev What the operators answer to a stage.
    function _answerData(uint8 stage, uint256 piece) internal view returns (bytes memory) {
        if (stage == EdgeJobs.STAGE_PINNED) return abi.encode(EdgeJobs.PinnedAnswer(1_000));
        return abi.encode(EdgeJobs.PackedAnswer(pieces[piece], TwoPieceAggregate.PIECE_SIZE, 1_000));
    }

    function answerData(uint8 stage, uint256 piece) external view returns (bytes memory) {
        return _answerData(stage, piece);
    }

    /// @dev Two operators answer the stage that is awaited.
    function _answer(uint256 id, uint256 piece) internal {
        uint8 stage = registry.getRequest(id).stage;
        bytes memory data = _answerData(stage, piece);
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(operators[(id + i) % 3]);
            registry.report(id, stage, data);
        }
    }

    function _publish(
        bytes32 digest,
        uint64 size,
        uint64 providerId,
        uint256 start,
        uint256 duration
    ) internal returns (uint64 dealId) {
        ILocalMarket.Proposal[] memory proposals = new ILocalMarket.Proposal[](1);
        proposals[0].pieceDigest = digest;
        proposals[0].pieceSize = size;
        proposals[0].client = SP;
        proposals[0].providerId = providerId;
        proposals[0].startEpoch = int64(uint64(start));
        proposals[0].endEpoch = int64(uint64(start + duration));
        vm.prank(SP);
        return LocalActors.market().publish(proposals)[0];
    }
}
