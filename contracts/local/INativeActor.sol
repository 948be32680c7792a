// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title INativeActor
/// @notice How a message reaches an actor of the local chain: the entry point that Filecoin's EVM actor gives to contracts
/// (FRC-0042 methods; selector 0x868e10c4), used for the stand-ins of the built-in actors too.
interface INativeActor {
    /// @notice Handles one message. The sender is `msg.sender`.
    /// @param method The FRC-0042 method number.
    /// @param codec The IPLD codec of `params`: 0x51 (CBOR), or 0 when there are none.
    /// @param params The CBOR parameters.
    /// @return exitCode 0 = OK, else the actor's exit code; the state is then unchanged.
    /// @return returnCodec 0x51, or 0 when `data` is empty.
    /// @return data The CBOR answer.
    // The name is Filecoin's: the selector depends on it.
    // solhint-disable-next-line func-name-mixedcase
    function handle_filecoin_method(
        uint64 method,
        uint64 codec,
        bytes calldata params
    ) external payable returns (uint32 exitCode, uint64 returnCodec, bytes memory data);
}
