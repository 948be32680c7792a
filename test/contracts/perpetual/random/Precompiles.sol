// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MoodyActors} from "./MoodyActors.sol";

/// @notice Who is who: the actor n is the Ethereum account n, from FIRST_ACCOUNT on; those from FIRST_NATIVE on are
/// native accounts, which the EVM sees by their masked ids.
library Accounts {
    uint256 internal constant FIRST_ACCOUNT = 0x10000;
    uint256 internal constant FIRST_NATIVE = 0x50000;

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

    fallback() external {
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

/// @notice The stand-in of lookup_delegated_address (0xfe…02).
contract LookupAccounts {
    uint256 private constant F410 = 0x040a;

    fallback() external {
        uint256 actorId = uint256(bytes32(msg.data));
        if (!Accounts.isEthereum(actorId)) return;
        assembly {
            mstore(0, shl(80, or(shl(160, F410), actorId)))
            return(0, 22)
        }
    }
}

/// @notice The stand-in of resolve_address (0xfe…01) for f410 addresses: f0 ones are read without it.
contract ResolveAccounts {
    uint256 private constant F410_LENGTH = 22;

    fallback() external {
        if (msg.data.length != F410_LENGTH) return;
        uint256 id = uint64(bytes8(msg.data[14:22]));
        assembly {
            mstore(0, id)
            return(0, 32)
        }
    }
}
