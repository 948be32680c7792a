// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {OrderRules} from "../../../contracts/perpetual/OrderRules.sol";
import {vm} from "../helpers/Vm.sol";

/// @notice What the default terms ask of a provider depends on the chain: 10 TiB of power on mainnet, nothing elsewhere.
contract OrderRulesTest {
    function testFuzz_mainnetAsksForConsensusPower(uint64 price) external {
        vm.chainId(314);
        require(OrderRules.defaultTerms(price).minPower == 10 * 1024 ** 4, "not 10 TiB");
    }

    function testFuzz_otherChainsAskForNone(uint64 price, uint32 chainId) external {
        vm.assume(chainId != 314 && chainId != 0);
        vm.chainId(chainId);
        require(OrderRules.defaultTerms(price).minPower == 0, "asks for power");
    }
}
