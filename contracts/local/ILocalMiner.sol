// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title ILocalMiner
/// @notice What a local chain can tell the stand-in of a miner actor, beside its messages. The id is the one in the address
/// that its code stands at. All of it is for anyone: it stands for proofs that a local chain does not make.
interface ILocalMiner {
    /// @notice As FIP-0112 counts them; a sector that was never there is `Dead` too.
    enum SectorStatus {
        Dead,
        Active,
        Faulty
    }

    /// @notice A piece in a sector: its commitment, its padded bytes, and what its receiver is told.
    struct Piece {
        bytes32 digest;
        uint64 size;
        bytes payload;
    }

    /// @notice What a sector that is proven holds, and until when it is committed at least.
    struct Content {
        uint64 sector;
        int64 expirationEpoch;
        Piece[] pieces;
    }

    event SectorCommitted(uint64 indexed sector, int64 expirationEpoch);
    event SectorStatusChanged(uint64 indexed sector, SectorStatus status);

    /// @notice `actual` is not the status in which `sector` can do this.
    error WrongSectorStatus(uint64 sector, SectorStatus expected, SectorStatus actual);

    /// @notice The miner had a sector of this number already, which is gone: a number is used once.
    error SectorNumberUsed(uint64 sector);

    /// @notice Sets who controls the miner and how large its sectors are, in bytes; masked ids stand for native accounts.
    function configure(address owner, address worker, address[] calldata control, uint64 sectorSize) external;

    /// @notice Proves `sector`, which is then active until `expirationEpoch` at least; an active one's end only moves out.
    /// @dev Emits {SectorCommitted}. Reverts with {WrongSectorStatus} for a faulty or terminated sector, with {SectorNumberUsed} for
    /// one that was dropped.
    function commitSector(uint64 sector, int64 expirationEpoch) external;

    /// @notice Proves `sector` with pieces that no deal covers (direct data onboarding) and tells `receiver` of them
    /// (FIP-0109, SectorContentChanged); a receiver that fails has accepted none.
    /// @return accepted What the receiver answered, per piece.
    function commitPieces(
        uint64 sector,
        int64 expirationEpoch,
        Piece[] calldata pieces,
        address receiver
    ) external returns (bool[] memory accepted);

    /// @notice {commitPieces} of several sectors at once, of which the receiver is told in one message.
    /// @return accepted What the receiver answered, per sector and piece.
    function commitContents(Content[] calldata contents, address receiver) external returns (bool[][] memory accepted);

    /// @notice Makes an active sector faulty.
    function faultSector(uint64 sector) external;

    /// @notice Makes a faulty sector active.
    function recoverSector(uint64 sector) external;

    /// @notice Ends a sector: its deals which are not past their end are removed at once. No sector ends by time alone here: this
    /// stands for its expiration too.
    function terminateSector(uint64 sector) external;

    /// @notice Drops a terminated sector from the state, as compaction does.
    function compactSector(uint64 sector) external;

    /// @notice The bytes of all active sectors.
    function activeBytes() external view returns (uint256);
}
