// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title ActorCaller
/// @notice A contract that calls the precompiles as they come, so that tests see their raw answers.
contract ActorCaller {
    address private constant CALL_ACTOR_ID = 0xfe00000000000000000000000000000000000005;

    /// @notice The raw answer of call_actor_id, and whether the precompile itself succeeded.
    function callActorId(bytes calldata input) external payable returns (bool success, bytes memory output) {
        (success, output) = CALL_ACTOR_ID.delegatecall(input);
    }

    /// @notice As {callActorId}, by CALL where DELEGATECALL is due.
    function callActorIdByCall(bytes calldata input) external returns (bool success, bytes memory output) {
        (success, output) = CALL_ACTOR_ID.call(input);
    }

    /// @notice The raw answer of the precompile at `precompile`.
    function callPrecompile(
        address precompile,
        bytes calldata input
    ) external view returns (bool success, bytes memory output) {
        (success, output) = precompile.staticcall(input);
    }

    receive() external payable {}
}
