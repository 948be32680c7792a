// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FilecoinAddress} from "../../../../contracts/local/FilecoinAddress.sol";
import {MoodyActors} from "./MoodyActors.sol";

/// @notice Who is who: the actor n is the Ethereum account n, from FIRST_ACCOUNT on; those from FIRST_NATIVE on are
/// native accounts, which the EVM sees by their masked ids.
library Accounts {
    uint256 internal constant FIRST_ACCOUNT = 0x10000;
    uint256 internal constant FIRST_NATIVE = 0x50000;

    function idOf(address account) internal pure returns (uint64) {
        return uint64(uint160(account));
    }

    function isEthereum(uint256 actorId) internal pure returns (bool) {
        return actorId >= FIRST_ACCOUNT && actorId < FIRST_NATIVE;
    }
}

/// @notice The stand-in of call_actor_id (0xfe…05): every message goes to {MoodyActors}.
contract CallMoodyActors {
    MoodyActors private immutable _actors;

    constructor(MoodyActors actors) {
        _actors = actors;
    }

    /// @dev Run as its caller, whatever that was paid.
    fallback() external payable {
        (uint64 method, , , , bytes memory params, uint64 actorId) = abi.decode(
            msg.data,
            (uint64, uint256, uint64, uint64, bytes, uint64)
        );
        bytes memory out = _actors.reply(actorId, method, params);
        assembly ("memory-safe") {
            return(add(out, 32), mload(out))
        }
    }
}

/// @notice The stand-in of lookup_delegated_address (0xfe…02), for the accounts and one contract.
contract LookupAccounts {
    uint256 private constant F410 = 0x040a;

    address private immutable _contract;

    constructor(address contract_) {
        _contract = contract_;
    }

    fallback() external {
        uint256 actorId = uint256(bytes32(msg.data));
        uint256 account = Accounts.idOf(_contract) == actorId ? uint160(_contract) : actorId;
        if (account == actorId && !Accounts.isEthereum(actorId)) return;
        assembly {
            mstore(0, shl(80, or(shl(160, F410), account)))
            return(0, 22)
        }
    }
}

/// @notice The stand-in of resolve_address (0xfe…01).
contract ResolveAccounts {
    fallback(bytes calldata input) external returns (bytes memory) {
        FilecoinAddress.Parsed memory parsed = FilecoinAddress.parse(input);
        if (parsed.kind == FilecoinAddress.Kind.Id) return abi.encode(parsed.id);
        return abi.encode(Accounts.idOf(parsed.account));
    }
}
