// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {SectorContent} from "../../filecoin/SectorContent.sol";

/// @title SectorContentHarness
/// @notice {SectorContent} as calls.
contract SectorContentHarness {
    function decode(bytes memory params) external pure returns (SectorContent.Sector[] memory) {
        return SectorContent.decode(params);
    }

    function encodeAccepted(bool[][] memory accepted) external pure returns (bytes memory) {
        return SectorContent.encodeAccepted(accepted);
    }
}
