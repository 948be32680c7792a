import { writeFileSync } from 'node:fs'
import { signBallot } from '../../lib/dao/ballot.ts'
import { findProposal } from '../../lib/dao/proposals.ts'
import { leftWords, parseDuration } from '../../lib/dao/times.ts'
import { fromCaller } from '../../lib/paths.ts'
import type { CliContext } from '../context.ts'
import { clockOf } from '../perpetual.ts'
import { daoOf, named, parseSupport, type DaoOption } from './dao.ts'

export interface SignOptions extends DaoOption {
  reason?: string
  expires?: string
  out?: string
}

/** `dao sign ID for|against|abstain`: a ballot that anyone can submit; sends nothing and costs nothing. */
export async function sign(
  context: CliContext,
  idText: string,
  supportText: string,
  options: SignOptions,
): Promise<void> {
  const support = parseSupport(supportText)
  const dao = await daoOf(context, options)
  const { id, number } = await findProposal(dao, idText)
  const clock = await clockOf(context)
  const expiryEpoch =
    options.expires === undefined
      ? (await dao.governor.proposalDeadline(id)) + (await dao.governor.lateQuorumVoteExtension())
      : clock.epoch + parseDuration('--expires', options.expires)
  const ballot = await signBallot(dao, context.signer, id, { support, reason: options.reason ?? '', expiryEpoch })
  if (options.out === undefined) {
    context.say(JSON.stringify(ballot, null, 2), { ...ballot })
    return
  }
  writeFileSync(fromCaller(options.out), JSON.stringify(ballot, null, 2) + '\n', { flag: 'wx' })
  context.say(
    [
      `${options.out} votes ${support} on proposal ${named({ id, number })} for ${ballot.voter}, if it is submitted within ${leftWords(clock, expiryEpoch)}`,
      `anyone may: npm run mooring -- dao submit ${options.out} --network ${context.network}`,
    ].join('\n'),
    { ...ballot },
  )
}
