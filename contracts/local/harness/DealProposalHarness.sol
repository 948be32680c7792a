// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {DealProposal} from "../../filecoin/DealProposal.sol";

/// @title DealProposalHarness
/// @notice {DealProposal} as calls.
contract DealProposalHarness {
    function decode(bytes memory cbor) external pure returns (DealProposal.Proposal memory) {
        return DealProposal.decode(cbor);
    }

    function decodeAuthenticate(bytes memory params) external pure returns (bytes memory proposal) {
        return DealProposal.decodeAuthenticate(params);
    }

    function decodeNotify(
        bytes memory params
    ) external pure returns (DealProposal.Proposal memory proposal, uint64 dealId) {
        return DealProposal.decodeNotify(params);
    }
}
