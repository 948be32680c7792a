// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit, NativeActor} from "./NativeActor.sol";
import {CborParams} from "./CborParams.sol";
import {CborWriter} from "./CborWriter.sol";
import {ExitCode} from "./ExitCode.sol";
import {MethodNumber} from "./MethodNumber.sol";

/// @title LocalVerifiedRegistry
/// @notice The stand-in of the verified registry (f06) of a chain without datacap: it holds no claim.
contract LocalVerifiedRegistry is NativeActor {
    function _run(uint64 method, bool hasParams, bytes calldata params) internal pure override returns (bytes memory) {
        if (method != MethodNumber.GET_CLAIMS) revert ActorExit(ExitCode.UNHANDLED_MESSAGE);
        _expectParams(true, hasParams);
        return _getClaims(CborParams.open(params));
    }

    /// [provider, [claim id …]] → [[0, [[index, 17] …]], []]
    function _getClaims(CborParams.Cursor memory c) private pure returns (bytes memory out) {
        CborParams.readTuple(c, 2);
        CborParams.readUint(c);
        uint64 count = CborParams.readLength(c);
        out = bytes.concat(
            CborWriter.writeArray(2),
            CborWriter.writeArray(2),
            CborWriter.writeUint(0),
            CborWriter.writeArray(count)
        );
        for (uint64 i = 0; i < count; ++i) {
            CborParams.readUint(c);
            out = bytes.concat(
                out,
                CborWriter.writeArray(2),
                CborWriter.writeUint(i),
                CborWriter.writeUint(ExitCode.NOT_FOUND)
            );
        }
        CborParams.end(c);
        return bytes.concat(out, CborWriter.writeArray(0));
    }
}
