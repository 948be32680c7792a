// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {OracleRegistry} from "../../../contracts/oracle/OracleRegistry.sol";
import {IOracleRegistry} from "../../../contracts/oracle/IOracleRegistry.sol";
import {EdgeJobs} from "../../../contracts/oracle/EdgeJobs.sol";
import {ILocalMarket} from "../../../contracts/local/ILocalMarket.sol";
import {IPinningRequests} from "../../../contracts/pinning/IPinningRequests.sol";
import {PinningRequests} from "../../../contracts/pinning/PinningRequests.sol";
import {LocalActors} from "../helpers/LocalActors.sol";
import {TwoPieceAggregate} from "../helpers/TwoPieceAggregate.sol";
import {vm} from "../helpers/Vm.sol";

/// @notice Filecoin's actors, a registry with three operators and a quorum of two, {PinningRequests}, and two pieces with the
/// aggregate of both. What acts here acts for others by prank.
abstract contract PinningWorld {
    uint256 internal constant PROVIDER = 1;
    uint256 internal constant FEE = 4_620;
    uint64 internal constant MINERS = 3;
    address internal constant SP = address(0x5b);

    OracleRegistry public immutable registry = new OracleRegistry();
    PinningRequests public immutable pinning;
    address[3] public operators = [address(0xa1), address(0xa2), address(0xa3)];
    address[3] public requesters = [address(0xb1), address(0xb2), address(0xb3)];
    bytes32[2] public pieces = [TwoPieceAggregate.digestOf("first"), TwoPieceAggregate.digestOf("second")];
    bytes32 public immutable aggregate;

    constructor() {
        vm.roll(1_000);
        LocalActors.install(MINERS, SP);
        _registerProvider();
        pinning = new PinningRequests(registry, PROVIDER);
        (aggregate, ) = TwoPieceAggregate.build(pieces, 0);
    }

    function _registerProvider() private {
        IOracleRegistry.ProviderConfig memory config;
        config.name = "edge";
        config.quorum = 2;
        config.callbackGas = 200_000;
        config.jobs = new IOracleRegistry.JobConfig[](1);
        config.jobs[0].job = EdgeJobs.STORE;
        config.jobs[0].minDeadlineEpochs = 60;
        config.jobs[0].concludedByRequester = true;
        config.jobs[0].stageFees = new uint128[](3);
        (config.jobs[0].stageFees[0], config.jobs[0].stageFees[1], config.jobs[0].stageFees[2]) = (20, 600, 4_000);
        registry.registerProvider(config);
        for (uint256 i = 0; i < operators.length; ++i) {
            registry.admit(PROVIDER, operators[i]);
            vm.prank(operators[i]);
            registry.join(PROVIDER, operators[i], "");
        }
    }

    /// @dev A requester asks for one CID per piece.
    function _submit(address requester, uint256 piece, IPinningRequests.Terms memory terms) internal returns (uint256) {
        uint256 value = FEE + terms.replicas * terms.rewardPerReplica;
        vm.deal(requester, requester.balance + value);
        vm.prank(requester);
        return pinning.submitWithTerms{value: value}(abi.encodePacked(hex"01551220", pieces[piece]), "", terms);
    }

    /// @dev Two operators answer the stage that is awaited.
    function _answer(uint256 id, uint256 piece) internal {
        uint8 stage = registry.getRequest(id).stage;
        bytes memory data =
            stage == EdgeJobs.STAGE_PINNED
                ? abi.encode(EdgeJobs.PinnedAnswer(1_000))
                : abi.encode(EdgeJobs.PackedAnswer(pieces[piece], TwoPieceAggregate.PIECE_SIZE, 1_000));
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
