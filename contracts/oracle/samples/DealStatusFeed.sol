// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {EdgeJobs} from "../EdgeJobs.sol";
import {EdgeProvider} from "../EdgeProvider.sol";
import {OracleClient} from "../OracleClient.sol";

/// @title DealStatusFeed: the last attested status of storage deals, for any contract to read
/// @notice Anyone pays for a question; everyone reads the answer, once it is final.
contract DealStatusFeed is OracleClient {
    uint64 public constant ANSWER_EPOCHS = 2880; // a day

    /// @dev A status concerns no content: the least `maxBytes`.
    uint64 private constant MAX_BYTES = 1;

    struct Question {
        uint64 dealId;
        uint64 askedEpoch;
    }

    EdgeProvider public immutable edge;

    mapping(uint256 id => Question) private _questions;
    mapping(uint64 dealId => uint256) private _latestId;
    mapping(uint64 dealId => EdgeJobs.StatusAnswer) private _latest;

    event StatusAttested(uint64 indexed dealId, uint256 indexed id, EdgeJobs.DealState state, uint64 askedEpoch);

    error NeverAttested(uint64 dealId);
    error WrongDeal(uint64 expected, uint64 actual);

    constructor(EdgeProvider edge_) OracleClient(edge_.registry(), edge_.providerId()) {
        edge = edge_;
    }

    /// @notice Asks how a deal stands; send exactly {price}. If nobody answers, take it back by {refundTo}.
    /// @param dealId The deal, as the market actor numbers it.
    function refresh(uint64 dealId) external payable returns (uint256 id) {
        uint64 askedEpoch = uint64(block.number);
        id = _ask(EdgeJobs.STATUS, edge.encodeStatus(dealId), MAX_BYTES, msg.value, askedEpoch + ANSWER_EPOCHS);
        _questions[id] = Question({dealId: dealId, askedEpoch: askedEpoch});
    }

    /// @notice The status that was asked for last, of those that were answered.
    /// @dev Reverts with {NeverAttested}.
    /// @return status What a quorum of operators saw.
    /// @return ageEpochs How long ago they saw it at most: since the question was asked.
    function latest(uint64 dealId) external view returns (EdgeJobs.StatusAnswer memory status, uint256 ageEpochs) {
        uint256 id = _latestId[dealId];
        if (id == 0) revert NeverAttested(dealId);
        return (_latest[dealId], block.number - _questions[id].askedEpoch);
    }

    /// @notice What {refresh} costs now, attoFIL.
    function price() external view returns (uint256) {
        return edge.quote(EdgeJobs.STATUS, MAX_BYTES);
    }

    /// @dev Answers may come in another order than they were asked for: one to an older question changes nothing.
    function _onAnswer(uint256 id, uint8, bytes calldata data) internal override {
        Question memory question = _questions[id];
        EdgeJobs.StatusAnswer memory status = edge.decodeReported(data);
        if (status.dealId != question.dealId) revert WrongDeal(question.dealId, status.dealId);
        if (id < _latestId[status.dealId]) return;

        _latestId[status.dealId] = id;
        _latest[status.dealId] = status;

        emit StatusAttested(status.dealId, id, status.state, question.askedEpoch);
    }
}
