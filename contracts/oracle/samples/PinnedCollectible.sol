// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Cid} from "../../filecoin/Cid.sol";
import {EdgeJobs} from "../EdgeJobs.sol";
import {EdgeProvider} from "../EdgeProvider.sol";
import {FailReason} from "../FailReason.sol";
import {OracleClient} from "../OracleClient.sol";

/// @title PinnedCollectible: an ERC-721 whose tokens exist once their metadata is pinned
/// @notice A token's id is the id of the request that asked for its metadata to be pinned.
contract PinnedCollectible is ERC721, OracleClient {
    /// @notice Metadata is JSON: 1 MiB is plenty.
    uint64 public constant MAX_BYTES = 1 << 20;
    uint64 public constant ANSWER_EPOCHS = 2880; // a day

    /// @param to Who gets the token.
    /// @param cid The binary CID (v0 or v1) of the metadata.
    struct Order {
        address to;
        bytes cid;
    }

    EdgeProvider public immutable edge;
    mapping(uint256 tokenId => Order) private _orders;

    event MintOrdered(uint256 indexed tokenId, address indexed to, bytes cid);
    event MintFailed(uint256 indexed tokenId, FailReason reason);

    constructor(
        EdgeProvider edge_
    ) ERC721("Pinned Collectible", "PIN") OracleClient(edge_.registry(), edge_.providerId()) {
        edge = edge_;
    }

    /// @notice Orders a token; send exactly {price}. It is minted when the answer is final. If the metadata cannot be pinned, or
    /// nobody answers, take the money back by {refundTo}.
    /// @dev Emits {MintOrdered}. Reverts with {Cid-InvalidCid}, {ERC721InvalidReceiver}: an answer must not fail for what was known.
    /// @param fetchLink Where to get the metadata, as {EdgeJobs-PinPayload} says; may be empty.
    function mint(address to, bytes calldata cid, bytes calldata fetchLink) external payable returns (uint256 tokenId) {
        if (to == address(0)) revert ERC721InvalidReceiver(to);
        Cid.requireValid(cid);

        bytes memory payload = edge.encodePin(cid, fetchLink);
        tokenId = _ask(EdgeJobs.PIN, payload, MAX_BYTES, msg.value, uint64(block.number) + ANSWER_EPOCHS);
        _orders[tokenId] = Order({to: to, cid: cid});

        emit MintOrdered(tokenId, to, cid);
    }

    /// @notice What {mint} costs now, attoFIL.
    function price() external view returns (uint256) {
        return edge.quote(EdgeJobs.PIN, MAX_BYTES);
    }

    /// @notice `ipfs://` and the CID in base 16. A version 0 CID is told as the version 1 that means the same.
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        bytes memory cid = _orders[tokenId].cid;
        bytes memory version1 = cid[0] == 0x01 ? cid : bytes.concat(hex"0170", cid);
        bytes memory digits = Bytes.slice(bytes(Strings.toHexString(version1)), 2);
        return string.concat("ipfs://f", string(digits)); // f: multibase's base 16
    }

    /// @dev {ERC721-_mint}, not `_safeMint`: no code of the receiver runs within the oracle's callback.
    function _onAnswer(uint256 tokenId, uint8, bytes calldata) internal override {
        _mint(_orders[tokenId].to, tokenId);
    }

    function _onFailure(uint256 tokenId, uint8, FailReason reason) internal override {
        emit MintFailed(tokenId, reason);
    }
}
