// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleRequests} from "./IOracleRequests.sol";

/// @title BoundedCall: a call with exactly the gas that was promised
/// @dev A call gets at most 63/64 of what is there (EIP-150), silently: with less gas than promised, whoever sends the message could
/// make an honest callee fail.
library BoundedCall {
    /// @notice Calls `target` with exactly `ceiling` gas and value 0; what comes back is not copied.
    /// @dev 1/16 on top of the ceiling covers the 63/64 and what the call itself costs. Should the call cost more than that on this
    /// chain, a callee that ran short leaves less than ceiling / 63 behind. Reverts with {IOracleRequests-TooLittleGas}.
    /// @return success False only if the callee failed with all of `ceiling`.
    function attempt(address target, uint256 ceiling, bytes memory callData) internal returns (bool success) {
        uint256 required = ceiling + ceiling / 16;
        uint256 available = gasleft();
        if (available < required) revert IOracleRequests.TooLittleGas(required, available);

        assembly ("memory-safe") {
            success := call(ceiling, target, 0, add(callData, 0x20), mload(callData), 0, 0)
        }

        if (!success && gasleft() < ceiling / 63) revert IOracleRequests.TooLittleGas(required, available);
    }
}
