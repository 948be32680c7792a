// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

import {IOracleCallback} from "../../oracle/IOracleCallback.sol";
import {IOracleRegistry} from "../../oracle/IOracleRegistry.sol";

/// @notice A requester that behaves in its callback as it is told to.
/// Picky: takes the answer in peace, but burns all it has when it is given less than `minGas`.
contract ProbeClient is IOracleCallback {
    enum Mode {
        Take,
        Refuse,
        Burn,
        Bomb,
        Forward,
        Picky
    }

    IOracleRegistry public immutable registry;
    Mode public mode;
    bytes public forwarded;
    bool public payable_ = true;
    uint256 public minGas;

    /// What the last callback saw.
    uint256 public gasSeen;
    uint256 public calls;
    bytes public lastData;
    bool public lastOk;
    uint8 public lastStage;
    bytes public forwardResult;
    bool public forwardSuccess;
    uint256 public followUp;

    /// What the last news of an undone answer saw.
    uint256 public cancelledCalls;
    uint8 public cancelledStage;

    error Refused(uint256 id);
    error NotPayable();

    constructor(IOracleRegistry registry_) {
        registry = registry_;
    }

    receive() external payable {
        if (!payable_) revert NotPayable();
        if (mode == Mode.Forward) _forward();
    }

    function setMode(Mode mode_, bytes calldata forwarded_) external {
        mode = mode_;
        forwarded = forwarded_;
    }

    function setMinGas(uint256 value) external {
        minGas = value;
    }

    function setPayable(bool value) external {
        payable_ = value;
    }

    function ask(
        uint256 providerId,
        uint32 job,
        bytes calldata payload,
        uint64 maxBytes,
        uint64 deadline
    ) external payable returns (uint256) {
        return registry.request{value: msg.value}(providerId, job, payload, maxBytes, deadline);
    }

    /// @notice Calls the registry as the requester.
    function act(bytes calldata data) external payable {
        (bool success, bytes memory result) = address(registry).call{value: msg.value}(data);
        if (success) return;
        assembly {
            revert(add(result, 0x20), mload(result))
        }
    }

    function onOracleAnswer(uint256 id, uint8 stage, bool ok, bytes calldata data) external {
        uint256 gasAtStart = gasleft();
        if (_behave(id, gasAtStart)) return;

        gasSeen = gasAtStart;
        ++calls;
        (lastOk, lastStage, lastData) = (ok, stage, data);
        if (mode == Mode.Forward) _forward();
    }

    function onOracleAnswerCancelled(uint256 id, uint8 stage) external {
        if (_behave(id, gasleft())) return;

        ++cancelledCalls;
        cancelledStage = stage;
        if (mode == Mode.Forward) _forward();
    }

    /// @return done Whether the call is over without a trace.
    function _behave(uint256 id, uint256 gasAtStart) private view returns (bool done) {
        if (mode == Mode.Refuse) revert Refused(id);
        if (mode == Mode.Picky && gasAtStart >= minGas) return true;
        if (mode == Mode.Burn || mode == Mode.Picky) {
            assembly {
                invalid()
            }
        }
        if (mode == Mode.Bomb) {
            assembly {
                revert(0, 20000)
            }
        }
    }

    function _forward() private {
        mode = Mode.Take;
        (forwardSuccess, forwardResult) = address(registry).call{value: address(this).balance}(forwarded);
        if (forwardSuccess && forwardResult.length == 32) followUp = abi.decode(forwardResult, (uint256));
    }
}
