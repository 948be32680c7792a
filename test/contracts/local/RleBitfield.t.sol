// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {RleBitfieldHarness} from "../../../contracts/local/harness/RleBitfieldHarness.sol";
import {ActorExit} from "../../../contracts/local/NativeActor.sol";
import {Vm} from "../helpers/Vm.sol";

contract RleBitfieldTest {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    RleBitfieldHarness private immutable _rle = new RleBitfieldHarness();

    /// What was written is read again, in order.
    function testFuzz_DecodesWhatItEncodes(bool[] calldata members) external view {
        uint64[] memory read = _rle.decode(_rle.encode(members), members.length);

        uint256 count = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (!members[i]) continue;
            assert(read[count] == i);
            ++count;
        }
        assert(read.length == count);
    }

    /// Long runs take the third form of a run.
    function testFuzz_DecodesLongRuns(uint8 zeros, uint8 ones) external view {
        bool[] memory members = new bool[](uint256(zeros) + ones);
        for (uint256 i = zeros; i < members.length; ++i) members[i] = true;

        uint64[] memory read = _rle.decode(_rle.encode(members), ones);

        assert(read.length == ones);
        for (uint256 i = 0; i < ones; ++i) assert(read[i] == zeros + i);
    }

    function test_EncodesAsActorsDo() external view {
        bool[] memory three = new bool[](5);
        (three[0], three[1], three[2]) = (true, true, true);
        assert(keccak256(_rle.encode(three)) == keccak256(hex"74"));
        assert(_rle.encode(new bool[](3)).length == 0);
    }

    function test_RefusesAnotherVersion() external {
        VM.expectRevert(abi.encodeWithSelector(ActorExit.selector, uint32(21)));
        _rle.decode(hex"01", 10);
    }

    function test_RefusesMoreThanIsAskedFor() external {
        VM.expectRevert(abi.encodeWithSelector(ActorExit.selector, uint32(21)));
        _rle.decode(hex"74", 2);
    }

    function test_RefusesARunWithoutAnEnd() external {
        VM.expectRevert(abi.encodeWithSelector(ActorExit.selector, uint32(21)));
        _rle.decode(hex"e0ffffffffffffffffffffffffff", 2);
    }
}
