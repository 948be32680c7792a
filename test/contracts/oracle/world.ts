import type { Result } from 'ethers'
import hre from 'hardhat'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { ProbeClient } from '../../../types/ethers-contracts/index.js'
import { lastRequest, now, vote as voteFor, voteFailure } from '../../helpers/answers.ts'
import { connect } from '../../helpers/network.ts'
import { feeOf, ONE, PROVIDER, serve, type Rules, type Service } from '../../helpers/registry.ts'

export * from '../../helpers/answers.ts'
export * from '../../helpers/registry.ts'
export { REQUEST_STATE as STATE } from '../../helpers/registry.ts'

export const { ethers, networkHelpers } = await connect()
export const { loadFixture, mine, mineUpTo, setBalance, setCode, takeSnapshot } = networkHelpers

/** Whether the contracts carry coverage's counters, which cost gas: what a call costs says nothing then. */
export const instrumented = hre.globalOptions.coverage

export const MAX_BYTES = 1n << 20n
export const PAYLOAD = '0xc0ffee'
export const ANSWER = '0xa115'
export const OTHER = '0xbad0'
export const MODE = { Take: 0, Refuse: 1, Burn: 2, Bomb: 3, Forward: 4, Picky: 5 }

export interface World extends Service {
  client: ProbeClient
  stranger: HardhatEthersSigner
}

/** A registry with one provider of quorum `m` and `n` active operators that vote for themselves, and a client. Signers: 0 owns the
 * provider, 1 is a stranger, 2 … 2 + n − 1 are the operators. */
export async function world(m: number, n: number, changes: Partial<Rules> = {}): Promise<World> {
  const signers = await ethers.getSigners()
  while (signers.length < n + 3) signers.push(await extraSigner())
  const [owner, stranger, ...rest] = signers as [HardhatEthersSigner, HardhatEthersSigner, ...HardhatEthersSigner[]]
  const seats = rest.slice(0, n).map((operator) => ({ owner: operator, reporter: operator }))
  const service = await serve({ owner, seats, rules: { quorum: m, ...changes } })
  const client = await ethers.deployContract('ProbeClient', [service.registry])
  return { ...service, client, stranger }
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
export async function ask(
  { client, registry, rules }: World,
  { job = ONE, epochs = 100n, payload = PAYLOAD, maxBytes = MAX_BYTES }: Asking = {},
) {
  const deadline = (await now()) + 1n + epochs
  await client.ask(PROVIDER, job, payload, maxBytes, deadline, { value: feeOf(rules, job, maxBytes) })
  return { id: await lastRequest({ registry }), deadline }
}

/** Everybody in `voters` (indices) votes for `data` on `stage`. */
export const vote = (service: Service, id: bigint, stage: number, voters: number[], data = ANSWER) =>
  voteFor(service, id, stage, voters, data)

/** Everybody in `voters` votes that the request cannot be served. */
export const fail = voteFailure

const fixtures = new Map<string, () => Promise<unknown>>()

/** One function per name, as `loadFixture` wants them: the same fixture is built once. */
function fixture<T>(name: string, build: () => Promise<T>): () => Promise<T> {
  if (!fixtures.has(name)) fixtures.set(name, Object.defineProperty(build, 'name', { value: name }))
  return fixtures.get(name) as () => Promise<T>
}

/** Epochs in which answers can be challenged, in fixtures that have a window. */
export const WINDOW = 30

const named = (m: number, n: number, windowEpochs: number) => `${m}/${n} window ${windowEpochs}`

/** Fixture: {@link world}. */
export const served = (m: number, n: number, windowEpochs = 0) =>
  fixture(`served ${named(m, n, windowEpochs)}`, () => world(m, n, { windowEpochs }))

/** Fixture: {@link world} with one request, id 1. */
export const asked = (m: number, n: number, job: number, windowEpochs = 0) =>
  fixture(`asked ${named(m, n, windowEpochs)} job ${job}`, async () => {
    const built = await world(m, n, { windowEpochs })
    return { ...built, ...(await ask(built, { job })) }
  })

/** The client calls the registry as the requester of `id`. */
export const act = ({ registry, client }: World, name: 'allowEarly' | 'cancel' | 'conclude' | 'refund', id: bigint) =>
  client.act(registry.interface.encodeFunctionData(name as 'cancel', [id]))

/** A view's fields by name, to compare all of them. */
export const fieldsOf = (view: unknown): Record<string, unknown> => (view as Result).toObject()

/** What each of `accounts` can withdraw, attoFIL. */
export const creditsOf = ({ registry }: Pick<Service, 'registry'>, accounts: (HardhatEthersSigner | ProbeClient)[]) =>
  Promise.all(accounts.map((account) => registry.creditOf(account)))

/** What of each operator's stake is bound by votes, attoFIL, in the order they joined. */
export const locksOf = ({ registry, owners }: Service) =>
  Promise.all(owners.map(async (_, index) => (await registry.getOperator(BigInt(index) + 1n)).locked))

/** Has `send` hand in transactions (each with a gas limit of its own) that one block then takes in order; returns their receipts. */
export async function inOneEpoch(send: () => Promise<{ hash: string }[]>) {
  await ethers.provider.send('evm_setAutomine', [false])
  try {
    const sent = await send()
    await ethers.provider.send('evm_mine', [])
    return await Promise.all(sent.map(async ({ hash }) => (await ethers.provider.getTransactionReceipt(hash))!))
  } finally {
    await ethers.provider.send('evm_setAutomine', [true])
  }
}
