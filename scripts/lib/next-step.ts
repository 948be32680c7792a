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
  OutOfBounds: 'Bounds are inclusive, in epochs, bytes and attoFIL: docs/perpetual.md.',
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

/** @param refusal `Name(argument: value, …)` */
export function nextStep(refusal: string): string {
  const name = refusal.slice(0, refusal.indexOf('('))
  return NEXT[name] ?? OF_STORAGE[name] ?? 'docs/contracts.md says what each error means and what to do'
}
