// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {SlotLabelHarness} from "../../../contracts/local/harness/SlotLabelHarness.sol";

/// @notice Whatever the bytes: what was written is read back, and what is read is the one way to write it.
contract SlotLabelTest {
    SlotLabelHarness private immutable _labels = new SlotLabelHarness();

    function testFuzz_aLabelIsReadBack(uint256 slot, uint64 nonce, uint8 slotShift, uint8 nonceShift) external view {
        slot >>= slotShift;
        nonce >>= nonceShift % 64;
        (bool ok, uint256 readSlot, uint64 readNonce) = _labels.parse(_labels.encode(slot, nonce));
        require(ok && readSlot == slot && readNonce == nonce, "another slot or nonce");
    }

    function testFuzz_anyBytesAreReadInOneWayOrNotAtAll(bytes calldata label) external view {
        _requireOneWay(label);
    }

    function testFuzz_aLabelWithAnotherByteIsAnotherOrNone(
        uint256 slot,
        uint64 nonce,
        uint256 at,
        bytes1 byte_
    ) external view {
        bytes memory label = _labels.encode(slot, nonce);
        label[at % label.length] = byte_;
        _requireOneWay(label);
    }

    function testFuzz_aLongerLabelIsAnotherOrNone(uint256 slot, uint64 nonce, bytes calldata more) external view {
        bytes memory label = _labels.encode(slot, nonce);
        _requireOneWay(bytes.concat(label, more));
        _requireOneWay(bytes.concat(more, label));
    }

    function _requireOneWay(bytes memory label) private view {
        (bool ok, uint256 slot, uint64 nonce) = _labels.parse(label);
        if (ok) require(keccak256(_labels.encode(slot, nonce)) == keccak256(label), "a second way to write a label");
        else require(slot == 0 && nonce == 0, "numbers of no label");
    }
}
