import { ZeroAddress } from 'ethers'
import { parseAddress } from '../../lib/dao/address.ts'
import { encodeCall } from '../../lib/dao/calls.ts'
import type { Dao } from '../../lib/dao/contracts.ts'
import { readSettings } from '../../lib/dao/facts.ts'
import { MAX_GUARDIAN_TERM } from '../../lib/dao/rules.ts'
import { parseDuration } from '../../lib/dao/times.ts'
import { whenWords, type Clock } from '../../lib/perpetual/clock.ts'
import type { CliContext } from '../context.ts'
import { clockOf } from '../perpetual.ts'
import { daoOf } from './dao.ts'
import { putToVote, type VoteOptions } from './put-to-vote.ts'

/** `dao guardian ADDRESS|none`: puts it to the vote who may cancel, and up to when. */
export async function guardian(
  context: CliContext,
  who: string,
  options: VoteOptions & { until?: string },
): Promise<void> {
  const account = who === 'none' ? ZeroAddress : parseAddress('expected none or', who)
  if ((account === ZeroAddress) !== (options.until === undefined)) {
    throw new Error(
      account === ZeroAddress ? 'nobody needs no --until' : 'say up to when: --until, as 180d from now, or an epoch',
    )
  }
  const dao = await daoOf(context, options)
  const clock = await clockOf(context)
  const until = options.until === undefined ? 0n : parseUntil(options.until, clock)
  if (account !== ZeroAddress) await requireTerm(dao, clock, until)
  await putToVote(context, dao, [encodeCall(dao.governor, 'setGuardian', [account, until])], options)
}

/** The last epoch: as it is, or so long from now. */
const parseUntil = (text: string, { epoch }: Clock): bigint =>
  /^\d{1,10}$/.test(text) ? BigInt(text) : epoch + parseDuration('--until', text)

/** What the DAO asks when the vote is executed: an epoch that has not passed then, nor is more than a year ahead. */
async function requireTerm(dao: Dao, clock: Clock, until: bigint): Promise<void> {
  const { votingDelay, votingPeriod, timelockDelay } = await readSettings(dao)
  const first = clock.epoch + 1n + votingDelay + votingPeriod + timelockDelay
  if (until >= first && until <= first + MAX_GUARDIAN_TERM) return
  throw new Error(
    `--until expects what has not passed when this can be executed, and a year after that at most: ${whenWords(clock, first)} to ${whenWords(clock, first + MAX_GUARDIAN_TERM)}, got ${whenWords(clock, until)}`,
  )
}
