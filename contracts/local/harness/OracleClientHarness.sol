// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleRegistry} from "../../oracle/IOracleRegistry.sol";
import {OracleClient} from "../../oracle/OracleClient.sol";

/// @notice {OracleClient} with its internals opened and its answers shown.
contract OracleClientHarness is OracleClient {
    event Answer(uint256 indexed id, uint8 stage, bytes data);

    constructor(IOracleRegistry registry_, uint256 providerId_) OracleClient(registry_, providerId_) {}

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

    function _onAnswer(uint256 id, uint8 stage, bytes calldata data) internal override {
        emit Answer(id, stage, data);
    }
}
