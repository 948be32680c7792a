// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorId} from "./ActorId.sol";
import {FilecoinAddress} from "./FilecoinAddress.sol";

/// @title ResolveAddress
/// @notice The stand-in of the FEVM precompile resolve_address (0xfe…01).
/// @dev In: the raw bytes of a Filecoin address. Out: its actor id as a word; nothing when no such actor is known. Any f0
/// address resolves, whether there is such an actor or not. Fails for bytes that are no address.
contract ResolveAddress {
    fallback(bytes calldata input) external payable returns (bytes memory) {
        FilecoinAddress.Parsed memory parsed = FilecoinAddress.parse(input);
        if (parsed.kind == FilecoinAddress.Kind.Malformed) {
            assembly ("memory-safe") {
                revert(0, 0)
            }
        }
        if (parsed.kind == FilecoinAddress.Kind.Id) return abi.encode(parsed.id);
        if (parsed.kind == FilecoinAddress.Kind.Other) return "";

        // A masked id is no address of the f410 class: the chain knows no actor under it.
        (bool masked, ) = ActorId.fromAddress(parsed.account);
        if (masked) return "";
        (bool known, uint64 id) = FilecoinAddress.book().idOf(parsed.account);
        return known ? abi.encode(id) : bytes("");
    }
}
