// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Page} from "../../contracts/Page.sol";

/// @notice A page is never longer than 200 entries and never reaches past the list.
contract PageTest {
    using Page for uint256[];

    uint256[] private _list;

    function setUp() external {
        for (uint256 i = 0; i < 201; ++i) _list.push(1000 + i);
    }

    function testFuzz_sizeIsTheLeastOfCountRestAnd200(uint16 length, uint256 start, uint256 count) external pure {
        uint256 size = Page.sizeAt(length, start, count);
        if (start >= length) {
            require(size == 0, "entries past the end");
            return;
        }

        uint256 rest = length - start;
        require(size <= count && size <= rest && size <= 200, "too many entries");
        require(size == count || size == rest || size == 200, "too few entries");
    }

    function test_aPageHas200Entries() external view {
        uint256[] memory page = _list.page(0, type(uint256).max);
        require(page.length == 200, "not 200");
        require(page[0] == 1000 && page[199] == 1199, "other entries");
    }

    function test_theNextPageGoesOn() external view {
        uint256[] memory page = _list.page(200, 200);
        require(page.length == 1 && page[0] == 1200, "other entries");
    }

    function test_theNewest256() external pure {
        require(Page.startOfNewest(0) == 0, "of none");
        require(Page.startOfNewest(256) == 0, "of 256");
        require(Page.startOfNewest(257) == 1, "of 257");
    }
}
