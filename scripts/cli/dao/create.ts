import { existsSync, readFileSync } from 'node:fs'
import { fil, parseFil } from '../../lib/amounts.ts'
import { createDao, type NewDao } from '../../lib/dao/create.ts'
import { parseAddress } from '../../lib/dao/address.ts'
import { parseMembers, type Members } from '../../lib/dao/members.ts'
import { parseDuration } from '../../lib/dao/times.ts'
import { parseWeight, weightWords } from '../../lib/dao/weights.ts'
import { parseWhole } from '../../lib/numbers.ts'
import { lengthWords } from '../../lib/perpetual/clock.ts'
import { fromCaller } from '../../lib/paths.ts'
import type { CliContext } from '../context.ts'
import { describeRows } from '../perpetual.ts'
import { daoVerb } from './dao.ts'

export interface CreateOptions {
  name: string
  symbol: string
  members: string
  votingDelay: string
  votingPeriod: string
  quorum: string
  threshold: string
  late?: string
  timelock: string
  guardian?: string
  guardianFor: string
  deposit: string
}

/** Half a vote's usual length is too long for a short one: what remains of it, at least, once quorum is reached. */
const LATE_EPOCHS = 720n

/** `dao create`: makes a DAO with its members, rules and treasury in one transaction. */
export async function create(context: CliContext, options: CreateOptions): Promise<void> {
  const epoch = BigInt(await context.connection.ethers.provider.getBlockNumber())
  const setup = parseSetup(options, epoch)
  const created = await createDao(context.connection, context.deployment, setup, context.signer)
  context.say(describe(context, setup, created), { ...created, name: setup.name, members: setup.members.addresses })
}

/** @param epoch From which a guardian's time counts. @throws Error that names the option and what it expects */
export function parseSetup(options: CreateOptions, epoch: bigint): NewDao {
  const members = parseMembers(membersText(options.members))
  const votingPeriod = parseDuration('--voting-period', options.votingPeriod)
  const usualLate = votingPeriod < LATE_EPOCHS ? votingPeriod : LATE_EPOCHS
  const guardian = options.guardian === undefined ? undefined : parseAddress('--guardian expects', options.guardian)
  return {
    ...{ name: options.name, symbol: options.symbol, members },
    settings: {
      votingDelay: parseDuration('--voting-delay', options.votingDelay),
      votingPeriod,
      quorumPercent: parseWhole('--quorum', options.quorum, 1n, 50n),
      lateExtension: options.late === undefined ? usualLate : parseDuration('--late', options.late),
      timelockDelay: parseDuration('--timelock', options.timelock),
      proposalThreshold: parseWeight('--threshold', options.threshold, isWeighted(members)),
    },
    ...(guardian !== undefined && {
      guardian: {
        address: guardian,
        untilEpoch: epoch + parseDuration('--guardian-for', options.guardianFor),
      },
    }),
    deposit: parseFil('--deposit', options.deposit),
  }
}

const isWeighted = ({ weights }: Members): boolean => weights.length > 0

/** A file of members, or the members themselves. */
function membersText(text: string): string {
  const file = fromCaller(text)
  if (existsSync(file)) return readFileSync(file, 'utf8')
  if (text.includes('0x')) return text
  throw new Error(`--members expects addresses or a file that holds them; there is no file ${file}`)
}

/** From when what was queued can be executed. */
export const timelockWords = (epochs: bigint): string =>
  epochs === 0n ? 'as soon as it is queued' : `${lengthWords(epochs)} after it is queued, at the earliest`

function describe(context: CliContext, setup: NewDao, created: Awaited<ReturnType<typeof createDao>>): string {
  const { settings, members, guardian } = setup
  const unit = { weighted: isWeighted(members), symbol: setup.symbol }
  const supply = unit.weighted ? members.weights.reduce((sum, one) => sum + one, 0n) : BigInt(members.addresses.length)
  const dao = { address: created.dao }
  return describeRows(`${setup.name} at ${created.dao}`, [
    ['members', `${members.addresses.length} with ${weightWords(unit, supply)} in all, at ${created.membership}`],
    [
      'votes',
      `begin ${lengthWords(settings.votingDelay)} after a proposal, go on for ${lengthWords(settings.votingPeriod)}`,
    ],
    ['pass', `with ${settings.quorumPercent} % of all weight for it or abstaining, and more for it than against`],
    ['executed', timelockWords(settings.timelockDelay)],
    ['proposes', `a member with ${weightWords(unit, settings.proposalThreshold)}, or any storage provider`],
    ['guardian', guardian ? `${guardian.address}, up to epoch ${guardian.untilEpoch}` : 'nobody'],
    ['treasury', `${created.treasury}, with ${fil(setup.deposit)}; what you send it is its own`],
    ['collection', created.collection],
    ['next', daoVerb(context, dao, 'propose PATH|CID')],
  ])
}
