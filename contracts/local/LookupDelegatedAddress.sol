// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilecoinAddress} from "./FilecoinAddress.sol";

/// @title LookupDelegatedAddress
/// @notice The stand-in of the FEVM precompile lookup_delegated_address (0xfe…02).
/// @dev In: an actor id as a word. Out: the raw bytes of its f410 address; nothing when it has none. Fails for input that
/// is not one word, or no actor id.
contract LookupDelegatedAddress {
    fallback(bytes calldata input) external payable returns (bytes memory) {
        uint64 id = abi.decode(input, (uint64));
        address account = FilecoinAddress.book().accountOf(id);
        return account == address(0) ? bytes("") : FilecoinAddress.fromAccount(account);
    }
}
