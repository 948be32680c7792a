// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Delegating} from "../Delegating.sol";
import {AggregatedDeal} from "./Frc0087.sol";
import {IAggregatorOracle} from "./IAggregatorOracle.sol";
import {IPinningRequests} from "./IPinningRequests.sol";
import {PinningExtension} from "./PinningExtension.sol";

/// @title PinningForwards: what {PinningRequests} runs out of its extension
abstract contract PinningForwards is IPinningRequests, Delegating {
    PinningExtension public immutable extension;

    constructor(PinningExtension extension_) {
        extension = extension_;
    }

    /// @inheritdoc IPinningRequests
    function openOrder(uint256) external returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc IPinningRequests
    function cancel(uint256) external {
        _runAs(address(extension));
    }

    /// @inheritdoc IPinningRequests
    function refund(uint256) external returns (uint256) {
        _runAs(address(extension));
    }

    /// @inheritdoc IPinningRequests
    function getRequest(uint256) external view returns (RequestView memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPinningRequests
    function perpetualTermsOf(uint256) external view returns (PerpetualTerms memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPinningRequests
    function dealsOf(uint256) external view returns (ProvenDeal[] memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPinningRequests
    function requestIds(uint256, uint256) external view returns (uint256[] memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IPinningRequests
    function requestIdsOf(address, uint256, uint256) external view returns (uint256[] memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IAggregatorOracle
    function getAllCIDs(uint64, uint64) external view returns (bytes[] memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IAggregatorOracle
    function getAllDeals(bytes calldata, uint64, uint64) external view returns (AggregatedDeal[] memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IAggregatorOracle
    function getActiveDeals(bytes calldata) external view returns (AggregatedDeal[] memory) {
        _viewAs(address(extension));
    }

    /// @inheritdoc IAggregatorOracle
    function getExpiringDeals(bytes calldata, uint64) external view returns (AggregatedDeal[] memory) {
        _viewAs(address(extension));
    }
}
