// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {vm} from "./Vm.sol";

/// @title ForcedSend: money that comes without a call
/// @notice Gives what it is made with to another and is gone again (EIP-6780 leaves that to a contract which lives for one transaction):
/// no code of the other's runs.
/// @dev A balance set by `vm.deal` alone is not sure to outlive the call that sets it: the runner drops it where nothing else of that
/// call touched the account.
contract ForcedSend {
    constructor(address payable to) payable {
        selfdestruct(to);
    }
}

/// @dev For handlers of random calls.
library Forcing {
    /// @param amount In attoFIL, out of nothing.
    function send(address to, uint256 amount) internal {
        vm.deal(address(this), address(this).balance + amount);
        new ForcedSend{value: amount}(payable(to));
    }
}
