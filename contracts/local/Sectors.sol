// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit} from "./NativeActor.sol";
import {CborParams} from "./CborParams.sol";
import {CborWriter} from "./CborWriter.sol";
import {ExitCode} from "./ExitCode.sol";
import {ILocalMiner} from "./ILocalMiner.sol";

/// @title Sectors
/// @notice A miner's sectors, and the methods of FIP-0112 which tell of them.
library Sectors {
    struct Sector {
        bool present;
        bool dropped;
        ILocalMiner.SectorStatus status;
        int64 expiration;
    }

    struct State {
        mapping(uint64 number => Sector) byNumber;
        uint64 active;
    }

    int64 private constant DEADLINES = 48;
    /// Sectors in a partition of 32 GiB sectors.
    int64 private constant PARTITION_SECTORS = 2349;
    int64 private constant NOWHERE = -1;

    /// @notice Proves a new sector, or moves an active one's end out.
    function commit(State storage s, uint64 number, int64 expiration) internal {
        Sector storage sector = s.byNumber[number];
        if (sector.present) {
            _expect(number, ILocalMiner.SectorStatus.Active, sector.status);
            if (expiration <= sector.expiration) return;
        } else {
            if (sector.dropped) revert ILocalMiner.SectorNumberUsed(number);

            ++s.active;
            sector.present = true;
            sector.status = ILocalMiner.SectorStatus.Active;
        }
        sector.expiration = expiration;

        emit ILocalMiner.SectorCommitted(number, expiration);
    }

    /// @notice Moves a sector from one status to another.
    function move(State storage s, uint64 number, ILocalMiner.SectorStatus from, ILocalMiner.SectorStatus to) internal {
        Sector storage sector = s.byNumber[number];
        _expect(number, from, sector.status);

        if (from == ILocalMiner.SectorStatus.Active) --s.active;
        if (to == ILocalMiner.SectorStatus.Active) ++s.active;
        sector.status = to;

        emit ILocalMiner.SectorStatusChanged(number, to);
    }

    /// @notice Ends an active or a faulty sector.
    function terminate(State storage s, uint64 number) internal {
        ILocalMiner.SectorStatus from = s.byNumber[number].status;
        if (from == ILocalMiner.SectorStatus.Dead) {
            revert ILocalMiner.WrongSectorStatus(number, ILocalMiner.SectorStatus.Active, from);
        }
        move(s, number, from, ILocalMiner.SectorStatus.Dead);
    }

    /// @notice Forgets a terminated sector.
    function compact(State storage s, uint64 number) internal {
        _expect(number, ILocalMiner.SectorStatus.Dead, s.byNumber[number].status);

        delete s.byNumber[number];
        s.byNumber[number].dropped = true;
    }

    /// @notice [sector, status, CBOR of [deadline, partition]] → whether that is its status. The place (−1, −1) proves that
    /// a sector is not there; a wrong place is exit 17, a place half given exit 16.
    function validateStatus(State storage s, CborParams.Cursor memory c) internal view returns (bytes memory) {
        CborParams.readTuple(c, 3);
        uint64 number = CborParams.readUint(c);
        uint64 status = CborParams.readUint(c);
        bytes memory location = CborParams.readBytes(c);
        CborParams.end(c);
        if (status > uint64(type(ILocalMiner.SectorStatus).max)) revert ActorExit(ExitCode.SERIALIZATION);
        (int64 deadline, int64 partition) = _readLocation(location);
        bool halfGiven = (deadline == NOWHERE) != (partition == NOWHERE);
        if (halfGiven || deadline < NOWHERE || deadline >= DEADLINES) revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);

        Sector storage sector = s.byNumber[number];
        (int64 actualDeadline, int64 actualPartition) = _locationOf(s, number);
        if (deadline != actualDeadline || partition != actualPartition) revert ActorExit(ExitCode.NOT_FOUND);
        return CborWriter.writeBool(ILocalMiner.SectorStatus(status) == sector.status);
    }

    /// @notice [sector] → [status, CBOR of [deadline, partition]]
    function generateLocation(State storage s, CborParams.Cursor memory c) internal view returns (bytes memory) {
        CborParams.readTuple(c, 1);
        uint64 number = CborParams.readUint(c);
        CborParams.end(c);

        (int64 deadline, int64 partition) = _locationOf(s, number);
        bytes memory location = bytes.concat(
            CborWriter.writeArray(2),
            CborWriter.writeInt(deadline),
            CborWriter.writeInt(partition)
        );
        return
            bytes.concat(
                CborWriter.writeArray(2),
                CborWriter.writeUint(uint64(s.byNumber[number].status)),
                CborWriter.writeBytes(location)
            );
    }

    /// @notice sector → the epoch at which it is to end, whatever became of it since.
    function nominalExpiration(State storage s, CborParams.Cursor memory c) internal view returns (bytes memory) {
        uint64 number = CborParams.readUint(c);
        CborParams.end(c);
        if (!s.byNumber[number].present) revert ActorExit(ExitCode.NOT_FOUND);
        return CborWriter.writeInt(s.byNumber[number].expiration);
    }

    function _readLocation(bytes memory location) private pure returns (int64 deadline, int64 partition) {
        CborParams.Cursor memory c = CborParams.openInner(location, ExitCode.ILLEGAL_ARGUMENT);
        CborParams.readTuple(c, 2);
        deadline = CborParams.readInt(c);
        partition = CborParams.readInt(c);
        CborParams.end(c);
    }

    function _locationOf(State storage s, uint64 number) private view returns (int64 deadline, int64 partition) {
        if (!s.byNumber[number].present) return (NOWHERE, NOWHERE);
        return (int64(number) % DEADLINES, int64(number) / DEADLINES / PARTITION_SECTORS);
    }

    function _expect(uint64 number, ILocalMiner.SectorStatus expected, ILocalMiner.SectorStatus actual) private pure {
        if (actual != expected) revert ILocalMiner.WrongSectorStatus(number, expected, actual);
    }
}
