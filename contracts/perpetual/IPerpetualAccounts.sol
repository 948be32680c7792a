// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.34;

/// @title Accounts: what is owed to whom
/// @notice Every payment is drawn, never pushed. A provider's pay belongs to its miner actor and is paid to whoever owns that then.
interface IPerpetualAccounts {
    event Credited(address indexed account, uint256 indexed orderId, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    event ProviderWithdrawn(uint64 indexed provider, address indexed owner, uint256 amount);

    error NoCredit(address account);
    error NothingEarned(uint64 provider);
    error PaymentFailed(address account, uint256 amount);

    /// @notice Pays the caller's credit to the caller.
    function withdraw() external returns (uint256 amount);

    /// @notice Pays `account`'s credit to `account`; anyone may ask for it.
    function withdrawFor(address account) external returns (uint256 amount);

    /// @notice Pays what `provider` earned to its present owner (the miner actor's GetOwner); anyone may ask for it. The only way out
    /// that needs an actor's answer.
    /// @dev Reverts with {NothingEarned}, {NotAMiner}, {ActorUnclear}, {PaymentFailed}.
    function withdrawProvider(uint64 provider) external returns (uint256 amount);

    function creditOf(address account) external view returns (uint256);

    function earnedOf(uint64 provider) external view returns (uint256);

    /// @notice All that rests here for others: free and reserved money, live collaterals, credits. The balance is never below it.
    function liabilities() external view returns (uint256);

    /// @notice Where forfeited collateral goes: the burn actor, f099.
    function sink() external view returns (address);
}
