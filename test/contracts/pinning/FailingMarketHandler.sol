// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {LocalMarket} from "../../../contracts/local/LocalMarket.sol";
import {ScriptedActor} from "../../../contracts/local/ScriptedActor.sol";
import {LocalActors} from "../helpers/LocalActors.sol";
import {vm} from "../helpers/Vm.sol";
import {PinningHandler} from "./PinningHandler.sol";

/// @notice {PinningHandler}, and a market actor that now and then fails while a deal is shown.
abstract contract FailingMarketHandler is PinningHandler {
    uint64 private constant GET_DEAL_DATA_COMMITMENT = 1157985802;
    uint64 private constant GET_DEAL_PROVIDER = 935081690;
    uint64 private constant GET_DEAL_ACTIVATION = 2567238399;
    uint64 private constant GET_DEAL_TERM = 163777312;

    /// @dev A seed with which {_show} names another market actor, and all else is right.
    uint256 private constant ANOTHER_MARKET = 1;

    bytes private _scriptedCode = address(new ScriptedActor()).code;
    LocalMarket private immutable _implementation = new LocalMarket();

    /// @notice Deals that counted as soon as the market did not fail any more: that they had not counted before was its doing.
    uint256 public heldUpByMarket;

    /// @notice A deal is shown while the market fails, or of a market that is none, and again as it should be.
    function showToFailingMarket(uint256 requestSeed, uint256 dealSeed, uint256 how) external now_ {
        uint256 id = _request(requestSeed);
        _pack(id);
        uint64 dealId = _makeFittingDeal(id, requestSeed, dealSeed);
        bytes memory code = address(LocalActors.market()).code;
        bool another = how % 5 == 4;
        if (!another) _breakMarket(how / 5);
        try this.showAgain(id, dealId, another ? ANOTHER_MARKET : ALL_RIGHT) {
            ++wronglyAccepted;
        } catch {}
        vm.etch(address(LocalActors.market()), code);

        try this.showAgain(id, dealId, ALL_RIGHT) {
            ++heldUpByMarket;
        } catch {}
    }

    function showAgain(uint256 id, uint64 dealId, uint256 wrong) external {
        require(msg.sender == address(this), "a part of an action");
        _show(id, dealId, wrong);
    }

    /// @dev Every call reverts, or answers with nothing; or one of the four that matter has another exit code or garbage.
    function _breakMarket(uint256 how) private {
        uint64[4] memory methods = [GET_DEAL_DATA_COMMITMENT, GET_DEAL_PROVIDER, GET_DEAL_ACTIVATION, GET_DEAL_TERM];
        uint32[5] memory exitCodes = [uint32(6), 16, 17, 22, 32];
        uint64 method = methods[(how >> 8) % 4];
        ScriptedActor actor = ScriptedActor(payable(address(LocalActors.market())));
        vm.etch(address(actor), _scriptedCode);
        actor.passRestTo(address(_implementation));
        if (how % 4 == 0) actor.failWith("");
        else if (how % 4 == 1) actor.replyRaw("");
        else if (how % 4 == 2) actor.script(method, exitCodes[(how >> 16) % 5], 0, "");
        else actor.script(method, 0, 0x51, hex"f6");
    }
}
