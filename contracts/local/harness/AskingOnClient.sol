// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {EdgeJobs} from "../../oracle/EdgeJobs.sol";
import {FailReason} from "../../oracle/FailReason.sol";
import {IOracleRegistry} from "../../oracle/IOracleRegistry.sol";
import {OracleClient} from "../../oracle/OracleClient.sol";

/// @notice A client that asks on whatever it is told, out of what it was funded with.
contract AskingOnClient is OracleClient {
    constructor(IOracleRegistry registry_, uint256 providerId_) OracleClient(registry_, providerId_) {}

    function fund() external payable {}

    function ask() public returns (uint256) {
        uint256 fee = registry.quote(providerId, EdgeJobs.PIN, 1);
        return _ask(EdgeJobs.PIN, "", 1, fee, uint64(block.number) + 100);
    }

    function allowEarly(uint256 id) external {
        registry.allowEarly(id);
    }

    function askerOf(uint256 id) external view returns (address) {
        return _askerOf(id);
    }

    function _onAnswer(uint256, uint8, bytes calldata) internal override {
        ask();
    }

    function _onFailure(uint256, uint8, FailReason) internal override {
        ask();
    }

    function _onAnswerCancelled(uint256, uint8) internal override {
        ask();
    }
}
