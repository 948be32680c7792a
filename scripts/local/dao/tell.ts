import { formatEther } from 'ethers'
import { EPOCHS_PER_DAY } from '../../../oracle/chain/epochs.ts'
import { SUPPORTS } from '../../lib/dao/names.ts'
import { shortId } from '../../lib/dao/proposals.ts'
import { cidText } from '../../lib/dao/subject.ts'
import { inEpochs } from '../../lib/epochs.ts'
import type { DaoEvent } from './events.ts'

/** What the words need beside the event. */
export interface Scene {
  /** Whose an account is, in words. */
  nameOf: (account: string) => string
  /** Of all weight, that must be for a proposal or abstain. */
  quorumPercent: number
  /** Weight that there is: one for each member. */
  supply: bigint
  /** The proposal that is voted on, and its votes so far. */
  vote?: Vote
}

interface Vote {
  /** The last epoch at which votes count. */
  deadline: bigint
  /** Weight against, for, abstaining. */
  tally: [bigint, bigint, bigint]
}

/** An event of a DAO as a progress line: its stage, and words; undefined for what another line tells. @param fresh What is told with it. */
export function tell(
  event: DaoEvent,
  fresh: readonly DaoEvent[],
  scene: Scene,
): [stage: string, words: string] | undefined {
  const { name, args, sender } = event
  const big = (field: string) => args[field] as bigint
  const fil = (field: string) => `${formatEther(big(field))} FIL`
  const cid = () => cidText(args.cid as string)

  switch (name) {
    case 'DAOCreated': {
      const deposit = fresh.find((other) => isFirstDeposit(other, [event]))
      return [
        'founded',
        `'${String(args.name)}' at ${String(args.dao)}, by ${scene.nameOf(sender)}: ${scene.supply} members, one vote each` +
          (deposit ? `; ${formatEther(deposit.args.amount as bigint)} FIL in its treasury` : ''),
      ]
    }
    case 'Deposited':
      if (isFirstDeposit(event, fresh)) return undefined
      return ['deposited', `${fil('amount')} in the treasury, by ${scene.nameOf(sender)}`]
    case 'ProposalCreated':
      scene.vote = { deadline: big('voteEnd'), tally: [0n, 0n, 0n] }
      return ['proposed', `${shortId(big('proposalId'))} by ${scene.nameOf(sender)}: '${String(args.description)}'`]
    case 'CidProposed': {
      const { replicas, termEpochs, budget } = args.terms as Record<'replicas' | 'termEpochs' | 'budget', bigint>
      return [
        'about',
        `${cid()}, ${big('size').toLocaleString('en-US')} B: ${replicas} replicas for ${termEpochs / EPOCHS_PER_DAY} days ` +
          `at least, for ${formatEther(budget)} FIL of the treasury at most`,
      ]
    }
    case 'VoteCast':
      return ['voted', countVote(event, scene)]
    case 'ProposalQueued':
      return ['queued', `by ${scene.nameOf(sender)}: anyone may execute it from ${utc(big('etaSeconds'))} on`]
    case 'Earmarked':
      return ['earmarked', `${fil('amount')} of the treasury: nothing else can spend them`]
    case 'CidFunded':
      return ['funded', `request #${big('storageId')} with ${fil('amount')}; the rest of the earmark is free again`]
    case 'CidAdded':
      return ['collected', `${cid()} is entry ${big('index')} of the collection`]
    case 'ProposalExecuted':
      return ['executed', `${shortId(big('proposalId'))}, by ${scene.nameOf(sender)}`]
    default:
      return undefined
  }
}

/** What the treasury is given when it is made: no line of its own. */
function isFirstDeposit({ name, transaction }: DaoEvent, all: readonly DaoEvent[]): boolean {
  return name === 'Deposited' && all.some((other) => other.name === 'DAOCreated' && other.transaction === transaction)
}

/** How long the vote lasts from `epoch` on, and what it takes to pass. */
export function rulesOf({ vote, supply, quorumPercent }: Scene, epoch: bigint): string {
  const { deadline } = vote!
  return (
    `up to epoch ${deadline}, ${inEpochs(deadline - epoch)}; it passes with more weight for it than against it, and ` +
    `${quorumOf({ supply, quorumPercent })} of ${supply} for it or abstaining`
  )
}

/** Counts a vote, and says how the vote stands. */
function countVote({ args, epoch, sender }: DaoEvent, scene: Scene): string {
  const { voter, support, weight, reason } = args as { voter: string; support: bigint; weight: bigint; reason: string }
  const { tally, deadline } = scene.vote!
  tally[Number(support)]! += weight
  const [against, inFavour, abstaining] = tally
  const present = inFavour + abstaining
  const quorum = quorumOf(scene)
  const how = voter === sender ? '' : ` by a signature that ${scene.nameOf(sender)} carried`
  return (
    `${SUPPORTS[Number(support)]}, ${scene.nameOf(voter)}${how}${reason && ` ('${reason}')`}, weight ${weight}: ` +
    `${inFavour} for, ${against} against, ${abstaining} abstaining; quorum ${present < quorum ? `${present} of ${quorum}` : 'reached'}; ` +
    `${inEpochs(deadline - epoch)} left`
  )
}

/** As OpenZeppelin's Governor rounds it. */
const quorumOf = ({ supply, quorumPercent }: Pick<Scene, 'supply' | 'quorumPercent'>): bigint =>
  (supply * BigInt(quorumPercent)) / 100n

const utc = (seconds: bigint): string => new Date(Number(seconds) * 1_000).toISOString().slice(11, 19) + ' UTC'
