// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorCall} from "./ActorCall.sol";
import {Cbor} from "./Cbor.sol";
import {CborEncode} from "./CborEncode.sol";
import {PieceCid} from "./PieceCid.sol";

/// @title MarketActor
/// @notice What the built-in storage market (f05) says of a deal.
/// @dev Every getter returns an exit code first, and a value that means nothing unless the code is 0.
/// {NOT_FOUND}: never published. {DEAL_EXPIRED}: it was, and is over for whichever reason. {DEAL_NOT_ACTIVATED}: no sector
/// yet. Any other code says nothing about the deal: a caller must not conclude from it.
/// Reverts with {ActorCall-BadActorReturn} or an error of {Cbor} when the answer is not the method's.
library MarketActor {
    using Cbor for Cbor.Cursor;

    /// @param digest Commitment of the deal's piece.
    /// @param size Its padded size in bytes.
    struct DataCommitment {
        bytes32 digest;
        uint64 size;
    }

    /// @param start Epoch from which storage is due.
    /// @param duration Epochs; the term's end is `start + duration`. Nothing ends the deal by itself then: until somebody
    /// settles it, the market goes on answering as if it ran.
    struct Term {
        int64 start;
        int64 duration;
    }

    /// @param activated Epoch at which a sector with the piece was proven, maybe before the term's start; −1: not yet.
    /// @param terminated −1. Since network version 22 a terminated deal is removed at once ({DEAL_EXPIRED}).
    struct Activation {
        int64 activated;
        int64 terminated;
    }

    uint64 internal constant ID = 5;

    int256 internal constant NOT_FOUND = 17;
    int256 internal constant DEAL_EXPIRED = 32;
    int256 internal constant DEAL_NOT_ACTIVATED = 33;

    uint64 private constant GET_BALANCE = 726108461;
    uint64 private constant GET_DEAL_ACTIVATION = 2567238399;
    uint64 private constant GET_DEAL_CLIENT = 128053329;
    uint64 private constant GET_DEAL_CLIENT_COLLATERAL = 200567895;
    uint64 private constant GET_DEAL_DATA_COMMITMENT = 1157985802;
    uint64 private constant GET_DEAL_LABEL = 46363526;
    uint64 private constant GET_DEAL_PROVIDER = 935081690;
    uint64 private constant GET_DEAL_PROVIDER_COLLATERAL = 2986712137;
    uint64 private constant GET_DEAL_SECTOR = 2611213344;
    uint64 private constant GET_DEAL_TERM = 163777312;
    uint64 private constant GET_DEAL_TOTAL_PRICE = 4287162428;
    uint64 private constant GET_DEAL_VERIFIED = 2627389465;

    /// @notice The piece the deal stores.
    /// @dev Reverts with {PieceCid-NotAPieceCid} too.
    function getDealDataCommitment(
        uint64 dealId
    ) internal view returns (int256 exitCode, DataCommitment memory commitment) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = _get(GET_DEAL_DATA_COMMITMENT, dealId);
        if (exitCode != 0) return (exitCode, commitment);

        answer.readArray(2);
        commitment.digest = PieceCid.decode(answer.readCid());
        commitment.size = answer.readUint();
        answer.end();
    }

    /// @notice Actor id of the deal's provider, a miner actor.
    function getDealProvider(uint64 dealId) internal view returns (int256 exitCode, uint64 actorId) {
        return _getUint(GET_DEAL_PROVIDER, dealId);
    }

    /// @notice Actor id of the deal's client.
    function getDealClient(uint64 dealId) internal view returns (int256 exitCode, uint64 actorId) {
        return _getUint(GET_DEAL_CLIENT, dealId);
    }

    /// @notice Number of the sector that holds the deal's piece.
    function getDealSector(uint64 dealId) internal view returns (int256 exitCode, uint64 sector) {
        return _getUint(GET_DEAL_SECTOR, dealId);
    }

    /// @notice When storage is due, in epochs.
    function getDealTerm(uint64 dealId) internal view returns (int256 exitCode, Term memory term) {
        (exitCode, term.start, term.duration) = _getEpochs(GET_DEAL_TERM, dealId);
    }

    /// @notice When the deal's piece was proven in a sector.
    function getDealActivation(uint64 dealId) internal view returns (int256 exitCode, Activation memory activation) {
        (exitCode, activation.activated, activation.terminated) = _getEpochs(GET_DEAL_ACTIVATION, dealId);
    }

    /// @notice What the client wrote on the deal, 256 bytes at most.
    /// @return exitCode 0 when the market answered.
    /// @return label The bytes.
    /// @return isText Whether the client called them text.
    function getDealLabel(uint64 dealId) internal view returns (int256 exitCode, bytes memory label, bool isText) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = _get(GET_DEAL_LABEL, dealId);
        if (exitCode != 0) return (exitCode, label, isText);

        isText = answer.isText();
        label = isText ? answer.readText() : answer.readBytes();
        answer.end();
    }

    /// @notice What the whole term costs, in attoFIL.
    function getDealTotalPrice(uint64 dealId) internal view returns (int256 exitCode, uint256 price) {
        return _getAmount(GET_DEAL_TOTAL_PRICE, dealId);
    }

    /// @notice What the client put down, in attoFIL.
    function getDealClientCollateral(uint64 dealId) internal view returns (int256 exitCode, uint256 collateral) {
        return _getAmount(GET_DEAL_CLIENT_COLLATERAL, dealId);
    }

    /// @notice What the provider put down, in attoFIL.
    function getDealProviderCollateral(uint64 dealId) internal view returns (int256 exitCode, uint256 collateral) {
        return _getAmount(GET_DEAL_PROVIDER_COLLATERAL, dealId);
    }

    /// @notice Whether the deal spends a verified client's data cap.
    function getDealVerified(uint64 dealId) internal view returns (int256 exitCode, bool verified) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = _get(GET_DEAL_VERIFIED, dealId);
        if (exitCode != 0) return (exitCode, verified);

        verified = answer.readBool();
        answer.end();
    }

    /// @notice Escrow of an account at the market, in attoFIL.
    /// @param filAddress A Filecoin address in binary (see {FilAddress}).
    /// @return exitCode 0 when the market answered.
    /// @return balance All of it.
    /// @return locked The part of it that deals hold.
    function getBalance(
        bytes memory filAddress
    ) internal view returns (int256 exitCode, uint256 balance, uint256 locked) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = ActorCall.readValue(ID, GET_BALANCE, CborEncode.encodeBytes(filAddress));
        if (exitCode != 0) return (exitCode, balance, locked);

        answer.readArray(2);
        balance = answer.readBigUint();
        locked = answer.readBigUint();
        answer.end();
    }

    /// @dev The getters take the bare deal id, not an array that holds it.
    function _get(uint64 method, uint64 dealId) private view returns (int256 exitCode, Cbor.Cursor memory answer) {
        return ActorCall.readValue(ID, method, CborEncode.encodeUint(dealId));
    }

    function _getUint(uint64 method, uint64 dealId) private view returns (int256 exitCode, uint64 value) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = _get(method, dealId);
        if (exitCode != 0) return (exitCode, value);

        value = answer.readUint();
        answer.end();
    }

    function _getAmount(uint64 method, uint64 dealId) private view returns (int256 exitCode, uint256 amount) {
        Cbor.Cursor memory answer;
        (exitCode, answer) = _get(method, dealId);
        if (exitCode != 0) return (exitCode, amount);

        amount = answer.readBigUint();
        answer.end();
    }

    function _getEpochs(
        uint64 method,
        uint64 dealId
    ) private view returns (int256 exitCode, int64 first, int64 second) {
        (int256 code, Cbor.Cursor memory answer) = _get(method, dealId);
        if (code != 0) return (code, first, second);

        answer.readArray(2);
        first = answer.readInt();
        second = answer.readInt();
        answer.end();
    }
}
