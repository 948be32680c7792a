import { hexlify, id as keccakOf, parseEther, type ContractTransactionReceipt } from 'ethers'
import { pieceCidBytes } from '../../../oracle/proofs/piece-cid.ts'
import { compareBatches } from './dao-batches.ts'
import { buildHouses, requestTerms, RULES, signBallots, SP_MINER, type House, type Houses } from './dao-houses.ts'
import { digestOf } from './piece.ts'
import { CID, MAX_BYTES } from './registry.ts'
import { spendingOf, type Spending } from './spending.ts'
import type { GasWorld, Sending } from './world.ts'

/** What a vote may cost beyond the plain Governor's, EVM gas. */
export const BEYOND_PLAIN = 8_000n

const SUPPORT = { against: 0, for: 1 }
const KINDS = [
  ['badge', 'one member, one vote'],
  ['token', 'votes by weight'],
] as const

/** Where the gas of one vote goes: the plain Governor's, and a DataDAO's of each kind. */
export type VoteSpending = Record<'plain' | 'badge' | 'token', Spending>

export interface Proposal {
  id: bigint
  /** What queue and execute are called with. */
  payload: unknown[]
}

/** Puts the `count`th CID to the vote of a DataDAO; as a member unless told otherwise. */
export type ProposeCid = (house: House, count: number, sending?: Sending, terms?: object) => Promise<Proposal>

/** A DataDAO of either kind beside OpenZeppelin's plain Governor: made, voted in, carried out. */
export async function daoScenario(world: GasWorld): Promise<VoteSpending> {
  const houses = await buildHouses(world)
  const { sp } = houses
  const proposeCid: ProposeCid = async (house, count, sending = {}, terms = requestTerms(parseEther('1'))) => {
    const from = sending.from ?? houses.members.proposer
    const args = [from === sp ? SP_MINER : 0n, cidOf(count), MAX_BYTES, terms, 'Keep it']
    return proposalOf(house, await world.send(house.governor, 'proposeCID', args, { ...sending, from }))
  }
  const spending = await vote(world, houses, proposeCid)
  await compareBatches(world, houses, proposeCid)
  await carryOut(world, houses, proposeCid)
  return spending
}

/** Each Governor's first and second vote; of a storage provider's proposal; near the deadline. */
async function vote(world: GasWorld, houses: Houses, proposeCid: ProposeCid): Promise<VoteSpending> {
  const { send, mine, connection } = world
  const { plain, badge, members, sp } = houses
  const cast = (house: House, { id }: Proposal, voter: number, rest: Sending & { support?: number } = {}) => {
    const { support = SUPPORT.for, ...sending } = rest
    return send(house.governor, 'castVote', [id, support], { from: members.voters[voter]!, ...sending })
  }
  await proposePlain(world, houses)
  const proposals = {
    plain: await proposePlain(world, houses, 'a call of the timelock'),
    badge: await proposeCid(badge, 1, { what: 'a CID and its request, by a member' }),
    token: await proposeCid(houses.token, 1),
  }
  const bySp = await proposeCid(badge, 2, { from: sp, what: 'a CID and its request, by a storage provider' })
  await mine(RULES.delay + 1n)

  const first = await cast(plain, proposals.plain, 0, { what: 'the first vote for' })
  const second = await cast(plain, proposals.plain, 1, { what: 'a second vote for' })
  const limit = second.gasUsed + BEYOND_PLAIN
  const seconds = { plain: second } as Record<keyof VoteSpending, ContractTransactionReceipt>
  for (const [kind, words] of KINDS) {
    const [house, proposal] = [houses[kind], proposals[kind]]
    await cast(house, proposal, 0, { what: `${words}: the first vote for`, limit: first.gasUsed + BEYOND_PLAIN })
    seconds[kind] = await cast(house, proposal, 1, { what: `${words}: a second vote for`, limit })
  }
  const ofProviders = "of a storage provider's proposal, a second vote"
  await cast(badge, bySp, 0)
  await cast(badge, bySp, 1, { what: `${ofProviders} for: asks the miner, 1 read` })
  await cast(badge, bySp, 2, { support: SUPPORT.against })
  await cast(badge, bySp, 3, { support: SUPPORT.against, what: `${ofProviders} against`, limit })

  const late = await proposeCid(badge, 3)
  await mine(RULES.delay + 1n)
  const quorum = Math.ceil((members.addresses.length * Number(RULES.quorumPercent)) / 100)
  const early = await signBallots(badge, members.signers.slice(0, quorum - 2), late.id)
  await send(badge.governor, 'castVotesBySig', [late.id, early])
  await mine(RULES.period - RULES.late + 2n)
  await cast(badge, late, 0, { what: 'near the deadline, short of the quorum: reads it' })
  await cast(badge, late, 1, { what: 'near the deadline, reaches the quorum: reads it and extends the vote' })
  await cast(badge, late, 2, { what: 'near the deadline, after that', limit })
  return {
    plain: await spendingOf(connection, seconds.plain),
    badge: await spendingOf(connection, seconds.badge),
    token: await spendingOf(connection, seconds.token),
  }
}

/** From the end of the vote to the storage, and out of the collection again. */
async function carryOut({ send, mine }: GasWorld, { badge, members }: Houses, proposeCid: ProposeCid): Promise<void> {
  const carry = async (proposal: Proposal, what: string) => {
    await mine(RULES.delay + 1n)
    const ballots = await signBallots(badge, members.signers, proposal.id)
    await send(badge.governor, 'castVotesBySig', [proposal.id, ballots])
    await mine(RULES.period)
    await send(badge.governor, 'queue', proposal.payload, { what })
    await send(badge.governor, 'execute', proposal.payload, { what })
  }
  await carry(await proposeCid(badge, 20), 'a first CID and its request')
  await carry(await proposeCid(badge, 21), 'a CID and its request')
  const order = {
    ...{ kind: 1, replicas: 3, pieceSize: 1n << 31n, termEpochs: 0n, deadlineEpochs: 0n, price: 10n ** 12n },
    ...{ budget: parseEther('2'), pieceCid: hexlify(pieceCidBytes(digestOf(0))), seed: '0x' },
  }
  await carry(await proposeCid(badge, 22, {}, order), 'a CID and its order of 3 replicas')
  for (const [count, what] of [
    [21, 'a removal; the request goes on'],
    [22, 'a removal; the order is cancelled'],
  ] as const) {
    const sent = await send(badge.governor, 'proposeRemoval', [cidOf(count), 'No use'], {
      ...{ from: members.proposer, what: count === 21 ? 'of a CID that is kept' : undefined },
    })
    await carry(proposalOf(badge, sent), what)
  }
}

/** A proposal of the plain Governor's; the same call each time, told apart by its description. */
export async function proposePlain({ send, epoch }: GasWorld, { plain, members }: Houses, what?: string) {
  const args = [[plain.treasury], [0], ['0x'], `Proposal of ${await epoch()}`]
  return proposalOf(plain, await send(plain.governor, 'propose', args, { from: members.proposer, what }))
}

const cidOf = (count: number) => CID.slice(0, -2) + count.toString(16).padStart(2, '0')

function proposalOf({ governor }: House, { logs }: ContractTransactionReceipt): Proposal {
  const made = logs.map((log) => governor.interface.parseLog(log)).find((event) => event?.name === 'ProposalCreated')
  const [id, , targets, values, , calldatas, , , description] = made!.args.toArray(true) as unknown[]
  return { id: id as bigint, payload: [targets, values, calldatas, keccakOf(description as string)] }
}
