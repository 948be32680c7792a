// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title What an {OracleRegistry} asks about an answer that the chain may refute by itself
interface IEvidence {
    /// @notice Whether the chain shows now that an answer was false when it was given. False if it cannot tell.
    /// @param data The answer, as the operators voted it.
    /// @param answeredEpoch When the quorum was reached: no vote for it is younger.
    function refutes(uint32 job, uint8 stage, bytes calldata data, uint64 answeredEpoch) external view returns (bool);
}
