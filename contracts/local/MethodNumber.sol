// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title MethodNumber
/// @notice The FRC-0042 numbers of the methods that the stand-ins answer or send.
library MethodNumber {
    uint64 internal constant SEND = 0;
    /// @notice Methods below it are for native callers only.
    uint64 internal constant FIRST_EXPORTED = 1 << 24;

    // Market, f05
    uint64 internal constant ADD_BALANCE = 822473126;
    uint64 internal constant WITHDRAW_BALANCE = 2280458852;
    uint64 internal constant GET_BALANCE = 726108461;
    uint64 internal constant PUBLISH_STORAGE_DEALS = 2236929350;
    uint64 internal constant SETTLE_DEAL_PAYMENTS = 1900091594;
    uint64 internal constant GET_DEAL_DATA_COMMITMENT = 1157985802;
    uint64 internal constant GET_DEAL_CLIENT = 128053329;
    uint64 internal constant GET_DEAL_PROVIDER = 935081690;
    uint64 internal constant GET_DEAL_LABEL = 46363526;
    uint64 internal constant GET_DEAL_TERM = 163777312;
    uint64 internal constant GET_DEAL_TOTAL_PRICE = 4287162428;
    uint64 internal constant GET_DEAL_CLIENT_COLLATERAL = 200567895;
    uint64 internal constant GET_DEAL_PROVIDER_COLLATERAL = 2986712137;
    uint64 internal constant GET_DEAL_VERIFIED = 2627389465;
    uint64 internal constant GET_DEAL_ACTIVATION = 2567238399;
    uint64 internal constant GET_DEAL_SECTOR = 2611213344;

    // Miner
    uint64 internal constant GET_OWNER = 3275365574;
    uint64 internal constant IS_CONTROLLING_ADDRESS = 348244887;
    uint64 internal constant GET_SECTOR_SIZE = 3858292296;
    uint64 internal constant GET_BENEFICIARY = 4158972569;
    uint64 internal constant VALIDATE_SECTOR_STATUS = 3092458564;
    uint64 internal constant GENERATE_SECTOR_LOCATION = 1321604665;
    uint64 internal constant GET_NOMINAL_SECTOR_EXPIRATION = 3010055991;

    // Power, f04
    uint64 internal constant MINER_POWER = 36284446;
    uint64 internal constant MINER_RAW_POWER = 3753401894;
    uint64 internal constant MINER_COUNT = 1987646258;
    uint64 internal constant MINER_CONSENSUS_COUNT = 196739875;
    uint64 internal constant NETWORK_RAW_POWER = 931722534;

    // Verified registry, f06
    uint64 internal constant GET_CLAIMS = 2199871187;

    // Sent to clients and receivers
    uint64 internal constant AUTHENTICATE_MESSAGE = 2643134072;
    uint64 internal constant MARKET_NOTIFY_DEAL = 4186741094;
    uint64 internal constant SECTOR_CONTENT_CHANGED = 2034386435;
}
