// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {EdgeJobs} from "../EdgeJobs.sol";
import {EdgeProvider} from "../EdgeProvider.sol";
import {OracleClient} from "../OracleClient.sol";

/// @title KeepMyFile: asks for a CID to be pinned and remembers when it is
contract KeepMyFile is OracleClient {
    EdgeProvider private immutable edge;

    /// @notice The epoch at which the answer came; 0 before.
    mapping(uint256 id => uint256) public pinnedEpoch;

    constructor(EdgeProvider edge_) OracleClient(edge_.registry(), edge_.providerId()) {
        edge = edge_;
    }

    /// @notice Send exactly `edge.quote(PIN, 1 GiB)`; operators have a day (2,880 epochs). If they fail, or nobody answers, take the
    /// fee back by {refundTo}.
    function keep(bytes calldata cid, bytes calldata fetchLink) external payable returns (uint256 id) {
        return _ask(EdgeJobs.PIN, edge.encodePin(cid, fetchLink), 1 << 30, msg.value, uint64(block.number) + 2880);
    }

    function _onAnswer(uint256 id, uint8, bytes calldata) internal override {
        pinnedEpoch[id] = block.number;
    }
}
