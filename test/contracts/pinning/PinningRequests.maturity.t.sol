// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {EdgeJobs} from "../../../contracts/oracle/EdgeJobs.sol";
import {IOracleRegistry} from "../../../contracts/oracle/IOracleRegistry.sol";
import {IPinningRequests} from "../../../contracts/pinning/IPinningRequests.sol";
import {LocalActors} from "../helpers/LocalActors.sol";
import {TwoPieceAggregate} from "../helpers/TwoPieceAggregate.sol";
import {vm} from "../helpers/Vm.sol";
import {PinningWorld} from "./PinningWorld.sol";

/// @notice No deal is paid for while *Packed* can be challenged. No provider has such a window yet, so the registry's word for
/// it is put into its mouth.
contract PinningRequestsMaturityTest is PinningWorld {
    uint256 private _id;
    uint64 private _dealId;

    function setUp() external {
        vm.roll(2_000);
        IPinningRequests.Terms memory terms;
        terms.replicas = 1;
        terms.minTermEpochs = 1;
        terms.deadlineEpoch = 9_000;
        terms.maxBytes = 1 << 20;
        terms.rewardPerReplica = 100;
        _id = _submit(requesters[0], 0, terms);
        _answer(_id, 0);
        _answer(_id, 0);
        _dealId = _publish(pieces[0], TwoPieceAggregate.PIECE_SIZE, 1000, block.number, 518_400);
        LocalActors.market().activate(_dealId, 1);

        IOracleRegistry.AnswerView memory answer = registry.getAnswer(_id, EdgeJobs.STAGE_PACKED);
        answer.matureEpoch = 3_000;
        vm.mockCall(
            address(registry),
            abi.encodeCall(IOracleRegistry.getAnswer, (_id, EdgeJobs.STAGE_PACKED)),
            abi.encode(answer)
        );
    }

    function test_theEpochBeforeMaturityIsRefused() external {
        vm.roll(2_999);
        vm.expectRevert(abi.encodeWithSelector(IPinningRequests.NotMature.selector, 3_000, 2_999));
        pinning.onchain_complete(_id, LocalActors.MARKET, _dealId, 1000);
    }

    function test_theEpochOfMaturityIsAccepted() external {
        vm.roll(3_000);
        pinning.onchain_complete(_id, LocalActors.MARKET, _dealId, 1000);
        require(pinning.getRequest(_id).state == IPinningRequests.State.Stored, "not Stored");
    }
}
