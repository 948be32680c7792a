// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorId} from "../../../contracts/local/ActorId.sol";
import {AddressBook} from "../../../contracts/local/AddressBook.sol";
import {CallActorId} from "../../../contracts/local/CallActorId.sol";
import {ILocalMarket} from "../../../contracts/local/ILocalMarket.sol";
import {ILocalMiner} from "../../../contracts/local/ILocalMiner.sol";
import {ILocalPower} from "../../../contracts/local/ILocalPower.sol";
import {LocalMarket} from "../../../contracts/local/LocalMarket.sol";
import {LocalMiner} from "../../../contracts/local/LocalMiner.sol";
import {LocalPower} from "../../../contracts/local/LocalPower.sol";
import {LookupDelegatedAddress} from "../../../contracts/local/LookupDelegatedAddress.sol";
import {ResolveAddress} from "../../../contracts/local/ResolveAddress.sol";
import {vm} from "./Vm.sol";

/// @title LocalActors
/// @notice Puts the stand-ins of Filecoin's actors at their real addresses, in a Solidity test.
library LocalActors {
    uint64 internal constant ADDRESS_BOOK = 1;
    uint64 internal constant POWER = 4;
    uint64 internal constant MARKET = 5;

    uint64 private constant SECTOR_SIZE = 32 << 30;

    /// @notice Precompiles, address book, market, power, and miners 1000 to 1000 + `minerCount` − 1, all controlled by `owner`.
    function install(uint64 minerCount, address owner) internal {
        vm.etch(0xFE00000000000000000000000000000000000001, address(new ResolveAddress()).code);
        vm.etch(0xfE00000000000000000000000000000000000002, address(new LookupDelegatedAddress()).code);
        vm.etch(0xfe00000000000000000000000000000000000005, address(new CallActorId()).code);
        vm.etch(ActorId.toAddress(ADDRESS_BOOK), address(new AddressBook()).code);
        vm.etch(ActorId.toAddress(POWER), address(new LocalPower()).code);
        vm.etch(ActorId.toAddress(MARKET), address(new LocalMarket()).code);
        market().beginAt(1);

        bytes memory minerCode = address(new LocalMiner()).code;
        for (uint64 id = 1000; id < 1000 + minerCount; ++id) {
            vm.etch(ActorId.toAddress(id), minerCode);
            ILocalMiner(ActorId.toAddress(id)).configure(owner, owner, new address[](0), SECTOR_SIZE);
            ILocalPower(ActorId.toAddress(POWER)).addMiner(id);
        }
    }

    function market() internal pure returns (ILocalMarket) {
        return ILocalMarket(ActorId.toAddress(MARKET));
    }
}
