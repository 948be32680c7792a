import { AbiCoder, keccak256 } from 'ethers'
import hre from 'hardhat'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { OracleRegistry, ProbeClient } from '../../../types/ethers-contracts/index.js'
import { connect } from '../../helpers/network.ts'

export const { ethers, networkHelpers } = await connect()
export const { loadFixture, mine, mineUpTo, setBalance, setCode, takeSnapshot } = networkHelpers

/** Whether the contracts carry coverage's counters, which cost gas: what a call costs says nothing then. */
export const instrumented = hre.globalOptions.coverage

/** Jobs of the tests' provider: one voted stage; three of which the requester concludes the last; two voted ones. */
export const ONE = 1
export const THREE = 2
export const TWO = 3

export const JOBS = [
  { job: ONE, minDeadlineEpochs: 20, concludedByRequester: false, stageFees: [480_480n] },
  { job: THREE, minDeadlineEpochs: 60, concludedByRequester: true, stageFees: [720_720n, 1_441_440n, 2_162_160n] },
  { job: TWO, minDeadlineEpochs: 20, concludedByRequester: false, stageFees: [720_720n, 1_441_440n] },
]
export const CALLBACK_GAS = 1_000_000n
export const MAX_BYTES = 1n << 20n
export const PAYLOAD = '0xc0ffee'
export const ANSWER = '0xa115'
export const OTHER = '0xbad0'
export const PROVIDER = 1n

export const STATE = { None: 0n, Open: 1n, Answered: 2n, Failed: 3n, Cancelled: 4n, Expired: 5n }
export const DELIVERY = { None: 0n, Due: 1n, Done: 2n, Failed: 3n }
export const REASON = { NotFound: 0n, TooLarge: 1n, BadContent: 2n, PieceMismatch: 3n, DealFailed: 4n }
export const MODE = { Take: 0, Refuse: 1, Burn: 2, Bomb: 3, Forward: 4, Picky: 5 }

export const feeOf = (job: number): bigint =>
  JOBS.find((entry) => entry.job === job)!.stageFees.reduce((sum, fee) => sum + fee, 0n)

/** Rules of a provider, with `changes` on top. */
export const rules = (changes: object = {}) => ({
  name: 'tests',
  quorum: 1,
  windowEpochs: 0,
  callbackGas: CALLBACK_GAS,
  jobs: JOBS,
  ...changes,
})

export const answerHash = (ok: boolean, data: string): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['bool', 'bytes'], [ok, data]))

export const failureData = (reason: bigint): string => AbiCoder.defaultAbiCoder().encode(['uint8'], [reason])

export const now = async (): Promise<bigint> => BigInt(await ethers.provider.getBlockNumber())

export interface World {
  registry: OracleRegistry
  client: ProbeClient
  owner: HardhatEthersSigner
  stranger: HardhatEthersSigner
  /** Operators' owners; operator `i + 1` votes with `reporters[i]`. */
  owners: HardhatEthersSigner[]
  reporters: HardhatEthersSigner[]
}

/** A registry with one provider of quorum `m` and `n` active operators, and a client. Signers: 0 owns the provider, 1 is a
 * stranger, 2 … 2 + n − 1 own operators and vote for them. */
export async function world(m: number, n: number, changes: object = {}): Promise<World> {
  const signers = await ethers.getSigners()
  while (signers.length < n + 3) signers.push(await extraSigner())
  const [owner, stranger, ...rest] = signers as [HardhatEthersSigner, HardhatEthersSigner, ...HardhatEthersSigner[]]
  const owners = rest.slice(0, n)
  const registry = await ethers.deployContract('OracleRegistry')
  await registry.registerProvider(rules({ quorum: m, ...changes }))
  for (const operator of owners) {
    await registry.admit(PROVIDER, operator.address)
    await registry.connect(operator).join(PROVIDER, operator.address, 'https://operator.example')
  }
  const client = await ethers.deployContract('ProbeClient', [registry])
  return { registry, client, owner, stranger, owners, reporters: owners }
}

/** Another funded account than the node's twenty. */
async function extraSigner(): Promise<HardhatEthersSigner> {
  const { address } = ethers.Wallet.createRandom()
  await networkHelpers.impersonateAccount(address)
  await setBalance(address, 10n ** 18n)
  return ethers.getSigner(address)
}

export interface Asking {
  job?: number
  epochs?: bigint
  payload?: string
  maxBytes?: bigint
}

/** The client asks; returns the request's id and its deadline (`epochs` after the epoch of asking). */
export async function ask({ client, registry }: World, { job = ONE, epochs = 100n, payload = PAYLOAD }: Asking = {}) {
  const deadline = (await now()) + 1n + epochs
  await client.ask(PROVIDER, job, payload, MAX_BYTES, deadline, { value: feeOf(job) })
  const id = BigInt((await registry.queryFilter(registry.filters.Requested())).length)
  return { id, deadline }
}

/** Everybody in `voters` (indices) votes for `data` on `stage`. */
export async function vote({ registry, reporters }: World, id: bigint, stage: number, voters: number[], data = ANSWER) {
  for (const voter of voters) await registry.connect(reporters[voter]).report(id, stage, data)
}

export async function fail(
  { registry, reporters }: World,
  id: bigint,
  stage: number,
  voters: number[],
  reason: bigint,
) {
  for (const voter of voters) await registry.connect(reporters[voter]).reportFailure(id, stage, reason)
}

const fixtures = new Map<string, () => Promise<unknown>>()

/** One function per name, as `loadFixture` wants them: the same fixture is built once. */
function fixture<T>(name: string, build: () => Promise<T>): () => Promise<T> {
  if (!fixtures.has(name)) fixtures.set(name, Object.defineProperty(build, 'name', { value: name }))
  return fixtures.get(name) as () => Promise<T>
}

/** Fixture: {world}. */
export const served = (m: number, n: number) => fixture(`served ${m}/${n}`, () => world(m, n))

/** Fixture: {world} with one request, id 1. */
export const asked = (m: number, n: number, job: number) =>
  fixture(`asked ${m}/${n} job ${job}`, async () => {
    const built = await world(m, n)
    return { ...built, ...(await ask(built, { job })) }
  })
