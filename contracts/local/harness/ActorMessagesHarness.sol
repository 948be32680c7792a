// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {Cbor} from "../../filecoin/Cbor.sol";

/// @title ActorMessagesHarness
/// @notice Reads with {Cbor} what actors say beyond the getters: the answers of calls that change state.
contract ActorMessagesHarness {
    using Cbor for Cbor.Cursor;

    struct FailCode {
        uint64 index;
        uint64 code;
    }

    struct Settlement {
        uint256 payment;
        bool completed;
    }

    /// @notice PublishStorageDeals: ids, and a bitfield of the proposals that were valid.
    function publishStorageDealsReturn(
        bytes memory data
    ) external pure returns (uint64[] memory ids, bytes memory validDeals) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(2);
        ids = new uint64[](cursor.readArray());
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = cursor.readUint();
        validDeals = cursor.readBytes();
        cursor.end();
    }

    /// @notice SettleDealPayments: which of the deals could be settled, and what each was paid.
    function settleDealPaymentsReturn(
        bytes memory data
    ) external pure returns (uint64 successCount, FailCode[] memory failCodes, Settlement[] memory settlements) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(2);
        (successCount, failCodes) = _batchReturn(cursor);
        settlements = new Settlement[](cursor.readArray());
        for (uint256 i = 0; i < settlements.length; ++i) {
            cursor.readArray(2);
            settlements[i] = Settlement(cursor.readBigUint(), cursor.readBool());
        }
        cursor.end();
    }

    /// @notice GetClaims without a claim among the answers.
    function noClaimsReturn(
        bytes memory data
    ) external pure returns (uint64 successCount, FailCode[] memory failCodes) {
        Cbor.Cursor memory cursor = Cbor.open(data);
        cursor.readArray(2);
        (successCount, failCodes) = _batchReturn(cursor);
        cursor.readArray(0);
        cursor.end();
    }

    function _batchReturn(
        Cbor.Cursor memory cursor
    ) private pure returns (uint64 successCount, FailCode[] memory failCodes) {
        cursor.readArray(2);
        successCount = cursor.readUint();
        failCodes = new FailCode[](cursor.readArray());
        for (uint256 i = 0; i < failCodes.length; ++i) {
            cursor.readArray(2);
            failCodes[i] = FailCode(cursor.readUint(), cursor.readUint());
        }
    }
}
