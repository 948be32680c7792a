// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {BoundedCall} from "../../oracle/BoundedCall.sol";

contract BoundedCallHarness {
    /// @dev Here, so that its ABI knows the error.
    error TooLittleGas(uint256 required, uint256 available);

    function attempt(address target, uint256 ceiling, bytes calldata callData) external returns (bool) {
        return BoundedCall.attempt(target, ceiling, callData);
    }
}
