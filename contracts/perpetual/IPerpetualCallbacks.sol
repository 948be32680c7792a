// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title What Filecoin's actors call here
interface IPerpetualCallbacks {
    /// @notice Why a deal proposal with this contract as client is refused. NotFree: a price, or collateral of the client's.
    enum Refusal {
        NotTheMarket,
        OtherClient,
        NotFree,
        Verified,
        BadLabel,
        NoSuchClaim,
        OtherProvider,
        OtherPiece,
        BadStart,
        TermTooShort
    }

    error DealRefused(Refusal reason);
    error UnhandledMethod(uint64 method);
    /// @notice Data cap was sent here; nothing here can spend or return it (FIP-0118 ends it besides).
    error DatacapRefused();

    /// @notice What Filecoin's actors call: AuthenticateMessage (read-only) and MarketNotifyDeal of the market, SectorContentChanged of
    /// a miner; data cap's Receive is refused.
    /// @dev Emits {SlotBound}. Reverts with {DealRefused}, {DatacapRefused}, {UnhandledMethod}, {NotAMiner}, Cbor's errors. A miner's
    /// notification answers true or false per piece and refuses none that is well formed.
    /// @return exitCode 0.
    /// @return codec 0x51 (CBOR) with data, 0 without.
    /// @return data CBOR true for AuthenticateMessage, an array of arrays of booleans for SectorContentChanged.
    // The name is Filecoin's: the selector depends on it.
    // solhint-disable-next-line func-name-mixedcase
    function handle_filecoin_method(
        uint64 method,
        uint64 inputCodec,
        bytes calldata params
    ) external returns (uint32 exitCode, uint64 codec, bytes memory data);
}
