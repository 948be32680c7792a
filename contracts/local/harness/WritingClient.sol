// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorMessage} from "../ActorMessage.sol";
import {CborWriter} from "../CborWriter.sol";
import {INativeActor} from "../INativeActor.sol";
import {MethodNumber} from "../MethodNumber.sol";

/// @title WritingClient
/// @notice A deal client which agrees to every proposal, and counts messages; also those in which nothing may be written,
/// when told so.
contract WritingClient is INativeActor {
    bool public writesWhenAsked;
    mapping(uint64 method => uint256) public messages;
    bytes public notice;
    address public lastSender;

    constructor(bool writesWhenAsked_) {
        writesWhenAsked = writesWhenAsked_;
    }

    /// @inheritdoc INativeActor
    function handle_filecoin_method(
        uint64 method,
        uint64,
        bytes calldata params
    ) external payable returns (uint32, uint64, bytes memory) {
        if (method == MethodNumber.AUTHENTICATE_MESSAGE && !writesWhenAsked) {
            return (0, ActorMessage.CBOR, CborWriter.writeBool(true));
        }
        ++messages[method];
        if (method == MethodNumber.AUTHENTICATE_MESSAGE) return (0, ActorMessage.CBOR, CborWriter.writeBool(true));
        notice = params;
        lastSender = msg.sender;
        return (0, 0, "");
    }
}
