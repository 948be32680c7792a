// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorCall} from "../filecoin/ActorCall.sol";
import {FilAddress} from "../filecoin/FilAddress.sol";
import {MinerActor} from "../filecoin/MinerActor.sol";
import {ProviderControl} from "../filecoin/ProviderControl.sol";
import {IPerpetualSlots} from "./IPerpetualSlots.sol";

/// @title Control: who may act for a provider
abstract contract Control {
    /// @dev Reverts unless the caller is the miner's owner, its worker or one of its control addresses.
    function _requireControlling(uint64 provider) internal view {
        if (!_isControlling(provider)) revert IPerpetualSlots.NotControlling(provider, msg.sender);
    }

    function _isControlling(uint64 provider) internal view returns (bool) {
        return ProviderControl.controls(provider, msg.sender);
    }

    /// @dev Actor id of the miner actor's owner now.
    function _ownerOf(uint64 provider) internal view returns (uint64) {
        (int256 exitCode, bytes memory owner, ) = MinerActor.getOwner(provider);
        if (exitCode != 0) revert ActorCall.ActorUnclear(exitCode);
        return FilAddress.actorIdOf(owner);
    }
}
