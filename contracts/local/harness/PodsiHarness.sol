// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Podsi} from "../../filecoin/Podsi.sol";
import {InclusionProof} from "../../pinning/Frc0087.sol";

/// @title PodsiHarness
/// @notice {Podsi} as calls.
contract PodsiHarness {
    function verify(
        bytes32 digest,
        uint64 sizePc,
        InclusionProof memory proof
    ) external pure returns (bytes32 aggregateDigest, uint64 sizePa) {
        return Podsi.verify(digest, sizePc, proof);
    }
}
