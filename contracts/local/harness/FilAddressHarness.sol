// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilAddress} from "../../filecoin/FilAddress.sol";

/// @title FilAddressHarness
/// @notice {FilAddress} as calls.
contract FilAddressHarness {
    function fromActorId(uint64 actorId) external pure returns (bytes memory) {
        return FilAddress.fromActorId(actorId);
    }

    function fromEth(address account) external pure returns (bytes memory) {
        return FilAddress.fromEth(account);
    }

    function mask(uint64 actorId) external pure returns (address) {
        return FilAddress.mask(actorId);
    }

    function normalise(address account) external view returns (address) {
        return FilAddress.normalise(account);
    }
}
