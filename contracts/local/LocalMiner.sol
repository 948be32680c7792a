// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit, NativeActor} from "./NativeActor.sol";
import {ActorId} from "./ActorId.sol";
import {ActorMessage} from "./ActorMessage.sol";
import {CborParams} from "./CborParams.sol";
import {CborWriter} from "./CborWriter.sol";
import {ExitCode} from "./ExitCode.sol";
import {FilecoinAddress} from "./FilecoinAddress.sol";
import {ILocalMarket} from "./ILocalMarket.sol";
import {ILocalMiner} from "./ILocalMiner.sol";
import {MethodNumber} from "./MethodNumber.sol";
import {SectorNotice} from "./SectorNotice.sol";
import {Sectors} from "./Sectors.sol";

/// @title LocalMiner
/// @notice The stand-in of a miner actor: one code, placed at the masked address of each miner.
contract LocalMiner is NativeActor, ILocalMiner {
    using Sectors for Sectors.State;

    uint64 private _owner;
    uint64 private _sectorSize;
    mapping(uint64 id => bool) private _controls;
    uint64[] private _controlIds;
    Sectors.State private _sectors;

    /// @inheritdoc ILocalMiner
    function configure(address owner, address worker, address[] calldata control, uint64 sectorSize) external {
        for (uint256 i = 0; i < _controlIds.length; ++i) delete _controls[_controlIds[i]];
        delete _controlIds;

        _owner = FilecoinAddress.register(owner);
        _sectorSize = sectorSize;
        _addControl(_owner);
        _addControl(FilecoinAddress.register(worker));
        for (uint256 i = 0; i < control.length; ++i) _addControl(FilecoinAddress.register(control[i]));
    }

    /// @inheritdoc ILocalMiner
    function commitSector(uint64 sector, int64 expirationEpoch) external {
        _sectors.commit(sector, expirationEpoch);
    }

    /// @inheritdoc ILocalMiner
    function commitPieces(
        uint64 sector,
        int64 expirationEpoch,
        Piece[] calldata pieces,
        address receiver
    ) external returns (bool[] memory accepted) {
        Content[] memory contents = new Content[](1);
        contents[0] = Content(sector, expirationEpoch, pieces);
        return _commit(contents, receiver)[0];
    }

    /// @inheritdoc ILocalMiner
    function commitContents(Content[] calldata contents, address receiver) external returns (bool[][] memory accepted) {
        return _commit(contents, receiver);
    }

    /// @inheritdoc ILocalMiner
    function faultSector(uint64 sector) external {
        _sectors.move(sector, SectorStatus.Active, SectorStatus.Faulty);
    }

    /// @inheritdoc ILocalMiner
    function recoverSector(uint64 sector) external {
        _sectors.move(sector, SectorStatus.Faulty, SectorStatus.Active);
    }

    /// @inheritdoc ILocalMiner
    function terminateSector(uint64 sector) external {
        _sectors.terminate(sector);

        ILocalMarket(ActorId.toAddress(ActorId.MARKET)).onSectorTerminated(sector);
    }

    /// @inheritdoc ILocalMiner
    function compactSector(uint64 sector) external {
        _sectors.compact(sector);
    }

    /// @inheritdoc ILocalMiner
    function activeBytes() external view returns (uint256) {
        return uint256(_sectors.active) * _sectorSize;
    }

    function _commit(Content[] memory contents, address receiver) private returns (bool[][] memory accepted) {
        for (uint256 i = 0; i < contents.length; ++i) _sectors.commit(contents[i].sector, contents[i].expirationEpoch);

        ActorMessage.Reply memory reply = ActorMessage.deliver(
            ActorMessage.Message({
                to: FilecoinAddress.register(receiver),
                method: MethodNumber.SECTOR_CONTENT_CHANGED,
                value: 0,
                readOnly: false,
                codec: ActorMessage.CBOR,
                params: SectorNotice.encode(contents)
            })
        );
        return SectorNotice.decodeAccepted(reply, contents);
    }

    function _addControl(uint64 id) private {
        _controls[id] = true;
        _controlIds.push(id);
    }

    function _run(uint64 method, bool hasParams, bytes calldata params) internal view override returns (bytes memory) {
        if (method == MethodNumber.GET_OWNER || method == MethodNumber.GET_SECTOR_SIZE) {
            _expectParams(false, hasParams);
            return method == MethodNumber.GET_OWNER ? _getOwner() : CborWriter.writeUint(_sectorSize);
        }
        if (method == MethodNumber.GET_BENEFICIARY) {
            _expectParams(false, hasParams);
            return _getBeneficiary();
        }
        if (!_takesParams(method)) revert ActorExit(ExitCode.UNHANDLED_MESSAGE);
        _expectParams(true, hasParams);

        CborParams.Cursor memory c = CborParams.open(params);
        if (method == MethodNumber.IS_CONTROLLING_ADDRESS) return _isControllingAddress(c);
        if (method == MethodNumber.VALIDATE_SECTOR_STATUS) return _sectors.validateStatus(c);
        if (method == MethodNumber.GENERATE_SECTOR_LOCATION) return _sectors.generateLocation(c);
        return _sectors.nominalExpiration(c);
    }

    function _takesParams(uint64 method) private pure returns (bool) {
        return
            method == MethodNumber.IS_CONTROLLING_ADDRESS ||
            method == MethodNumber.VALIDATE_SECTOR_STATUS ||
            method == MethodNumber.GENERATE_SECTOR_LOCATION ||
            method == MethodNumber.GET_NOMINAL_SECTOR_EXPIRATION;
    }

    /// [owner, proposed owner or null]
    function _getOwner() private view returns (bytes memory) {
        return bytes.concat(CborWriter.writeArray(2), _ownerAddress(), CborWriter.NULL);
    }

    /// [[beneficiary, [quota, used quota, expiration]], proposed beneficiary or null]
    function _getBeneficiary() private view returns (bytes memory) {
        bytes memory term = bytes.concat(
            CborWriter.writeArray(3),
            CborWriter.writeBigInt(0),
            CborWriter.writeBigInt(0),
            CborWriter.writeInt(0)
        );
        bytes memory active = bytes.concat(CborWriter.writeArray(2), _ownerAddress(), term);
        return bytes.concat(CborWriter.writeArray(2), active, CborWriter.NULL);
    }

    function _ownerAddress() private view returns (bytes memory) {
        return CborWriter.writeBytes(FilecoinAddress.fromId(_owner));
    }

    function _isControllingAddress(CborParams.Cursor memory c) private view returns (bytes memory) {
        bytes memory raw = CborParams.readBytes(c);
        CborParams.end(c);
        (bool known, uint64 id) = FilecoinAddress.resolve(raw);
        return CborWriter.writeBool(known && _controls[id]);
    }
}
