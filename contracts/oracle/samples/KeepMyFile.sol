// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EdgeJobs} from "../EdgeJobs.sol";
import {EdgeProvider} from "../EdgeProvider.sol";
import {OracleClient} from "../OracleClient.sol";

/// @title KeepMyFile: asks for a CID to be pinned and remembers when it is
contract KeepMyFile is OracleClient {
    struct File {
        address owner;
        uint64 pinnedEpoch;
    }

    EdgeProvider private immutable edge;
    mapping(uint256 id => File) public files;
    error NothingToRefund(uint256 id);

    constructor(EdgeProvider edge_) OracleClient(edge_.registry(), edge_.providerId()) {
        edge = edge_;
    }

    /// @notice Send exactly `edge.quote(PIN, 1 GiB)`; operators have a day (2,880 epochs).
    function keep(bytes calldata cid, bytes calldata fetchLink) external payable returns (uint256 id) {
        id = _ask(EdgeJobs.PIN, edge.encodePin(cid, fetchLink), 1 << 30, msg.value, uint64(block.number) + 2880);
        files[id].owner = msg.sender;
    }

    /// @notice Failed, or nobody answered in time: the fee goes back to whoever asked.
    function refund(uint256 id) external {
        uint256 amount = _reclaim(id);
        if (amount == 0) revert NothingToRefund(id);
        Address.sendValue(payable(files[id].owner), amount);
    }

    function _onAnswer(uint256 id, uint8, bytes calldata) internal override {
        files[id].pinnedEpoch = uint64(block.number);
    }
}
