// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {DealStatus} from "./DealStatus.sol";
import {EdgeJobs} from "./EdgeJobs.sol";
import {IOracleRegistry} from "./IOracleRegistry.sol";

/// @title EdgeProvider: what to say to the Edge provider and how to read its answers
/// @notice One address tells a client which registry to ask and which provider it is; the encoders build a job's payload, the
/// decoders read its answers. Every encoding is `abi.encode` of the struct in {EdgeJobs}, and only that: what decodes to the same
/// values but is written otherwise is refused. Malformed offsets revert without a reason.
contract EdgeProvider {
    uint32 public constant PIN = EdgeJobs.PIN;
    uint32 public constant STORE = EdgeJobs.STORE;
    uint32 public constant STATUS = EdgeJobs.STATUS;
    uint32 public constant FETCH = EdgeJobs.FETCH;
    uint32 public constant PACK = EdgeJobs.PACK;

    IOracleRegistry public immutable registry;
    uint256 public immutable providerId;

    /// @notice An encoding has another length than its type's.
    error WrongLength(uint256 expected, uint256 actual);

    constructor(IOracleRegistry registry_, uint256 providerId_) {
        registry = registry_;
        providerId = providerId_;
    }

    /// @notice What a request for `job` costs, attoFIL: send exactly this.
    function quote(uint32 job, uint64 maxBytes) external view returns (uint256 fee) {
        return registry.quote(providerId, job, maxBytes);
    }

    /// @notice A deal as the market actor shows it now: what an operator votes for on a *status* request.
    /// @dev Reverts with {DealStatus-DealUnclear}, or as {MarketActor} does when an answer is not the method's.
    /// @param dealId The deal, as the market actor numbers it.
    function dealStatus(uint64 dealId) external view returns (EdgeJobs.StatusAnswer memory) {
        return DealStatus.read(dealId);
    }

    // ---- payloads

    /// @param cid The binary CID (v0 or v1).
    /// @param fetchLink Where to get it, as {EdgeJobs-PinPayload} says; may be empty.
    function encodePin(bytes calldata cid, bytes calldata fetchLink) external pure returns (bytes memory) {
        return abi.encode(EdgeJobs.PinPayload({cid: cid, fetchLink: fetchLink}));
    }

    function decodePin(bytes calldata data) external pure returns (EdgeJobs.PinPayload memory payload) {
        payload = abi.decode(data, (EdgeJobs.PinPayload));
        _requireLength(abi.encode(payload).length, data.length);
    }

    function encodeStore(EdgeJobs.StorePayload calldata payload) external pure returns (bytes memory) {
        return abi.encode(payload);
    }

    function decodeStore(bytes calldata data) external pure returns (EdgeJobs.StorePayload memory payload) {
        payload = abi.decode(data, (EdgeJobs.StorePayload));
        _requireLength(abi.encode(payload).length, data.length);
    }

    /// @param dealId The deal, as the market actor numbers it.
    function encodeStatus(uint64 dealId) external pure returns (bytes memory) {
        return abi.encode(EdgeJobs.StatusPayload({dealId: dealId}));
    }

    function decodeStatus(bytes calldata data) external pure returns (EdgeJobs.StatusPayload memory) {
        _requireLength(32, data.length);
        return abi.decode(data, (EdgeJobs.StatusPayload));
    }

    /// @param url The http(s) URL (text), 1 to 1,024 bytes.
    /// @param cid The binary CID (v0 or v1) that the URL's bytes must be. How many bytes that may be is the request's `maxBytes`.
    function encodeFetch(bytes calldata url, bytes calldata cid) external pure returns (bytes memory) {
        return abi.encode(EdgeJobs.FetchPayload({url: url, cid: cid}));
    }

    function decodeFetch(bytes calldata data) external pure returns (EdgeJobs.FetchPayload memory payload) {
        payload = abi.decode(data, (EdgeJobs.FetchPayload));
        _requireLength(abi.encode(payload).length, data.length);
    }

    /// @param cid The binary CID (v0 or v1).
    /// @param fetchLink Where to get it, as {EdgeJobs-PinPayload} says; may be empty.
    function encodePack(bytes calldata cid, bytes calldata fetchLink) external pure returns (bytes memory) {
        return abi.encode(EdgeJobs.PackPayload({cid: cid, fetchLink: fetchLink}));
    }

    function decodePack(bytes calldata data) external pure returns (EdgeJobs.PackPayload memory payload) {
        payload = abi.decode(data, (EdgeJobs.PackPayload));
        _requireLength(abi.encode(payload).length, data.length);
    }

    // ---- answers

    function encodePinned(EdgeJobs.PinnedAnswer calldata answer) external pure returns (bytes memory) {
        return abi.encode(answer);
    }

    function decodePinned(bytes calldata data) external pure returns (EdgeJobs.PinnedAnswer memory) {
        _requireLength(32, data.length);
        return abi.decode(data, (EdgeJobs.PinnedAnswer));
    }

    function encodePacked(EdgeJobs.PackedAnswer calldata answer) external pure returns (bytes memory) {
        return abi.encode(answer);
    }

    function decodePacked(bytes calldata data) external pure returns (EdgeJobs.PackedAnswer memory) {
        _requireLength(96, data.length);
        return abi.decode(data, (EdgeJobs.PackedAnswer));
    }

    function encodeReported(EdgeJobs.StatusAnswer calldata answer) external pure returns (bytes memory) {
        return abi.encode(answer);
    }

    function decodeReported(bytes calldata data) external pure returns (EdgeJobs.StatusAnswer memory) {
        _requireLength(256, data.length);
        return abi.decode(data, (EdgeJobs.StatusAnswer));
    }

    function encodeFetched(EdgeJobs.FetchedAnswer calldata answer) external pure returns (bytes memory) {
        return abi.encode(answer);
    }

    function decodeFetched(bytes calldata data) external pure returns (EdgeJobs.FetchedAnswer memory) {
        _requireLength(32, data.length);
        return abi.decode(data, (EdgeJobs.FetchedAnswer));
    }

    function _requireLength(uint256 expected, uint256 actual) private pure {
        if (actual != expected) revert WrongLength(expected, actual);
    }
}
