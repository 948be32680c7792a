// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {CborParams} from "../../../../contracts/local/CborParams.sol";
import {CborWriter} from "../../../../contracts/local/CborWriter.sol";
import {ExitCode} from "../../../../contracts/local/ExitCode.sol";
import {FilecoinAddress} from "../../../../contracts/local/FilecoinAddress.sol";
import {ActorExit} from "../../../../contracts/local/NativeActor.sol";
import {MethodNumber} from "../../../../contracts/local/MethodNumber.sol";
import {PieceCommitment} from "../../../../contracts/local/PieceCommitment.sol";

/// @notice The market, the power actor and all miners in one contract: what is true of deals and sectors, and answers that are
/// that truth or, in a mood, something else. One call deep and without storage that is not needed, so that many sequences are cheap.
contract MoodyActors {
    /// @notice Honest; an exit code; success with nothing; null; the right answer and a byte too many; an unknown codec; half an
    /// answer; a precompile that fails.
    enum Mood {
        Honest,
        Exit,
        Empty,
        Null,
        Trailing,
        Codec,
        Short,
        Fails
    }

    /// @param activated −1: not yet.
    struct Deal {
        bool known;
        bool removed;
        uint64 size;
        uint64 client;
        uint64 provider;
        uint64 sector;
        int64 start;
        int64 duration;
        int64 activated;
        bytes32 digest;
        bytes label;
    }

    /// @param status As FIP-0112 counts: 0 dead, 1 active, 2 faulty.
    struct Sector {
        uint8 status;
        int64 expiration;
    }

    uint64 internal constant POWER = 4;
    uint64 internal constant MARKET = 5;
    uint64 private constant CBOR = 0x51;
    uint64 private constant RAW = 0x55;
    bytes32 private constant RIGHT_PLACE = keccak256(hex"820102");

    Mood public mood;
    int256 public moodExit;
    uint64 public moodMethod;
    /// @notice Answers that were not the truth, in calls that did not revert.
    uint256 public badAnswers;

    uint64 public nextDeal = 1;
    uint64 public nextSector = 1;
    mapping(uint64 dealId => Deal) private _deals;
    mapping(uint64 miner => mapping(uint64 sector => Sector)) public sectors;
    mapping(uint64 miner => bool) public isMiner;
    mapping(uint64 miner => uint64) public ownerOf;
    mapping(uint64 miner => uint64) public workerOf;
    mapping(uint64 miner => uint256) public powerOf;

    // ---- truth

    function setMiner(uint64 miner, bool known, uint64 owner, uint64 worker, uint256 power) external {
        isMiner[miner] = known;
        ownerOf[miner] = owner;
        workerOf[miner] = worker;
        powerOf[miner] = power;
    }

    function setDeal(uint64 dealId, Deal calldata deal) external returns (uint64) {
        if (dealId == 0) dealId = nextDeal++;
        _deals[dealId] = deal;
        return dealId;
    }

    function setSector(uint64 miner, uint64 sector, uint8 status, int64 expiration) external returns (uint64) {
        if (sector == 0) sector = nextSector++;
        sectors[miner][sector] = Sector(status, expiration);
        return sector;
    }

    /// @notice As the market does: what is removed answers 32 for ever.
    function removeDeal(uint64 dealId) external {
        _deals[dealId].removed = true;
    }

    function dealOf(uint64 dealId) external view returns (Deal memory) {
        return _deals[dealId];
    }

    /// @param method For which; 0: for all.
    function setMood(Mood mood_, int256 exitCode, uint64 method) external {
        (mood, moodExit, moodMethod) = (mood_, exitCode, method);
    }

    /// @notice Whether a method is answered with something else than the truth.
    function spoils(uint64 method) public view returns (bool) {
        if (mood == Mood.Honest || (moodMethod != 0 && moodMethod != method)) return false;
        // Of f04 it is asked only whether it has something to say.
        bool bareYes = method == MethodNumber.MINER_POWER || method == MethodNumber.MINER_RAW_POWER;
        return !(bareYes && (mood == Mood.Null || mood == Mood.Trailing));
    }

    // ---- answers

    /// @return What the precompile returns. Reverts when that fails.
    function reply(uint64 actorId, uint64 method, bytes calldata params) external returns (bytes memory) {
        if (!spoils(method)) {
            (int256 exitCode, bytes memory data) = _answer(actorId, method, params);
            return abi.encode(exitCode, data.length == 0 ? 0 : CBOR, data);
        }
        ++badAnswers;
        assert(mood != Mood.Fails);
        if (mood == Mood.Exit) return abi.encode(moodExit, uint64(0), "");
        if (mood == Mood.Empty) return abi.encode(int256(0), uint64(0), "");
        if (mood == Mood.Null) return abi.encode(int256(0), CBOR, hex"f6");
        if (mood == Mood.Short) return abi.encode(int256(0), CBOR);
        (, bytes memory right) = _answer(actorId, method, params);
        if (mood == Mood.Codec) return abi.encode(int256(0), RAW, bytes.concat(right, hex"f5"));
        return abi.encode(int256(0), CBOR, bytes.concat(right, hex"00"));
    }

    function _answer(
        uint64 actorId,
        uint64 method,
        bytes calldata params
    ) private view returns (int256 exitCode, bytes memory data) {
        try this.answer(actorId, method, params) returns (bytes memory answered) {
            return (0, answered);
        } catch (bytes memory reason) {
            assert(bytes4(reason) == ActorExit.selector);
            assembly ("memory-safe") {
                exitCode := mload(add(reason, 36))
            }
        }
    }

    /// @notice The truth. Reverts with {ActorExit}.
    function answer(uint64 actorId, uint64 method, bytes calldata params) external view returns (bytes memory) {
        if (actorId == MARKET) return _ofDeal(method, CborParams.readUint(CborParams.open(params)));
        if (actorId == POWER) return _power(method, CborParams.readUint(CborParams.open(params)));
        if (ownerOf[actorId] == 0) revert ActorExit(ExitCode.UNHANDLED_MESSAGE);
        return _ofMiner(actorId, method, params);
    }

    function _ofDeal(uint64 method, uint64 dealId) private view returns (bytes memory) {
        Deal storage deal = _deals[dealId];
        if (!deal.known) revert ActorExit(ExitCode.NOT_FOUND);
        if (deal.removed) revert ActorExit(ExitCode.DEAL_EXPIRED);
        if (method == MethodNumber.GET_DEAL_ACTIVATION) return _pair(deal.activated, -1);
        if (method == MethodNumber.GET_DEAL_TERM) return _pair(deal.start, deal.duration);
        if (method == MethodNumber.GET_DEAL_PROVIDER) return CborWriter.writeUint(deal.provider);
        if (method == MethodNumber.GET_DEAL_CLIENT) return CborWriter.writeUint(deal.client);
        if (method == MethodNumber.GET_DEAL_LABEL) return CborWriter.writeText(deal.label);
        if (method == MethodNumber.GET_DEAL_VERIFIED) return CborWriter.writeBool(false);
        if (method == MethodNumber.GET_DEAL_DATA_COMMITMENT)
            return
                bytes.concat(
                    CborWriter.writeArray(2),
                    PieceCommitment.encode(deal.digest),
                    CborWriter.writeUint(deal.size)
                );
        if (method != MethodNumber.GET_DEAL_SECTOR) revert ActorExit(ExitCode.UNHANDLED_MESSAGE);
        if (deal.activated < 0) revert ActorExit(ExitCode.DEAL_NOT_ACTIVATED);
        return CborWriter.writeUint(deal.sector);
    }

    function _power(uint64 method, uint64 miner) private view returns (bytes memory) {
        bool raw = method == MethodNumber.MINER_RAW_POWER;
        if (!raw && method != MethodNumber.MINER_POWER) revert ActorExit(ExitCode.UNHANDLED_MESSAGE);
        if (!isMiner[miner]) revert ActorExit(raw ? ExitCode.ILLEGAL_ARGUMENT : ExitCode.NOT_FOUND);
        bytes memory power = CborWriter.writeBigInt(powerOf[miner]);
        return bytes.concat(CborWriter.writeArray(2), power, raw ? CborWriter.writeBool(true) : power);
    }

    function _ofMiner(uint64 miner, uint64 method, bytes calldata params) private view returns (bytes memory) {
        if (method == MethodNumber.GET_OWNER)
            return
                bytes.concat(
                    CborWriter.writeArray(2),
                    CborWriter.writeBytes(FilecoinAddress.fromId(ownerOf[miner])),
                    CborWriter.NULL
                );
        CborParams.Cursor memory c = CborParams.open(params);
        if (method == MethodNumber.IS_CONTROLLING_ADDRESS) {
            FilecoinAddress.Parsed memory who = FilecoinAddress.parse(CborParams.readBytes(c));
            uint64 id = who.kind == FilecoinAddress.Kind.Ethereum ? uint64(uint160(who.account)) : who.id;
            return CborWriter.writeBool(id == ownerOf[miner] || id == workerOf[miner]);
        }
        if (method == MethodNumber.GET_NOMINAL_SECTOR_EXPIRATION)
            return CborWriter.writeInt(sectors[miner][CborParams.readUint(c)].expiration);
        if (method != MethodNumber.VALIDATE_SECTOR_STATUS) revert ActorExit(ExitCode.UNHANDLED_MESSAGE);

        CborParams.readTuple(c, 3);
        uint64 sector = CborParams.readUint(c);
        uint64 status = CborParams.readUint(c);
        if (keccak256(CborParams.readBytes(c)) != RIGHT_PLACE) revert ActorExit(ExitCode.NOT_FOUND);
        return CborWriter.writeBool(sectors[miner][sector].status == status);
    }

    function _pair(int64 first, int64 second) private pure returns (bytes memory) {
        return bytes.concat(CborWriter.writeArray(2), CborWriter.writeInt(first), CborWriter.writeInt(second));
    }
}
