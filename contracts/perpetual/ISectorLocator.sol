// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Sector locator: where a sector is, for who proves or settles a slot
/// @notice A proof names its sector's location (FIP-0112), which the miner actor computes at a cost that is meant for nodes, not for
/// transactions. The actors' methods are reached only from contracts: this one is asked by eth_call.
interface ISectorLocator {
    /// @param exitCode Of the actor: 0 where it answered; otherwise nothing else means anything.
    /// @param provider Actor id of the miner.
    /// @param status 0 dead, 1 active, 2 faulty.
    /// @param location CBOR of [deadline, partition], as IPerpetualProofs and IPerpetualSlots take it.
    struct Location {
        int256 exitCode;
        uint64 provider;
        uint64 sector;
        uint64 status;
        bytes location;
    }

    /// @notice Where `sector` of `provider` is now. Costly: for eth_call alone.
    /// @dev Reverts with ActorCall's and Cbor's errors.
    function locate(uint64 provider, uint64 sector) external view returns (Location memory);

    /// @notice Where the sector of a deal is. `exitCode` 17: there never was such a deal; 32: it is over; 33: it is in no sector yet.
    /// @dev Reverts with ActorCall's and Cbor's errors.
    function locateDeal(uint64 dealId) external view returns (Location memory);
}
