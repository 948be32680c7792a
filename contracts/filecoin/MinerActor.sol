// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorCall} from "./ActorCall.sol";
import {Cbor} from "./Cbor.sol";
import {CborEncode} from "./CborEncode.sol";

/// @title MinerActor
/// @notice What a storage provider's miner actor says of itself and of its sectors.
/// @dev Every getter returns an exit code first, and a value that means nothing unless the code is 0. Nothing here
/// shows that `miner` *is* a miner actor: a contract may answer the same methods with anything. Ask
/// {PowerActor-isMiner} first. A plain account answers with nothing: {ActorCall-BadActorReturn}.
library MinerActor {
    using Cbor for Cbor.Cursor;

    /// @param beneficiary Filecoin address to which withdrawals may go.
    /// @param quota How much may go there, in attoFIL.
    /// @param used How much of it went.
    /// @param expiration Epoch at which the quota lapses.
    /// @param changePending Whether another beneficiary has been proposed.
    struct Beneficiary {
        bytes beneficiary;
        uint256 quota;
        uint256 used;
        int64 expiration;
        bool changePending;
    }

    /// @notice What can be said of a sector (FIP-0112).
    uint8 internal constant SECTOR_DEAD = 0;
    uint8 internal constant SECTOR_ACTIVE = 1;
    uint8 internal constant SECTOR_FAULTY = 2;

    uint64 private constant GENERATE_SECTOR_LOCATION = 1321604665;
    uint64 private constant GET_BENEFICIARY = 4158972569;
    uint64 private constant GET_NOMINAL_SECTOR_EXPIRATION = 3010055991;
    uint64 private constant GET_OWNER = 3275365574;
    uint64 private constant GET_SECTOR_SIZE = 3858292296;
    uint64 private constant IS_CONTROLLING_ADDRESS = 348244887;
    uint64 private constant VALIDATE_SECTOR_STATUS = 3092458564;

    /// @notice The owner's Filecoin address.
    /// @return exitCode 0 when the miner answered.
    /// @return owner The owner.
    /// @return proposed Who is to become the owner; empty when nobody is.
    function getOwner(uint64 miner) internal view returns (int256 exitCode, bytes memory owner, bytes memory proposed) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(miner, GET_OWNER, "");
        if (exitCode != 0) return (exitCode, owner, proposed);

        answer.readArray(2);
        owner = answer.readBytes();
        if (!answer.skipNull()) proposed = answer.readBytes();
        answer.end();
    }

    /// @notice Whether a Filecoin address is the miner's owner, its worker or one of its control addresses.
    /// @param filAddress The address in binary (see {FilAddress}).
    function isControllingAddress(
        uint64 miner,
        bytes memory filAddress
    ) internal view returns (int256 exitCode, bool controlling) {
        return _getBool(miner, IS_CONTROLLING_ADDRESS, CborEncode.encodeBytes(filAddress));
    }

    /// @notice The size of the miner's sectors in bytes.
    function getSectorSize(uint64 miner) internal view returns (int256 exitCode, uint64 size) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(miner, GET_SECTOR_SIZE, "");
        if (exitCode != 0) return (exitCode, size);

        size = answer.readUint();
        answer.end();
    }

    /// @notice Who may withdraw, and how much.
    function getBeneficiary(uint64 miner) internal view returns (int256 exitCode, Beneficiary memory active) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(miner, GET_BENEFICIARY, "");
        if (exitCode != 0) return (exitCode, active);

        answer.readArray(2);
        answer.readArray(2);
        active.beneficiary = answer.readBytes();
        answer.readArray(3);
        active.quota = answer.readBigUint();
        active.used = answer.readBigUint();
        active.expiration = answer.readInt();
        active.changePending = !answer.skipNull();
        if (active.changePending) _skipPendingBeneficiary(answer);
        answer.end();
    }

    /// @notice Whether a sector is in the given state (FIP-0112): one cheap call, where the actor is told the place.
    /// @param status {SECTOR_DEAD}, {SECTOR_ACTIVE} or {SECTOR_FAULTY}.
    /// @param location Where the sector is, as {generateSectorLocation} gives it.
    function validateSectorStatus(
        uint64 miner,
        uint64 sector,
        uint8 status,
        bytes memory location
    ) internal view returns (int256 exitCode, bool holds) {
        bytes memory params = bytes.concat(
            CborEncode.encodeArray(3),
            CborEncode.encodeUint(sector),
            CborEncode.encodeUint(status),
            CborEncode.encodeBytes(location)
        );
        return _getBool(miner, VALIDATE_SECTOR_STATUS, params);
    }

    /// @notice A sector's status, and its place for {validateSectorStatus} (FIP-0112).
    /// @dev Costly on-chain: meant for `eth_call`.
    /// @return exitCode 0 when the miner answered.
    /// @return status {SECTOR_DEAD}, {SECTOR_ACTIVE} or {SECTOR_FAULTY}.
    /// @return location CBOR of [deadline, partition], −1 both for a sector that is in none.
    function generateSectorLocation(
        uint64 miner,
        uint64 sector
    ) internal view returns (int256 exitCode, uint64 status, bytes memory location) {
        // A tuple of one, unlike the bare numbers that other methods take.
        bytes memory params = bytes.concat(CborEncode.encodeArray(1), CborEncode.encodeUint(sector));
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(miner, GENERATE_SECTOR_LOCATION, params);
        if (exitCode != 0) return (exitCode, status, location);

        answer.readArray(2);
        status = answer.readUint();
        location = answer.readBytes();
        answer.end();
    }

    /// @notice The epoch at which a sector was to expire when it was last extended (FIP-0112); says nothing after an
    /// early termination. Exit 17: there is no such sector.
    function getNominalSectorExpiration(
        uint64 miner,
        uint64 sector
    ) internal view returns (int256 exitCode, int64 expiration) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(miner, GET_NOMINAL_SECTOR_EXPIRATION, CborEncode.encodeUint(sector));
        if (exitCode != 0) return (exitCode, expiration);

        expiration = answer.readInt();
        answer.end();
    }

    function _getBool(
        uint64 miner,
        uint64 method,
        bytes memory params
    ) private view returns (int256 exitCode, bool value) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(miner, method, params);
        if (exitCode != 0) return (exitCode, value);

        value = answer.readBool();
        answer.end();
    }

    /// @dev [beneficiary, quota, expiration, approved by the present one, approved by the proposed one]
    function _skipPendingBeneficiary(Cbor.Cursor memory answer) private pure {
        answer.readArray(5);
        answer.readBytes();
        answer.readBigUint();
        answer.readInt();
        answer.readBool();
        answer.readBool();
    }
}
