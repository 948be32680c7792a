// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title ActorId
/// @notice Actor ids and the masked addresses under which the EVM sees them: 0xff, eleven zero bytes, the id as 8 bytes.
library ActorId {
    uint64 internal constant INIT = 1;
    uint64 internal constant POWER = 4;
    uint64 internal constant MARKET = 5;

    uint160 private constant MASK = uint160(0xff) << 152;

    /// @notice The masked address of actor `id`.
    function toAddress(uint64 id) internal pure returns (address) {
        return address(MASK | uint160(id));
    }

    /// @notice Whether `account` is a masked address, and of which actor.
    function fromAddress(address account) internal pure returns (bool masked, uint64 id) {
        id = uint64(uint160(account));
        masked = uint160(account) == (MASK | uint160(id));
    }
}
