// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Page} from "../Page.sol";
import {Collection} from "./Collection.sol";
import {DaoRules} from "./DaoRules.sol";
import {DaoTreasury} from "./DaoTreasury.sol";
import {DataDAO} from "./DataDAO.sol";
import {IDataDAO} from "./IDataDAO.sol";
import {IDataDAOFactory} from "./IDataDAOFactory.sol";
import {IMembership} from "./IMembership.sol";
import {IProposalDesk} from "./IProposalDesk.sol";
import {MemberBadge} from "./MemberBadge.sol";
import {WeightToken} from "./WeightToken.sol";

/// @title DataDAOFactory
/// @dev The parts are clones (ERC-1167) of what it was made with: each of them alone nearly fills a contract. It has no power over them.
contract DataDAOFactory is IDataDAOFactory {
    DataDAO public immutable daoCode;
    DaoTreasury public immutable treasuryCode;
    Collection public immutable collectionCode;
    MemberBadge public immutable badgeCode;
    WeightToken public immutable tokenCode;

    address[] private _daos;
    mapping(address dao => Parts) private _parts;

    constructor(
        DataDAO daoCode_,
        DaoTreasury treasuryCode_,
        Collection collectionCode_,
        MemberBadge badgeCode_,
        WeightToken tokenCode_
    ) {
        (daoCode, treasuryCode, collectionCode) = (daoCode_, treasuryCode_, collectionCode_);
        (badgeCode, tokenCode) = (badgeCode_, tokenCode_);
    }

    /// @inheritdoc IDataDAOFactory
    function create(Setup calldata setup) external payable returns (address dao) {
        _requireText("name", DaoRules.MAX_NAME_LENGTH, bytes(setup.name).length);
        _requireText("symbol", DaoRules.MAX_SYMBOL_LENGTH, bytes(setup.symbol).length);
        DaoRules.within("members", DaoRules.MIN_MEMBERS, DaoRules.MAX_MEMBERS, setup.members.length);

        dao = Clones.clone(address(daoCode));
        Parts memory parts = Parts({
            treasury: Clones.clone(address(treasuryCode)),
            collection: Clones.clone(address(collectionCode)),
            membership: Clones.clone(setup.weights.length == 0 ? address(badgeCode) : address(tokenCode))
        });
        _daos.push(dao);
        _parts[dao] = parts;

        _initialise(dao, parts, setup);
        if (msg.value != 0) Address.sendValue(payable(parts.treasury), msg.value);

        emit DAOCreated(dao, msg.sender, setup.name, parts.treasury, parts.collection, parts.membership);
    }

    /// @inheritdoc IDataDAOFactory
    function isDAO(address account) external view returns (bool) {
        return _parts[account].treasury != address(0);
    }

    /// @inheritdoc IDataDAOFactory
    function partsOf(address dao) external view returns (Parts memory) {
        return _parts[dao];
    }

    /// @inheritdoc IDataDAOFactory
    function daoCount() external view returns (uint256) {
        return _daos.length;
    }

    /// @inheritdoc IDataDAOFactory
    function daos(uint256 start, uint256 count) external view returns (address[] memory page) {
        page = new address[](Page.sizeAt(_daos.length, start, count));
        for (uint256 i = 0; i < page.length; ++i) page[i] = _daos[start + i];
    }

    function _initialise(address dao, Parts memory parts, Setup calldata setup) private {
        DaoTreasury treasury = DaoTreasury(payable(parts.treasury));
        if (setup.weights.length == 0) {
            MemberBadge(parts.membership).initialize(setup.name, setup.symbol, dao, parts.treasury, setup.members);
        } else {
            WeightToken(parts.membership).initialize(
                setup.name,
                setup.symbol,
                dao,
                parts.treasury,
                setup.members,
                setup.weights
            );
        }
        Collection(parts.collection).initialize(IDataDAO(dao), parts.treasury);
        treasury.initialize(dao, setup.settings.timelockDelay, Collection(parts.collection));
        DataDAO(payable(dao)).initialize(
            setup.name,
            setup.settings,
            IMembership(parts.membership),
            treasury,
            setup.guardian,
            setup.guardianUntil,
            abi.encodeCall(IProposalDesk.setDefaultTerms, (setup.defaultTerms))
        );
    }

    function _requireText(string memory what, uint256 limit, uint256 length) private pure {
        DaoRules.within(what, 1, limit, length);
    }
}
