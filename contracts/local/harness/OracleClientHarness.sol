// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {FailReason} from "../../oracle/FailReason.sol";
import {IOracleRegistry} from "../../oracle/IOracleRegistry.sol";
import {OracleClient} from "../../oracle/OracleClient.sol";

/// @notice {OracleClient} with its internals opened and its answers shown. It takes an answer only with `minGas` left.
contract OracleClientHarness is OracleClient {
    uint256 public minGas;

    event Answer(uint256 indexed id, uint8 stage, bytes data);
    event Failure(uint256 indexed id, uint8 stage, FailReason reason);
    event Cancelled(uint256 indexed id, uint8 stage);

    error Starved(uint256 required);

    constructor(IOracleRegistry registry_, uint256 providerId_) OracleClient(registry_, providerId_) {}

    function setMinGas(uint256 value) external {
        minGas = value;
    }

    function ask(
        uint32 job,
        bytes calldata payload,
        uint64 maxBytes,
        uint64 deadline
    ) external payable returns (uint256) {
        return _ask(job, payload, maxBytes, msg.value, deadline);
    }

    function reclaim(uint256 id) external returns (uint256) {
        return _reclaim(id);
    }

    function allowEarly(uint256 id) external {
        registry.allowEarly(id);
    }

    function _onAnswer(uint256 id, uint8 stage, bytes calldata data) internal override {
        if (gasleft() < minGas) revert Starved(minGas);
        emit Answer(id, stage, data);
    }

    function _onFailure(uint256 id, uint8 stage, FailReason reason) internal override {
        emit Failure(id, stage, reason);
    }

    function _onAnswerCancelled(uint256 id, uint8 stage) internal override {
        emit Cancelled(id, stage);
    }
}
