// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Podsi} from "../../../contracts/filecoin/Podsi.sol";
import {PodsiHarness} from "../../../contracts/local/harness/PodsiHarness.sol";
import {InclusionProof} from "../../../contracts/pinning/Frc0087.sol";
import {vm} from "../helpers/Vm.sol";

/// @notice Every true proof is accepted, and none that differs from a true one in anything.
contract PodsiTest {
    struct Aggregate {
        bytes32 digest;
        uint64 sizePc;
        InclusionProof proof;
        bytes32 root;
        uint64 sizePa;
    }

    PodsiHarness private immutable _podsi = new PodsiHarness();

    bytes4[6] private _errors = [
        Podsi.InvalidPieceSize.selector,
        Podsi.PathTooLong.selector,
        Podsi.IndexOutOfRange.selector,
        Podsi.AggregateSizeMismatch.selector,
        Podsi.OutsideIndexArea.selector,
        Podsi.RootMismatch.selector
    ];

    function testFuzz_trueProofIsAccepted(uint256 seed) external view {
        Aggregate memory a = _build(seed);
        (bytes32 root, uint64 sizePa) = _podsi.verify(a.digest, a.sizePc, a.proof);
        require(root == a.root, "another aggregate");
        require(sizePa == a.sizePa, "another size");
    }

    function testFuzz_otherPieceIsRefused(uint256 seed, uint8 bit) external view {
        Aggregate memory a = _build(seed);
        a.digest ^= bytes32(uint256(1) << bit);
        _requireRefused(a, Podsi.RootMismatch.selector);
    }

    function testFuzz_flippedSubtreeElementIsRefused(uint256 seed, uint8 element, uint8 bit) external view {
        Aggregate memory a = _build(seed);
        bytes32[] memory path = a.proof.proofSubtree.path;
        path[element % path.length] ^= bytes32(uint256(1) << bit);
        _requireRefused(a, Podsi.RootMismatch.selector);
    }

    function testFuzz_flippedIndexElementIsRefused(uint256 seed, uint8 element, uint8 bit) external view {
        Aggregate memory a = _build(seed);
        bytes32[] memory path = a.proof.proofIndex.path;
        path[element % path.length] ^= bytes32(uint256(1) << bit);
        _requireRefused(a, Podsi.RootMismatch.selector);
    }

    function testFuzz_otherSubtreeIndexIsRefused(uint256 seed, uint64 index) external view {
        Aggregate memory a = _build(seed);
        uint256 length = a.proof.proofSubtree.path.length;
        vm.assume(index != a.proof.proofSubtree.index);
        a.proof.proofSubtree.index = index;
        _requireRefused(a, index >> length == 0 ? Podsi.RootMismatch.selector : Podsi.IndexOutOfRange.selector);
        a.proof.proofSubtree.index = uint64(index % (uint256(1) << length));
        if (a.proof.proofSubtree.index != _build(seed).proof.proofSubtree.index) {
            _requireRefused(a, Podsi.RootMismatch.selector);
        }
    }

    function testFuzz_otherEntryIndexIsRefused(uint256 seed, uint64 index) external view {
        Aggregate memory a = _build(seed);
        uint256 entries = a.sizePa / 64;
        index = uint64(index % (2 * entries));
        vm.assume(index != a.proof.proofIndex.index);
        a.proof.proofIndex.index = index;
        if (index >= entries) _requireRefused(a, Podsi.IndexOutOfRange.selector);
        else if (index < entries - _areaOf(a.sizePa)) _requireRefused(a, Podsi.OutsideIndexArea.selector);
        else _requireRefused(a, Podsi.RootMismatch.selector);
    }

    function testFuzz_otherSizeIsRefused(uint256 seed, uint8 exponent) external view {
        Aggregate memory a = _build(seed);
        uint64 size = uint64(1) << (exponent % 64);
        vm.assume(size != a.sizePc);
        a.sizePc = size;
        _requireRefused(a, size < 128 ? Podsi.InvalidPieceSize.selector : Podsi.AggregateSizeMismatch.selector);
    }

    function testFuzz_sizeThatIsNoPowerOfTwoIsRefused(uint256 seed, uint64 size) external view {
        Aggregate memory a = _build(seed);
        vm.assume(size & (size - (size == 0 ? 0 : 1)) != 0 || size == 0);
        a.sizePc = size;
        _requireRefused(a, Podsi.InvalidPieceSize.selector);
    }

    function testFuzz_swappedProofsAreRefused(uint256 seed) external view {
        Aggregate memory a = _build(seed);
        (a.proof.proofSubtree, a.proof.proofIndex) = (a.proof.proofIndex, a.proof.proofSubtree);
        _requireRefused(a, Podsi.AggregateSizeMismatch.selector);
    }

    function testFuzz_anyProofIsRefusedByName(
        bytes32 digest,
        uint64 sizePc,
        uint8 exponent,
        InclusionProof calldata proof
    ) external view {
        if (exponent < 64) sizePc = uint64(1) << exponent;
        (bool success, bytes memory result) = address(_podsi).staticcall(
            abi.encodeCall(_podsi.verify, (digest, sizePc, proof))
        );
        require(!success, "a proof out of nothing");
        for (uint256 i = 0; i < _errors.length; ++i) if (bytes4(result) == _errors[i]) return;
        revert("refused without a name");
    }

    function _requireRefused(Aggregate memory a, bytes4 selector) private view {
        (bool success, bytes memory result) = address(_podsi).staticcall(
            abi.encodeCall(_podsi.verify, (a.digest, a.sizePc, a.proof))
        );
        require(!success, "accepted");
        require(bytes4(result) == selector, "refused with another error");
    }

    /// @dev An aggregate around one piece and its entry: below the node where their paths meet each is the other's
    /// sibling, everything else is random. Levels are counted from the entries (64 bytes) up.
    function _build(uint256 seed) private pure returns (Aggregate memory a) {
        uint256 pieceLevel = 1 + (_random(seed, "size") % 20);
        uint256 depth = 1 + (_random(seed, "depth") % (30 - pieceLevel));
        a.sizePc = uint64(64) << uint64(pieceLevel);
        a.sizePa = a.sizePc << uint64(depth);
        a.digest = bytes32(_random(seed, "digest"));

        uint256 entries = a.sizePa / 64;
        uint256 area = _areaOf(a.sizePa);
        uint256 entry = entries - 1 - (_random(seed, "entry") % (area < entries ? area : entries));
        uint256 holder = entry >> pieceLevel;
        uint256 piece = _random(seed, "piece") % ((uint256(1) << depth) - 1);
        if (piece >= holder) ++piece;
        a.proof.proofIndex.index = uint64(entry);
        a.proof.proofSubtree.index = uint64(piece);
        _climb(seed, a, pieceLevel, depth);
    }

    function _climb(uint256 seed, Aggregate memory a, uint256 pieceLevel, uint256 depth) private pure {
        bytes32[] memory entryPath = new bytes32[](pieceLevel + depth);
        bytes32[] memory piecePath = new bytes32[](depth);
        uint256 entry = a.proof.proofIndex.index;
        uint256 piece = a.proof.proofSubtree.index;
        bytes32 entryNode = _leaf(a.digest, piece * a.sizePc, a.sizePc);
        bytes32 pieceNode = a.digest;
        bool met = false;
        for (uint256 level = 0; level < pieceLevel + depth; ++level) {
            bytes32 sibling = bytes32(_random(seed, bytes32(level)));
            if (level < pieceLevel) {
                entryPath[level] = sibling;
            } else if (met) {
                entryPath[level] = piecePath[level - pieceLevel] = sibling;
            } else if (entry ^ 1 == piece) {
                (entryPath[level], piecePath[level - pieceLevel], met) = (pieceNode, entryNode, true);
            } else {
                entryPath[level] = sibling;
                piecePath[level - pieceLevel] = keccak256(abi.encode(sibling));
            }

            entryNode = _step(entryNode, entryPath[level], entry);
            if (level >= pieceLevel) {
                pieceNode = _step(pieceNode, piecePath[level - pieceLevel], piece);
                piece >>= 1;
            }
            entry >>= 1;
        }
        a.proof.proofIndex.path = entryPath;
        a.proof.proofSubtree.path = piecePath;
        a.root = entryNode;
    }

    function _step(bytes32 node, bytes32 sibling, uint256 index) private pure returns (bytes32) {
        return _truncate(sha256(index % 2 == 1 ? abi.encode(sibling, node) : abi.encode(node, sibling)));
    }

    function _leaf(bytes32 digest, uint256 offset, uint256 size) private pure returns (bytes32) {
        bytes memory start = abi.encodePacked(digest, _littleEndian(offset), _littleEndian(size));
        bytes16 checksum = bytes16(sha256(bytes.concat(start, bytes16(0))));
        bytes16 masked = checksum & 0xffffffffffffffffffffffffffffff3f;
        return _truncate(sha256(bytes.concat(start, masked)));
    }

    function _littleEndian(uint256 value) private pure returns (bytes memory data) {
        data = new bytes(8);
        for (uint256 i = 0; i < 8; ++i) data[i] = bytes1(uint8(value >> (8 * i)));
    }

    function _truncate(bytes32 hash) private pure returns (bytes32) {
        return bytes32(uint256(hash) - (uint256(hash) & 0xc0));
    }

    function _areaOf(uint256 sizePa) private pure returns (uint256 area) {
        area = sizePa >> 17;
        if (area < 4) area = 4;
    }

    function _random(uint256 seed, bytes32 purpose) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, purpose)));
    }
}
