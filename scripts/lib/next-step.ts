/** What to do about a refusal of one of the contracts, by the error's name; the others are explained in docs/contracts.md. */
const NEXT: Record<string, string> = {
  AlreadyChallenged: 'Each answer can be challenged once: `npm run mooring -- status ID` shows how that ended.',
  AlreadyJoined: 'Its owner has an operator there: `npm run mooring -- operator show`.',
  AlreadyLeft: 'It has left: `npm run mooring -- operator show ID` says when its stake can be withdrawn.',
  BadOptIn: 'Only the version in force and the announced one can be served: `npm run mooring -- operator show`.',
  BondTooLow: 'Leave --bond out to post just what is required.',
  ChallengeOpen: 'Close it first: `npm run mooring -- resolve ID`.',
  DeadlinePassed: 'Nothing is accepted any more: `npm run mooring -- refund ID`.',
  NoChallenge: 'No challenge is open: `npm run mooring -- status ID` shows what there was.',
  NoCredit: 'There is nothing to withdraw.',
  NotAppointed: 'Sign with the key that the operator appointed: `npm run mooring -- operator show ID` names it.',
  NotLeft: 'Leave first: `npm run mooring -- operator leave`; the stake follows 7 days later.',
  NotMature: 'Wait until that epoch has passed: `npm run mooring -- status ID`.',
  NotMember: "Sign with a council member's key: --from ADDRESS.",
  NotOperatorOwner: "Sign with the owner's key: --from ADDRESS.",
  NotOrderable: 'It asks for deals, is not packed yet, is an order already, or over: `npm run mooring -- status ID`.',
  NotRefuted:
    'The chain does not show that it is false, or not yet (900 epochs after the answer): `npm run mooring -- challenge ID STAGE`.',
  NotRuled: 'The arbiter may still rule: try again after its ruling, or after that epoch.',
  NothingToRefund: 'The request is not over, or everything is booked: `npm run mooring -- status ID`.',
  NothingToWithdraw: 'Votes lock the rest of the stake: try again when the answers are final.',
  ReporterTaken: 'Name another key: --reporter ADDRESS.',
  RulingTooLate: 'Anyone closes it now, as silent: `npm run mooring -- resolve ID`.',
  StillUnbonding: 'Wait until that epoch: `npm run mooring -- operator show ID` says how long.',
  UnderChallenge: 'A challenge is open: `npm run mooring -- status ID`, then `npm run mooring -- resolve ID`.',
  WindowClosed: 'The answer is final since that epoch: it cannot be challenged any more.',
}

/** What to do about a refusal of PerpetualStorage. */
const OF_STORAGE: Record<string, string> = {
  ActorUnclear: "Filecoin's actors do not say it now, and nothing has changed: try again in some epochs.",
  AlreadyLive: 'One replica per provider and owner: npm run mooring -- slots list shows other orders.',
  ClaimOver: 'The claim was not proven in time: it is lost, and so is its collateral.',
  DealNotActive: 'Its sector is not proven yet: try again once it is, before the claim is over (slots show SLOT).',
  DealRemoved: 'The deal is over or terminated: prove the slot by another one.',
  DealUnknown: 'Name another deal: --deal ID.',
  FetchWindowOver: 'Prove it in time, or it lapses: npm run mooring -- slots show SLOT says until when.',
  FreeTooLow: 'The rest is reserved for its replicas: npm run mooring -- storage show ID.',
  IncumbentOnly: 'Come again at that epoch, when the price begins to rise.',
  NotBound:
    "Commit the piece with PerpetualStorage as the receiver of its notification, and the slot's label as the payload.",
  NotClient: "Sign with the client's key: --from ADDRESS.",
  NotControlling: "Sign as the provider's owner, worker or one of its control addresses: --from ADDRESS.",
  NotTheProviders:
    "Sign as a controlling address of the deal's provider (--from ADDRESS), or label the deal SLOT/NONCE.",
  NothingEarned: 'Settle first: npm run mooring -- slots settle --all --provider ID.',
  NothingToExtend: 'Only the provider of the replica before can extend its sector: prove it by --deal or --sector.',
  NotStarted: 'The term begins at that epoch: there is nothing to pay before.',
  OutOfBounds: 'Bounds are inclusive, in epochs, bytes and attoFIL: docs/perpetual.md, and of a DAO docs/dao.md.',
  PriceTooLow: 'The price has changed since it was read: look again, npm run mooring -- slots list.',
  ProviderBarred: 'A claim of it lapsed there: other orders are open to it, npm run mooring -- slots list.',
  ProviderNotAllowed: "The order's client lets others claim: npm run mooring -- slots list shows other orders.",
  ReplicaAlreadyPaid: 'One sector is paid for a piece once: seal it in another, or show another deal.',
  SectorNotActive:
    'The sector is faulty, gone, or not proven yet: recover it, then try again before the claim is over.',
  SlotNotOpen: 'npm run mooring -- slots list shows what can be claimed now.',
  SlotTermTooShort: "Extend the sector or make a longer deal: the order's least term is not reached.",
  StaleNonce: 'Somebody else claimed it since it was read: npm run mooring -- slots list.',
  StaleVersion: 'The client has changed the order since it was read: look again, npm run mooring -- slots list.',
  StartsTooLate: 'The deal begins after the claim is over: make one that starts sooner.',
  TermOver: 'Its term is over: npm run mooring -- slots settle SLOT.',
  Unchanged: 'It is as you want it already.',
  UnknownOrder: 'npm run mooring -- storage list shows yours.',
  UnknownSlot: 'It was never claimed: npm run mooring -- slots list shows those that are open.',
  Unproven: 'The miner actor does not confirm it: try again; from 7 days after its end a slot is closed without it.',
  WrongAggregate: 'The deal stores another piece; for an aggregate add --proof FILE.',
  WrongOrderStatus: 'npm run mooring -- storage show ID says where it stands.',
  WrongProvider: "The deal is another provider's: name one of the provider that claimed the slot.",
  WrongSlotState: 'npm run mooring -- slots show SLOT says where it stands.',
}

