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

    function fromAccount(address account) external pure returns (bytes memory) {
        return FilAddress.fromAccount(account);
    }

    function actorIdOf(bytes memory f0) external pure returns (uint64) {
        return FilAddress.actorIdOf(f0);
    }

    function resolve(bytes memory filAddress) external view returns (bool known, uint64 actorId) {
        return FilAddress.resolve(filAddress);
    }

    function mask(uint64 actorId) external pure returns (address) {
        return FilAddress.mask(actorId);
    }

    function normalise(address account) external view returns (address) {
        return FilAddress.normalise(account);
    }
}
