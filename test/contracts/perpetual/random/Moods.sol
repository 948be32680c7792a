// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {MethodNumber} from "../../../../contracts/local/MethodNumber.sol";
import {MoodyActors} from "./MoodyActors.sol";
import {PerpetualBooks} from "./PerpetualBooks.sol";

/// @notice Actors that now and then answer something else than the truth, for one action.
abstract contract Moods is PerpetualBooks {
    /// @dev In one of eight actions.
    modifier moody(uint256 seed) {
        if (seed % 8 == 0) _spoil(seed >> 8);
        _;
        if (seed % 8 == 0) actors.setMood(MoodyActors.Mood.Honest, 0, 0);
    }

    function isSpoilt() internal view returns (bool) {
        return actors.mood() != MoodyActors.Mood.Honest;
    }

    function _spoil(uint256 seed) private {
        uint64[10] memory methods = [
            MethodNumber.GET_DEAL_ACTIVATION,
            MethodNumber.VALIDATE_SECTOR_STATUS,
            MethodNumber.GET_DEAL_TERM,
            MethodNumber.GET_DEAL_PROVIDER,
            MethodNumber.GET_DEAL_LABEL,
            MethodNumber.GET_DEAL_DATA_COMMITMENT,
            MethodNumber.GET_DEAL_SECTOR,
            MethodNumber.GET_OWNER,
            MethodNumber.IS_CONTROLLING_ADDRESS,
            0
        ];
        int256[7] memory exits = [int256(16), 17, 22, 32, 33, -6, 7];
        MoodyActors.Mood mood = MoodyActors.Mood(1 + ((seed >> 8) % uint256(type(MoodyActors.Mood).max)));
        uint64 method = (seed >> 32) % 2 == 0 ? methods[(seed >> 40) % 2] : methods[(seed >> 40) % methods.length];
        actors.setMood(mood, exits[(seed >> 24) % exits.length], method);
        _happened("mood");
    }
}
