// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @notice Why a request cannot be served. The executor's errors carry the same names.
/// NotFound: nobody offers the data. TooLarge: its CAR exceeds the request's `maxBytes`. BadContent: blocks that do not decode
/// or a CID or link that cannot be followed. PieceMismatch: the data is not the piece that was named. DealFailed: no provider
/// would store it.
enum FailReason {
    NotFound,
    TooLarge,
    BadContent,
    PieceMismatch,
    DealFailed
}
