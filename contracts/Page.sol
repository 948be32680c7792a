// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Page
/// @notice Bounds of what one view returns from a list that anybody can make longer.
library Page {
    /// @notice Entries on a page.
    uint256 internal constant MAX_COUNT = 200;

    /// @notice Entries that a view without pages looks at.
    uint256 internal constant MAX_UNPAGED = 256;

    /// @notice The part of `count` entries from `start` that a list of `length` has, {MAX_COUNT} at most.
    /// @return size Entries on the page; 0 from the list's end on.
    function sizeAt(uint256 length, uint256 start, uint256 count) internal pure returns (uint256 size) {
        if (start >= length) return 0;
        size = length - start;
        if (size > count) size = count;
        if (size > MAX_COUNT) size = MAX_COUNT;
    }

    /// @notice Where the newest {MAX_UNPAGED} entries of a list of `length` begin.
    function startOfNewest(uint256 length) internal pure returns (uint256) {
        return length > MAX_UNPAGED ? length - MAX_UNPAGED : 0;
    }

    /// @notice The ids on one page of `list`.
    function page(uint256[] storage list, uint256 start, uint256 count) internal view returns (uint256[] memory ids) {
        ids = new uint256[](sizeAt(list.length, start, count));
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = list[start + i];
    }
}
