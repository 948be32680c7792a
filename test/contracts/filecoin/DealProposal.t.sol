// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {DealProposal} from "../../../contracts/filecoin/DealProposal.sol";
import {PieceCid} from "../../../contracts/filecoin/PieceCid.sol";
import {CborWriter} from "../../../contracts/local/CborWriter.sol";
import {DealProposalHarness} from "../../../contracts/local/harness/DealProposalHarness.sol";
import {DealProposal as MarketProposal, DealProposals} from "../../../contracts/local/market/DealProposal.sol";
import {CborRefusals} from "../helpers/CborRefusals.sol";

/// @notice What the market's stand-in writes is read back field by field; all else is refused by name.
contract DealProposalTest {
    DealProposalHarness private immutable _proposals = new DealProposalHarness();

    function testFuzz_aProposalIsReadBack(uint256 seed, bytes calldata text) external view {
        MarketProposal memory given = _proposal(seed, text);
        _requireSame(_proposals.decode(DealProposals.encode(given)), given);
    }

    function testFuzz_aNoticeIsReadBack(uint256 seed, bytes calldata text, uint64 dealId) external view {
        MarketProposal memory given = _proposal(seed, text);
        (DealProposal.Proposal memory read, uint64 readId) = _proposals.decodeNotify(_notice(given, dealId));
        require(readId == dealId, "another deal");
        _requireSame(read, given);
    }

    function testFuzz_aMessageIsReadBack(bytes calldata signature, bytes calldata message) external view {
        bytes memory params = bytes.concat(
            CborWriter.writeArray(2),
            CborWriter.writeBytes(signature),
            CborWriter.writeBytes(message)
        );
        require(keccak256(_proposals.decodeAuthenticate(params)) == keccak256(message), "another message");
    }

    function testFuzz_everyCutIsRefusedByName(uint256 seed, bytes calldata text, uint256 cut) external view {
        bytes memory params = _notice(_proposal(seed, text), uint64(seed));
        cut %= params.length;
        assembly ("memory-safe") {
            mstore(params, cut)
        }
        CborRefusals.requireRefused(address(_proposals), abi.encodeCall(_proposals.decodeNotify, (params)));
    }

    function testFuzz_everyOtherByteIsReadOrRefusedByName(
        uint256 seed,
        bytes calldata text,
        uint256 at,
        bytes1 byte_
    ) external view {
        bytes memory params = _notice(_proposal(seed, text), uint64(seed));
        params[at % params.length] = byte_;
        CborRefusals.requireNamed(address(_proposals), abi.encodeCall(_proposals.decodeNotify, (params)));
    }

    function testFuzz_anyBytesAreReadOrRefusedByName(bytes calldata data) external view {
        CborRefusals.requireNamed(address(_proposals), abi.encodeCall(_proposals.decode, (data)));
        CborRefusals.requireNamed(address(_proposals), abi.encodeCall(_proposals.decodeAuthenticate, (data)));
        CborRefusals.requireNamed(address(_proposals), abi.encodeCall(_proposals.decodeNotify, (data)));
    }

    /// Numbers of every length out of `seed`, and three parts of `text`.
    function _proposal(uint256 seed, bytes calldata text) private pure returns (MarketProposal memory given) {
        uint256 third = text.length / 3;
        given.digest = keccak256(abi.encode(seed));
        given.client = text[:third];
        given.provider = text[third:2 * third];
        given.label = text[2 * third:];
        given.labelIsText = seed % 2 == 0;
        given.verified = seed % 3 == 0;
        given.size = uint64(_number(seed, 1) >> 192);
        given.startEpoch = int64(uint64(_number(seed, 2))) >> (seed % 64);
        given.endEpoch = int64(uint64(_number(seed, 3))) >> (seed % 61);
        given.pricePerEpoch = _number(seed, 4);
        given.providerCollateral = _number(seed, 5);
        given.clientCollateral = _number(seed, 6);
    }

    function _number(uint256 seed, uint256 which) private pure returns (uint256) {
        uint256 word = uint256(keccak256(abi.encode(seed, which)));
        return word >> (word % 257);
    }

    function _notice(MarketProposal memory given, uint64 dealId) private pure returns (bytes memory) {
        return
            bytes.concat(
                CborWriter.writeArray(2),
                CborWriter.writeBytes(DealProposals.encode(given)),
                CborWriter.writeUint(dealId)
            );
    }

    function _requireSame(DealProposal.Proposal memory read, MarketProposal memory given) private pure {
        require(keccak256(read.pieceCid) == keccak256(PieceCid.encode(given.digest)), "another piece");
        require(read.pieceSize == given.size && read.verified == given.verified, "another size or kind");
        require(keccak256(read.client) == keccak256(given.client), "another client");
        require(keccak256(read.provider) == keccak256(given.provider), "another provider");
        require(keccak256(read.label) == keccak256(given.label), "another label");
        require(read.labelIsText == given.labelIsText, "another kind of label");
        require(read.startEpoch == given.startEpoch && read.endEpoch == given.endEpoch, "another term");
        require(read.pricePerEpoch == given.pricePerEpoch, "another price");
        require(read.providerCollateral == given.providerCollateral, "another collateral of the provider");
        require(read.clientCollateral == given.clientCollateral, "another collateral of the client");
    }
}
