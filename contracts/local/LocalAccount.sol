// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {NativeActor} from "./NativeActor.sol";
import {CborParams} from "./CborParams.sol";
import {CborWriter} from "./CborWriter.sol";
import {MethodNumber} from "./MethodNumber.sol";

/// @title LocalAccount
/// @notice The stand-in of a native (f1, f3) account. It takes every exported method and says nothing, as the real one
/// does, and every signature is good.
contract LocalAccount is NativeActor {
    function _run(uint64 method, bool hasParams, bytes calldata params) internal pure override returns (bytes memory) {
        if (method != MethodNumber.AUTHENTICATE_MESSAGE) return "";
        _expectParams(true, hasParams);
        CborParams.Cursor memory c = CborParams.open(params);
        CborParams.readTuple(c, 2);
        CborParams.readBytes(c);
        CborParams.readBytes(c);
        CborParams.end(c);
        return CborWriter.writeBool(true);
    }

    receive() external payable {}
}
