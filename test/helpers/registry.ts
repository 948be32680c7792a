import { ZeroAddress } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { OracleRegistry, ScriptedArbiter, ScriptedEvidence } from '../../types/ethers-contracts/index.js'
import { connect } from './network.ts'

const { ethers } = await connect()

/** f099, the burn actor: whose credit takes what nobody may gain from. */
export const BURN_ACTOR = '0xff00000000000000000000000000000000000063'

export const REQUEST_STATE = {
  None: 0n,
  Open: 1n,
  Answered: 2n,
  Failed: 3n,
  Cancelled: 4n,
  Expired: 5n,
  Refuted: 6n,
  Undecided: 7n,
}
export const DELIVERY = { None: 0n, Due: 1n, Done: 2n, Failed: 3n }
export const ANSWER_STANDING = { None: 0n, Challengeable: 1n, Challenged: 2n, Final: 3n, Undone: 4n }
export const OPERATOR_STANDING = { None: 0n, Appointing: 1n, Active: 2n, Unbonding: 3n }
export const RULING = { None: 0n, Upheld: 1n, Rejected: 2n, Silent: 3n }
export const REASON = { NotFound: 0n, TooLarge: 1n, BadContent: 2n, PieceMismatch: 3n, DealFailed: 4n }

/** What each operator that agrees on a stage earns, attoFIL: {IOracleProviders-StageFee}. */
export interface StageFee {
  base: bigint
  perGiB: bigint
}

/** {IOracleProviders-JobConfig} */
export interface Job {
  job: number
  minDeadlineEpochs: number
  concludedByRequester: boolean
  failureFee: bigint
  stages: StageFee[]
}

/** A version of a provider's rules: {IOracleProviders-ProviderConfig}. */
export interface Rules {
  quorum: number
  windowEpochs: number
  turnEpochs: number
  rulingEpochs: number
  callbackGas: bigint
  minStake: bigint
  slash: bigint
  minBond: bigint
  arbiter: string
  evidence: string
  jobs: Job[]
}

/** Jobs of the tests' provider: one voted stage; three of which the requester concludes the last; two voted ones. */
export const ONE = 1
export const THREE = 2
export const TWO = 3

export const JOBS: Job[] = [
  {
    ...{ job: ONE, minDeadlineEpochs: 20, concludedByRequester: false, failureFee: 70_000n },
    stages: [{ base: 480_000n, perGiB: 491_520n }],
  },
  {
    ...{ job: THREE, minDeadlineEpochs: 60, concludedByRequester: true, failureFee: 80_000n },
    stages: [
      { base: 720_000n, perGiB: 737_280n },
      { base: 1_440_000n, perGiB: 1_474_560n },
      { base: 2_160_000n, perGiB: 2_211_840n },
    ],
  },
  {
    ...{ job: TWO, minDeadlineEpochs: 20, concludedByRequester: false, failureFee: 90_000n },
    stages: [
      { base: 720_000n, perGiB: 0n },
      { base: 1_440_000n, perGiB: 1_474_560n },
    ],
  },
]

const FINAL_AT_QUORUM = { windowEpochs: 0, rulingEpochs: 0, minStake: 0n, slash: 0n, minBond: 0n }

/** What {@link rules} adds when a window is given. */
const CHALLENGEABLE = { rulingEpochs: 50, minStake: 10_000_000n, slash: 1_000_000n, minBond: 500_000n }

/** Rules of a provider: a quorum of one whose answers are final at once, with `changes` on top. With a window, stakes, bonds and the
 * time to rule come with it; `arbiter` has to be named then, as {@link serve} does. */
export const rules = (changes: Partial<Rules> = {}): Rules => ({
  quorum: 1,
  turnEpochs: 40,
  callbackGas: 1_000_000n,
  arbiter: ZeroAddress,
  evidence: ZeroAddress,
  jobs: JOBS,
  ...FINAL_AT_QUORUM,
  ...(changes.windowEpochs ? CHALLENGEABLE : {}),
  ...changes,
})

