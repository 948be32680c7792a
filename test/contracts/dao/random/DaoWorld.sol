// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorId} from "../../../../contracts/local/ActorId.sol";
import {AddressBook} from "../../../../contracts/local/AddressBook.sol";
import {ILocalMiner} from "../../../../contracts/local/ILocalMiner.sol";
import {Collection} from "../../../../contracts/dao/Collection.sol";
import {DaoTreasury} from "../../../../contracts/dao/DaoTreasury.sol";
import {DataDAO} from "../../../../contracts/dao/DataDAO.sol";
import {DataDAOFactory} from "../../../../contracts/dao/DataDAOFactory.sol";
import {GovernorExtension} from "../../../../contracts/dao/GovernorExtension.sol";
import {IDataDAO} from "../../../../contracts/dao/IDataDAO.sol";
import {IDataDAOFactory} from "../../../../contracts/dao/IDataDAOFactory.sol";
import {IMembership} from "../../../../contracts/dao/IMembership.sol";
import {MemberBadge} from "../../../../contracts/dao/MemberBadge.sol";
import {ProposalDesk} from "../../../../contracts/dao/ProposalDesk.sol";
import {WeightToken} from "../../../../contracts/dao/WeightToken.sol";
import {LocalActors} from "../../helpers/LocalActors.sol";
import {vm} from "../../helpers/Vm.sol";
import {PinningWorld} from "../../pinning/PinningWorld.sol";
import {MoodyPayee} from "./MoodyPayee.sol";
import {SigningWallet} from "./SigningWallet.sol";

/// @notice Two DAOs, of badges and of weights, on {PinningRequests} and {PerpetualStorage}: five members of each, two of which are
/// wallets, a storage provider, strangers, a guardian, a payee. The first call of a sequence decides which of the two it is about.
abstract contract DaoWorld is PinningWorld {
    uint256 public constant ACCOUNTS = 8;
    uint256 internal constant MEMBERS = 5;
    uint256 internal constant FIRST_WALLET = 3;
    uint256 internal constant WALLETS = 2;
    uint64 internal constant MINER = 1000;
    uint256 internal constant DEPOSIT = 4_000_000;
    uint48 internal constant DELAY = 3;
    uint32 internal constant PERIOD = 20;
    uint32 internal constant LATE = 6;
    uint32 internal constant TIMELOCK = 5;
    uint64 internal constant GUARDED = 60_000;
    uint256 internal constant SECONDS = 30;
    address internal constant GUARDIAN = address(0x9a);

    MoodyPayee public immutable payee = new MoodyPayee();
    DataDAO public dao;
    DaoTreasury public treasury;
    Collection public collection;
    IMembership public membership;
    bool public weighted;
    uint256 public epoch;
    uint256 public guardedUntil;
    address internal _otherDao;
    address[ACCOUNTS] internal _accounts;
    DataDAOFactory private immutable _factory;

    constructor() {
        _factory = _makeFactory();
        address[ACCOUNTS] memory all = [
            address(0xd0),
            address(0xd1),
            address(0xd2),
            address(new SigningWallet()),
            address(new SigningWallet()),
            SP,
            address(0xd6),
            address(0xd7)
        ];
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            _accounts[i] = all[i];
            AddressBook(ActorId.toAddress(1)).register(all[i]);
        }
        epoch = block.number;
        guardedUntil = epoch + GUARDED;
        vm.warp(epoch * SECONDS);
        for (uint256 kind = 0; kind < 2; ++kind) {
            vm.deal(address(this), DEPOSIT);
            _factory.create{value: DEPOSIT}(_setup(kind == 1));
        }
    }

    function account(uint256 i) public view returns (address) {
        return _accounts[i % ACCOUNTS];
    }

    /// @dev The account, or its masked id address.
    function _named(uint256 i, bool masked) internal view returns (address) {
        if (!masked) return account(i);
        (, uint64 id) = AddressBook(ActorId.toAddress(1)).idOf(account(i));
        return ActorId.toAddress(id);
    }

    function _choose(bool weighted_) internal {
        weighted = weighted_;
        address[] memory both = _factory.daos(0, 2);
        dao = DataDAO(payable(both[weighted_ ? 1 : 0]));
        _otherDao = both[weighted_ ? 0 : 1];
        IDataDAOFactory.Parts memory parts = _factory.partsOf(address(dao));
        treasury = DaoTreasury(payable(parts.treasury));
        collection = Collection(parts.collection);
        membership = IMembership(parts.membership);
    }

    function _control(address[] memory controls) internal {
        ILocalMiner(ActorId.toAddress(MINER)).configure(SP, SP, controls, 32 << 30);
    }

    function _makeFactory() private returns (DataDAOFactory) {
        DataDAO code = new DataDAO(new GovernorExtension(new ProposalDesk()));
        return
            new DataDAOFactory(
                code,
                new DaoTreasury(pinning, perpetual),
                new Collection(pinning, perpetual),
                new MemberBadge(),
                new WeightToken()
            );
    }

    function _setup(bool weighted_) private view returns (IDataDAOFactory.Setup memory setup) {
        setup.name = "DAO";
        setup.symbol = "D";
        setup.members = new address[](MEMBERS);
        setup.weights = new uint256[](weighted_ ? MEMBERS : 0);
        for (uint256 i = 0; i < MEMBERS; ++i) {
            setup.members[i] = _named(i, i == 1);
            if (weighted_) setup.weights[i] = MEMBERS - i;
        }
        setup.settings = IDataDAO.Settings({
            votingDelay: DELAY,
            votingPeriod: PERIOD,
            quorumPercent: 30,
            lateExtension: LATE,
            timelockDelay: TIMELOCK,
            proposalThreshold: weighted_ ? 2 : 1
        });
        (setup.guardian, setup.guardianUntil) = (GUARDIAN, uint64(guardedUntil));
    }
}
