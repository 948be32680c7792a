// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit} from "../NativeActor.sol";
import {CborParams} from "../CborParams.sol";
import {CborWriter} from "../CborWriter.sol";
import {ExitCode} from "../ExitCode.sol";
import {MethodNumber} from "../MethodNumber.sol";
import {PieceCommitment} from "../PieceCommitment.sol";
import {Deal, Deals, MarketState, Stage} from "./MarketState.sol";

/// @title MarketGetters
/// @notice The market's GetDeal… methods: a deal id in, CBOR out; exit 17 for a deal that never was, 32 for a removed one.
library MarketGetters {
    int64 private constant UNDEFINED = -1;

    /// @notice Answers `method`, if it is one of these.
    function answer(
        MarketState storage s,
        uint64 method,
        CborParams.Cursor memory c
    ) internal view returns (bytes memory) {
        uint64 dealId = CborParams.readUint(c);
        CborParams.end(c);
        Deal storage deal = Deals.get(s, dealId);

        if (method == MethodNumber.GET_DEAL_DATA_COMMITMENT) return _dataCommitment(deal);
        if (method == MethodNumber.GET_DEAL_CLIENT) return CborWriter.writeUint(deal.client);
        if (method == MethodNumber.GET_DEAL_PROVIDER) return CborWriter.writeUint(deal.provider);
        if (method == MethodNumber.GET_DEAL_LABEL) return _label(deal);
        if (method == MethodNumber.GET_DEAL_TERM) return _term(deal);
        if (method == MethodNumber.GET_DEAL_TOTAL_PRICE) return CborWriter.writeBigInt(Deals.totalPrice(deal));
        if (method == MethodNumber.GET_DEAL_CLIENT_COLLATERAL) return CborWriter.writeBigInt(deal.clientCollateral);
        if (method == MethodNumber.GET_DEAL_PROVIDER_COLLATERAL) return CborWriter.writeBigInt(deal.providerCollateral);
        if (method == MethodNumber.GET_DEAL_VERIFIED) return CborWriter.writeBool(deal.verified);
        if (method == MethodNumber.GET_DEAL_ACTIVATION) return _activation(deal);
        return _sector(deal);
    }

    /// @notice Whether `method` is one of these.
    function has(uint64 method) internal pure returns (bool) {
        return
            method == MethodNumber.GET_DEAL_DATA_COMMITMENT ||
            method == MethodNumber.GET_DEAL_CLIENT ||
            method == MethodNumber.GET_DEAL_PROVIDER ||
            method == MethodNumber.GET_DEAL_LABEL ||
            method == MethodNumber.GET_DEAL_TERM ||
            method == MethodNumber.GET_DEAL_TOTAL_PRICE ||
            method == MethodNumber.GET_DEAL_CLIENT_COLLATERAL ||
            method == MethodNumber.GET_DEAL_PROVIDER_COLLATERAL ||
            method == MethodNumber.GET_DEAL_VERIFIED ||
            method == MethodNumber.GET_DEAL_ACTIVATION ||
            method == MethodNumber.GET_DEAL_SECTOR;
    }

    function _dataCommitment(Deal storage deal) private view returns (bytes memory) {
        return
            bytes.concat(
                CborWriter.writeArray(2),
                PieceCommitment.encode(deal.digest),
                CborWriter.writeUint(deal.size)
            );
    }

    function _label(Deal storage deal) private view returns (bytes memory) {
        return deal.labelIsText ? CborWriter.writeText(deal.label) : CborWriter.writeBytes(deal.label);
    }

    /// [start, duration]: the second is not the end.
    function _term(Deal storage deal) private view returns (bytes memory) {
        return
            bytes.concat(
                CborWriter.writeArray(2),
                CborWriter.writeInt(deal.startEpoch),
                CborWriter.writeInt(deal.endEpoch - deal.startEpoch)
            );
    }

    /// [activated, terminated]: the second is never an epoch, for a terminated deal is removed at once (FIP-0074).
    function _activation(Deal storage deal) private view returns (bytes memory) {
        int64 activated = deal.stage == Stage.Active ? deal.activated : UNDEFINED;
        return bytes.concat(CborWriter.writeArray(2), CborWriter.writeInt(activated), CborWriter.writeInt(UNDEFINED));
    }

    function _sector(Deal storage deal) private view returns (bytes memory) {
        if (deal.stage != Stage.Active) revert ActorExit(ExitCode.DEAL_NOT_ACTIVATED);
        return CborWriter.writeUint(deal.sector);
    }
}