const MIB = 1n << 20n

/** What each operator that agrees on a stage earns for content of up to `maxBytes`, attoFIL. */
export function shareOf({ jobs }: Pick<Rules, 'jobs'>, job: number, stage: number, maxBytes = MIB): bigint {
  const { base, perGiB } = jobs.find((entry) => entry.job === job)!.stages[stage]
  const mib = (maxBytes + MIB - 1n) / MIB
  return base + (perGiB * mib + 1023n) / 1024n
}

/** What a request for `job` costs, attoFIL. */
export function feeOf(given: Pick<Rules, 'jobs' | 'quorum'>, job: number, maxBytes = MIB): bigint {
  const { stages } = given.jobs.find((entry) => entry.job === job)!
  return stages.reduce((sum, _, stage) => sum + BigInt(given.quorum) * shareOf(given, job, stage, maxBytes), 0n)
}

/** A registry; `sink` is credited with what nobody may gain from. */
export async function deployRegistry(sink = BURN_ACTOR): Promise<OracleRegistry> {
  const extension = await ethers.deployContract('RegistryExtension', [sink])
  return ethers.deployContract('OracleRegistry', [extension])
}

/** Whose stake an operator has, and the key that votes for it. */
export interface Seat {
  owner: HardhatEthersSigner
  reporter: HardhatEthersSigner
}

export interface Serving {
  /** On top of {@link rules}. */
  rules?: Partial<Rules>
  name?: string
  /** Owner of the provider. */
  owner: HardhatEthersSigner
  /** Who joins, in order: operator `i + 1` is `seats[i]`. */
  seats: Seat[]
  /** Of each; the least that the rules demand unless given. */
  stake?: bigint
  open?: boolean
}

/** A registry with one provider (number 1) and its operators, all active, and an arbiter and evidence that say what a test tells them. */
export interface Service {
  registry: OracleRegistry
  arbiter: ScriptedArbiter
  evidence: ScriptedEvidence
  providerId: bigint
  rules: Rules
  owner: HardhatEthersSigner
  /** Operators' owners; operator `i + 1` votes with `reporters[i]`. */
  owners: HardhatEthersSigner[]
  reporters: HardhatEthersSigner[]
}

export const PROVIDER = 1n

/** Builds a {@link Service}; for a fixture. The operators can vote on what is asked from the next block on. */
export async function serve({ rules: changes, name = 'tests', owner, seats, stake, open = false }: Serving) {
  const registry = await deployRegistry()
  const arbiter = await ethers.deployContract('ScriptedArbiter')
  const evidence = await ethers.deployContract('ScriptedEvidence')
  const judged = changes?.windowEpochs
    ? { arbiter: await arbiter.getAddress(), evidence: await evidence.getAddress() }
    : {}
  const given = rules({ ...judged, ...changes })
  await registry.registerProvider(
    name,
    owner,
    open,
    given,
    seats.map((seat) => seat.owner.address),
  )
  for (const seat of seats) await join(registry, PROVIDER, seat, stake ?? given.minStake)
  const service: Service = {
    ...{ registry, arbiter, evidence, providerId: PROVIDER, rules: given, owner },
    owners: seats.map((seat) => seat.owner),
    reporters: seats.map((seat) => seat.reporter),
  }
  return service
}

/** One who was admitted joins with `stake`; the reporter accepts, unless it is the owner itself. Returns the operator's id. */
export async function join(registry: OracleRegistry, providerId: bigint, { owner, reporter }: Seat, stake: bigint) {
  await registry.connect(owner).join(providerId, reporter, 'https://operator.example', { value: stake })
  const operatorId = await registry.operatorOfOwner(providerId, owner)
  if (reporter.address !== owner.address) await registry.connect(reporter).acceptReporter(operatorId)
  return operatorId
}
