// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorCall} from "./ActorCall.sol";
import {FilAddress} from "./FilAddress.sol";
import {MinerActor} from "./MinerActor.sol";

/// @title ProviderControl: who acts for a storage provider
library ProviderControl {
    /// @notice Whether `account` is the miner's owner, its worker or one of its control addresses now.
    /// @dev Reverts with {ActorCall-ActorUnclear}.
    function controls(uint64 provider, address account) internal view returns (bool) {
        (int256 exitCode, bool controlling) = MinerActor.isControllingAddress(
            provider,
            FilAddress.fromAccount(account)
        );
        if (exitCode != 0) revert ActorCall.ActorUnclear(exitCode);
        return controlling;
    }
}
