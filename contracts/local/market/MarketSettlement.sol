// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {CborWriter} from "../CborWriter.sol";
import {ExitCode} from "../ExitCode.sol";
import {ILocalMarket} from "../ILocalMarket.sol";
import {MarketEscrow} from "./MarketEscrow.sol";
import {Deal, Deals, MarketState, Stage} from "./MarketState.sol";

/// @title MarketSettlement
/// @notice How deals are paid and end: by settlement after their end, by a sector's early termination, by their start
/// passing before they are in a sector.
library MarketSettlement {
    using MarketEscrow for MarketState;

    /// @notice What became of one deal: an exit code, or a payment, and whether it is over.
    struct Outcome {
        uint32 exitCode;
        uint256 payment;
        bool completed;
    }

    /// @notice Settles one deal. One that is removed, or never was, or is removed now for not being activated in time, has
    /// exit code 32.
    function settle(MarketState storage s, uint64 dealId) internal returns (Outcome memory outcome) {
        Deal storage deal = s.deals[dealId];
        int64 epoch = _epoch();
        if (deal.stage == Stage.None) return Outcome(ExitCode.DEAL_EXPIRED, 0, false);
        if (deal.stage == Stage.Published) {
            if (epoch < deal.startEpoch) return outcome;
            _timeOut(s, dealId);
            return Outcome(ExitCode.DEAL_EXPIRED, 0, false);
        }

        delete s.pending[deal.proposalHash];
        if (epoch < deal.startEpoch) return outcome;
        outcome.payment = _pay(s, deal, epoch);
        if (epoch < deal.endEpoch) return outcome;

        outcome.completed = true;
        s.unlock(deal.client, deal.clientCollateral);
        s.unlock(deal.provider, deal.providerCollateral);
        Deals.remove(s, dealId);

        emit ILocalMarket.DealCompleted(dealId);
    }

    /// @notice Removes every deal in the terminated `sector` of `provider`, save those which are past their end.
    function terminateSector(MarketState storage s, uint64 provider, uint64 sector) internal {
        uint64[] memory dealIds = s.sectorDeals[provider][sector];
        delete s.sectorDeals[provider][sector];

        for (uint256 i = 0; i < dealIds.length; ++i) _terminate(s, dealIds[i]);
    }

    /// @notice SettleDealPayments' answer: [[success count, [[index, exit code] …]], [[payment, completed] …]]
    function encode(Outcome[] memory outcomes) internal pure returns (bytes memory) {
        bytes memory failures;
        bytes memory settlements;
        uint64 succeeded = 0;
        for (uint256 i = 0; i < outcomes.length; ++i) {
            Outcome memory o = outcomes[i];
            if (o.exitCode == ExitCode.OK) {
                ++succeeded;
                settlements = bytes.concat(
                    settlements,
                    CborWriter.writeArray(2),
                    CborWriter.writeBigInt(o.payment),
                    CborWriter.writeBool(o.completed)
                );
            } else {
                failures = bytes.concat(
                    failures,
                    CborWriter.writeArray(2),
                    CborWriter.writeUint(uint64(i)),
                    CborWriter.writeUint(o.exitCode)
                );
            }
        }
        bytes memory results = bytes.concat(
            CborWriter.writeArray(2),
            CborWriter.writeUint(succeeded),
            CborWriter.writeArray(uint64(outcomes.length) - succeeded),
            failures
        );
        return bytes.concat(CborWriter.writeArray(2), results, CborWriter.writeArray(succeeded), settlements);
    }

    /// Pays from the last settled epoch, or the start, to `epoch`, or the end.
    function _pay(MarketState storage s, Deal storage deal, int64 epoch) private returns (uint256 payment) {
        int64 from = deal.settledTo > deal.startEpoch ? deal.settledTo : deal.startEpoch;
        int64 to = epoch < deal.endEpoch ? epoch : deal.endEpoch;
        deal.settledTo = epoch;
        if (to <= from) return 0;

        payment = deal.pricePerEpoch * uint64(to - from);
        s.pay(deal.client, deal.provider, payment);
    }

    function _terminate(MarketState storage s, uint64 dealId) private {
        Deal storage deal = s.deals[dealId];
        int64 epoch = _epoch();
        if (deal.stage == Stage.None || deal.endEpoch <= epoch) return;

        _pay(s, deal, epoch);
        int64 paidTo = epoch > deal.startEpoch ? epoch : deal.startEpoch;
        s.unlock(deal.client, deal.pricePerEpoch * uint64(deal.endEpoch - paidTo) + deal.clientCollateral);
        s.burn(deal.provider, deal.providerCollateral);
        Deals.remove(s, dealId);

        emit ILocalMarket.DealTerminated(dealId);
    }

    function _timeOut(MarketState storage s, uint64 dealId) private {
        Deal storage deal = s.deals[dealId];
        s.unlock(deal.client, Deals.totalPrice(deal) + deal.clientCollateral);
        s.burn(deal.provider, deal.providerCollateral);
        Deals.remove(s, dealId);
    }

    function _epoch() private view returns (int64) {
        return int64(uint64(block.number));
    }
}
