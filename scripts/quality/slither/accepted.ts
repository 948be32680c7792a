/** A finding of Slither that is no fault, and why. */
export interface Accepted {
  /** The detector's name. */
  check: string
  /** `Contract.function` that it was found in; `Contract.variable` or `Contract` for what is outside of functions. */
  where: readonly string[]
  reason: string
}

export const ACCEPTED: readonly Accepted[] = [
  {
    check: 'reentrancy-eth',
    where: ['PinningRequests.submit', 'PinningRequests.submitWithTerms'],
    reason:
      'The call is registry.request: the registry is fixed at deployment and calls nothing from there. The id under which all is ' +
      'written is its answer, so nothing can be written before.',
  },
  {
    check: 'reentrancy-eth',
    where: ['PinningExtension.openOrder'],
    reason:
      'The call is openFor of PerpetualStorage, fixed at deployment, which calls nobody from there. State and money are written before; ' +
      "only the order's id, which is the call's answer, is written after.",
  },
  {
    check: 'uninitialized-state',
    where: ['OperatorBook._seats', 'OperatorBook._operatorOf', 'RequestBook._challenges'],
    reason:
      'Written by RegistryExtension, which the registry runs by delegatecall on this same storage; both end in RequestBook, so the ' +
      'layout is one. Slither looks at the two contracts one by one.',
  },
  {
    check: 'locked-ether',
    where: ['RegistryExtension'],
    reason:
      "Its payable functions revert unless they run as the registry's code (onlyDelegated), so no value ever rests at the " +
      "extension's own address.",
  },
  {
    check: 'divide-before-multiply',
    where: ['Credits._creditEqually', 'PinningRequests._payOperators'],
    reason:
      'Equal shares, rounded down, times their number: exactly what was credited. What does not divide stays with the caller.',
  },
  {
    check: 'incorrect-equality',
    where: ['ProviderBook._eligibleNow', 'Operators._giveUpSeat'],
    reason:
      'Epochs are compared for being the same one, on purpose: who took part in this very epoch cannot vote on what is asked in it.',
  },
  {
    check: 'incorrect-equality',
    where: ['RegistryViews._standing'],
    reason:
      'A state, or whether a quorum was ever reached (epoch 0 is never one): no amount that somebody could push past a value.',
  },
  {
    check: 'incorrect-equality',
    where: ['Credits._credit', 'Withdrawals._withdraw', 'Ledger._credit', 'Ledger._pay'],
    reason:
      'An amount of the own ledger is nothing at all. Balances are never read, so coins forced in cannot make it something.',
  },
  {
    check: 'uninitialized-local',
    where: ['RegistryViews.assigneeOf'],
    reason: 'A counter that begins at zero, as Solidity has it.',
  },
  {
    check: 'unused-return',
    where: ['Endings._voters', 'RequestBook._unlock', 'Challenges._askArbiter'],
    reason: 'One part of a pair is wanted here: all that voted, whatever they said; the first word that came back.',
  },
  {
    check: 'unused-return',
    where: ['MinerActor._skipPendingBeneficiary'],
    reason: 'Fields are read to be checked for their type and skipped; their values are of no interest.',
  },
  {
    check: 'unused-return',
    where: ['OracleCaller._reclaim', 'Refunds._bookRefund'],
    reason:
      'registry.withdraw pays all that is owed for any request, or reverts; what one request gave back is read from the registry by ' +
      'its id instead.',
  },
  {
    check: 'uninitialized-state',
    where: ['PerpetualBook._claimsOf'],
    reason:
      'Written by PerpetualStorage, which runs OrdersExtension by delegatecall on this same storage; all end in Purse, so the layout is ' +
      'one. Slither looks at the contracts one by one.',
  },
  {
    check: 'locked-ether',
    where: ['OrdersExtension'],
    reason:
      "Its payable functions revert unless they run as PerpetualStorage's code (onlyDelegated), so no value ever rests at the " +
      "extension's own address.",
  },
  {
    check: 'incorrect-equality',
    where: ['Purse._credit', 'Accounts._withdraw', 'Settling.cut'],
    reason: 'Whether there is anything to do at all: no amount that somebody could push past a value.',
  },
  {
    check: 'incorrect-equality',
    where: ['Proving._emitBound'],
    reason: 'A kind out of two: no amount that somebody could push past a value.',
  },
  {
    check: 'unused-return',
    where: [
      'DealProposal.decodeAuthenticate',
      'Proving._requireTheProviders',
      'Control._ownerOf',
      'Claims._requirePower',
    ],
    reason: 'What an actor says besides is not asked for here; it is read to be checked for its type.',
  },
  {
    check: 'uninitialized-state',
    where: [
      'DaoBook._providers',
      'DaoBook._lastProposal',
      'DaoBook._guardian',
      'DaoBook._guardianUntil',
      'DaoBook._lateEpochs',
    ],
    reason:
      'Written by GovernorExtension and ProposalDesk, which DataDAO runs by delegatecall on this same storage; all begin with DaoBook, ' +
      "and OpenZeppelin's parts store in namespaces of their own, so the layout is one. Slither looks at the contracts one by one.",
  },
  {
    check: 'incorrect-equality',
    where: ['Collection.find', 'DaoTreasury.release'],
    reason: 'Whether there is such an entry or earmark at all: no amount that somebody could push past a value.',
  },
  {
    check: 'incorrect-equality',
    where: ['DaoTreasury.absorb'],
    reason: 'Whether more is here than the ledger holds. Coins forced in are what it is for; they become a deposit.',
  },
  {
    check: 'reentrancy-no-eth',
    where: ['ProposalDesk._proposeCid'],
    reason:
      "The call is the DAO's to itself: its submit makes the proposal and locks the proposer's weight at the DAO's own membership, which " +
      "calls nobody. The id under which all is written is that call's answer.",
  },
  {
    check: 'unused-return',
    where: ['DaoTreasury.quote', 'GovernorExtension.initialize', 'ProposalDesk.proposeRemoval'],
    reason:
      'What is called reverts where it must; what it answers besides (a digest, nothing, an index) is not asked for here.',
  },
]
