// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {ActorExit, NativeActor} from "./NativeActor.sol";
import {ActorId} from "./ActorId.sol";
import {CborParams} from "./CborParams.sol";
import {CborWriter} from "./CborWriter.sol";
import {ExitCode} from "./ExitCode.sol";
import {ILocalMiner} from "./ILocalMiner.sol";
import {ILocalPower} from "./ILocalPower.sol";
import {MethodNumber} from "./MethodNumber.sol";

/// @title LocalPower
/// @notice The stand-in of the power actor (f04). A miner's power is the bytes of its active sectors, none of them verified.
contract LocalPower is NativeActor, ILocalPower {
    mapping(uint64 id => bool) private _isMiner;
    uint64[] private _miners;

    /// @inheritdoc ILocalPower
    function addMiner(uint64 id) external {
        if (_isMiner[id]) return;

        _isMiner[id] = true;
        _miners.push(id);
    }

    /// @inheritdoc ILocalPower
    function isMiner(uint64 id) external view returns (bool) {
        return _isMiner[id];
    }

    function _run(uint64 method, bool hasParams, bytes calldata params) internal view override returns (bytes memory) {
        bool ofOneMiner = method == MethodNumber.MINER_POWER || method == MethodNumber.MINER_RAW_POWER;
        if (ofOneMiner) {
            _expectParams(true, hasParams);
            CborParams.Cursor memory c = CborParams.open(params);
            uint64 id = CborParams.readUint(c);
            CborParams.end(c);
            return method == MethodNumber.MINER_POWER ? _minerPower(id) : _minerRawPower(id);
        }

        bytes memory answer;
        if (method == MethodNumber.MINER_COUNT)
            answer = CborWriter.writeUint(uint64(_miners.length));
            // No local miner reaches the consensus minimum (10 TiB).
        else if (method == MethodNumber.MINER_CONSENSUS_COUNT) answer = CborWriter.writeUint(0);
        else if (method == MethodNumber.NETWORK_RAW_POWER) answer = CborWriter.writeBigInt(_networkPower());
        else revert ActorExit(ExitCode.UNHANDLED_MESSAGE);
        _expectParams(false, hasParams);
        return answer;
    }

    function _minerPower(uint64 id) private view returns (bytes memory) {
        if (!_isMiner[id]) revert ActorExit(ExitCode.NOT_FOUND);
        bytes memory power = CborWriter.writeBigInt(_powerOf(id));
        return bytes.concat(CborWriter.writeArray(2), power, power);
    }

    function _minerRawPower(uint64 id) private view returns (bytes memory) {
        if (!_isMiner[id]) revert ActorExit(ExitCode.ILLEGAL_ARGUMENT);
        uint256 power = _powerOf(id);
        // Where fewer than four miners reach the minimum, any power does.
        return bytes.concat(CborWriter.writeArray(2), CborWriter.writeBigInt(power), CborWriter.writeBool(power != 0));
    }

    function _networkPower() private view returns (uint256 power) {
        for (uint256 i = 0; i < _miners.length; ++i) power += _powerOf(_miners[i]);
    }

    function _powerOf(uint64 id) private view returns (uint256) {
        return ILocalMiner(ActorId.toAddress(id)).activeBytes();
    }
}
