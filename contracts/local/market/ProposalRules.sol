// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ILocalMarket} from "../ILocalMarket.sol";
import {DealProposal} from "./DealProposal.sol";

/// @title ProposalRules
/// @notice The market's bounds on a proposal (built-in actors v18, runtime policy). A provider's collateral has
/// no least amount here: it would hang on power and supply that a local chain has not.
library ProposalRules {
    /// @notice 180 and 1278 days of 2880 epochs.
    int64 internal constant MIN_DURATION = 518_400;
    int64 internal constant MAX_DURATION = 3_680_640;
    uint256 internal constant MAX_LABEL_BYTES = 256;
    uint64 internal constant MIN_PIECE_BYTES = 128;
    uint64 internal constant MAX_PIECE_BYTES = 1 << 36;
    /// @notice A verified deal's piece is 1 MiB at least.
    uint64 internal constant MIN_VERIFIED_PIECE_BYTES = 1 << 20;

    /// @notice All FIL there can be, attoFIL.
    uint256 internal constant TOTAL_FILECOIN = 2_000_000_000 ether;

    /// @notice The first rule which `p` breaks at this epoch, if any.
    function check(DealProposal memory p) internal view returns (ILocalMarket.Fault) {
        if (p.label.length > MAX_LABEL_BYTES) return ILocalMarket.Fault.LabelTooLong;
        if (!p.validPiece || !_sizeFits(p)) return ILocalMarket.Fault.BadPiece;
        if (p.endEpoch <= p.startEpoch) return ILocalMarket.Fault.EndNotAfterStart;
        if (int256(block.number) > p.startEpoch) return ILocalMarket.Fault.StartElapsed;
        int256 duration = int256(p.endEpoch) - p.startEpoch;
        if (duration < MIN_DURATION || duration > MAX_DURATION) return ILocalMarket.Fault.DurationOutOfBounds;
        if (!_moneyFits(p, uint256(duration))) return ILocalMarket.Fault.PriceOutOfBounds;
        return ILocalMarket.Fault.None;
    }

    function _moneyFits(DealProposal memory p, uint256 duration) private pure returns (bool) {
        return
            p.pricePerEpoch <= TOTAL_FILECOIN / duration &&
            p.providerCollateral <= TOTAL_FILECOIN &&
            p.clientCollateral <= TOTAL_FILECOIN;
    }

    function _sizeFits(DealProposal memory p) private pure returns (bool) {
        uint64 least = p.verified ? MIN_VERIFIED_PIECE_BYTES : MIN_PIECE_BYTES;
        return p.size >= least && p.size <= MAX_PIECE_BYTES && p.size & (p.size - 1) == 0;
    }
}
