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

/** @param refusal `Name(argument: value, …)` */
export function nextStep(refusal: string): string {
  return NEXT[refusal.slice(0, refusal.indexOf('('))] ?? 'docs/contracts.md says what each error means and what to do'
}