/** What to do about a refusal of a DataDAO or one of its parts. */
const OF_DAO: Record<string, string> = {
  AlreadyCollected: 'It is kept already: npm run mooring -- dao show.',
  AlreadyMember: 'It is a member already, or named twice: name each member once.',
  AlreadyProposed: 'Vote on that one: npm run mooring -- dao show PROPOSAL; it can be proposed again once it is over.',
  BadPieceSize: 'A piece is padded to a power of two of at least 128 B: --piece-size.',
  BadReplicas: '--replicas expects 1 to 16.',
  BadTerm: 'The bounds are epochs of 30 s: --term of a request, --days of a proposal.',
  BudgetTooLow:
    'Storing it costs that much now: propose it with a higher --budget (again, if it was voted on already).',
  DeadlineTooFar: '--deadline counts epochs of 30 s, and no deal runs longer than 1278 days.',
  DeadlineTooSoon: 'The operators need longer: --deadline.',
  ERC5805FutureLookup: 'The chain has not come so far: try again in a block.',
  FetchLinkTooLong: '--seed is one URL, or a few multiaddrs.',
  GovernorAlreadyCastVote: 'One ballot per voter: it stands as it was cast.',
  GovernorInsufficientProposerVotes:
    'Delegate to yourself first if your weight is with somebody else (npm run mooring -- dao delegate self), have more delegated to you, or propose for a storage provider: --provider.',
  GovernorInvalidSignature: 'Its voter signs again: npm run mooring -- dao sign PROPOSAL for|against|abstain.',
  GovernorNonexistentProposal: 'npm run mooring -- dao show lists the proposals with their numbers.',
  GovernorOnlyExecutor: 'Only a passed vote does that: propose it.',
  GovernorRestrictedProposer: 'The description ends in #proposer= another address: leave that out.',
  GovernorUnableToCancel: 'The proposer may cancel up to the snapshot, the guardian up to the execution.',
  GovernorUnexpectedProposalState: 'npm run mooring -- dao show PROPOSAL says where it stands, and what is next.',
  GuardianExpired: 'The guardian’s time is over: only a vote can renew it.',
  GuardianItself: 'A guardian has no say about itself: vote.',
  InvalidCid: 'Name a CID of version 0 or 1 with a digest of 32 bytes.',
  NoAccount: 'A member is no zero address.',
  NoBallotCounted: 'None of them counts any more: look again, npm run mooring -- dao show PROPOSAL.',
  NoEarmark: 'Nothing is promised to it any more.',
  NoWeight:
    'Nothing was delegated to you when voting began: delegate to yourself before the next proposal, npm run mooring -- dao delegate self.',
  NotAMiner: 'There is no storage provider of that id: --provider f0….',
  NotAPieceCid: 'A piece CID begins with baga6ea4seaq.',
  NotCollected: 'npm run mooring -- dao show lists what is in the collection.',
  NotSelfDelegated: 'Who proposes keeps its own weight: npm run mooring -- dao delegate self, then propose again.',
  NothingToAbsorb: 'Every attoFIL is booked already.',
  OperationExpired: 'It was not executed in time: propose it again.',
  ProposerCannotVote: 'Nobody votes on its own proposal: the other members decide.',
  ProviderCannotVote:
    'A controlling address of the provider that proposed may vote against it, not for it and not abstain.',
  TimelockUnexpectedOperationState: 'npm run mooring -- dao show PROPOSAL says from when it can be executed.',
  TooManyBallots: 'Submit 64 at a time.',
  TreasuryShort:
    'Send the treasury what is missing (dao show names its address), then try again: the vote stands until the epoch that dao show PROPOSAL names.',
  WeightIsLocked: 'What you proposed holds your weight up to that epoch: try again after it.',
  WrongWeights: 'Give every member a weight, or none of them.',
  RewardNotDivisible:
    'The operators of a quorum share it equally: --reward in attoFIL must be a multiple of the quorum.',
  StaleRemoval: 'The CID was kept again since that was proposed: propose the removal anew.',
  TextTooLong: 'Say it in fewer bytes: the first number is the most.',
  TooFewOperators: 'The operators are fewer than a quorum needs: try again once more have joined.',
  ZeroSize: 'Say how large its CAR is: --max-bytes.',
  ZeroWeight: 'Give every member a weight above 0, or leave the weights out.',
}

/** @param refusal `Name(argument: value, …)` */
export function nextStep(refusal: string): string {
  const name = refusal.slice(0, refusal.indexOf('('))
  return NEXT[name] ?? OF_STORAGE[name] ?? OF_DAO[name] ?? 'docs/contracts.md says what each error means and what to do'
}
