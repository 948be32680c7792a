import { id as keccakOf, toBeHex, ZeroHash, type AddressLike, type ContractTransactionResponse } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { ProposalCreatedEvent } from '../../types/ethers-contracts/contracts/dao/DataDAO.js'
import { CID, MAX_BYTES } from '../contracts/pinning/world.ts'
import { now } from './answers.ts'
import { ORDER_SIZE, requestTerms, STORAGE_KIND, SUPPORT, type StorageTerms } from './dao-terms.ts'
import type { Dao, DaoWorld } from './dao.ts'
import { connect } from './network.ts'

const { networkHelpers } = await connect()

/** What was put to the vote, as ProposalCreated tells it; what queue, execute and cancel are called with. */
export interface Proposal {
  id: bigint
  proposer: string
  targets: string[]
  values: bigint[]
  calldatas: string[]
  description: string
  snapshot: bigint
  deadline: bigint
}

/** The proposal that a transaction made. */
export async function readProposal({ dao }: Pick<Dao, 'dao'>, tx: ContractTransactionResponse): Promise<Proposal> {
  const receipt = await tx.wait()
  const [event] = receipt!.logs.map((log) => dao.interface.parseLog(log)).filter((e) => e?.name === 'ProposalCreated')
  if (!event) throw new Error(`the transaction ${tx.hash} proposed nothing`)
  const [id, proposer, targets, values, , calldatas, snapshot, deadline, description] = event.args.toArray(
    true,
  ) as ProposalCreatedEvent.OutputTuple
  return { id, proposer, targets, values, calldatas, description, snapshot, deadline }
}

export interface CidProposing {
  from?: HardhatEthersSigner
  providerId?: bigint
  cid?: string
  size?: bigint
  terms?: StorageTerms
  description?: string
}

/** Proposes a CID; as the first member unless told otherwise. */
export async function proposeCid(w: Pick<DaoWorld, 'dao' | 'members'>, given: CidProposing = {}): Promise<Proposal> {
  const { from = w.members[0], providerId = 0n, cid = CID, description = 'Keep it', terms = requestTerms() } = given
  const { size = terms.kind === STORAGE_KIND.Order ? ORDER_SIZE : MAX_BYTES } = given
  return readProposal(w, await w.dao.connect(from).proposeCID(providerId, cid, size, terms, description))
}

/** Proposes a CID as the storage provider, by its worker. */
export const proposeCidAsProvider = (w: Pick<DaoWorld, 'dao' | 'members' | 'sp'>, given: CidProposing = {}) =>
  proposeCid(w, { from: w.sp.worker, providerId: w.sp.miner, ...given })

export async function proposeRemoval(
  w: Pick<DaoWorld, 'dao' | 'members'>,
  { from = w.members[0], cid = CID, reason = 'No use' } = {},
): Promise<Proposal> {
  return readProposal(w, await w.dao.connect(from).proposeRemoval(cid, reason))
}

export interface Call {
  target: AddressLike
  value?: bigint
  data?: string
}

/** An ordinary proposal, by the first member unless told otherwise. */
export async function propose(
  w: Pick<DaoWorld, 'dao' | 'members'>,
  calls: Call[],
  { from = w.members[0], description = 'Do it' } = {},
): Promise<Proposal> {
  const targets = calls.map(({ target }) => target)
  const values = calls.map(({ value }) => value ?? 0n)
  const calldatas = calls.map(({ data }) => data ?? '0x')
  return readProposal(w, await w.dao.connect(from).propose(targets, values, calldatas, description))
}

/** Mines up to `epoch`: the next transaction is in the one after it. */
export async function passTo(epoch: bigint): Promise<void> {
  if (epoch > (await now())) await networkHelpers.mineUpTo(epoch)
}

/** The next transaction can vote. */
export const passToVote = ({ snapshot }: Proposal) => passTo(snapshot)

/** Passes the last epoch of the vote, as it is now. */
export const passVote = async ({ dao }: Pick<Dao, 'dao'>, { id }: Proposal) =>
  passTo((await dao.proposalDeadline(id)) + 1n)

/** Each of `voters` votes, once the vote has begun. Returns the last transaction. */
export async function vote(
  w: Pick<Dao, 'dao'>,
  proposal: Proposal,
  voters: HardhatEthersSigner[],
  support = SUPPORT.For,
) {
  await passToVote(proposal)
  const all = []
  for (const voter of voters) all.push(await w.dao.connect(voter).castVote(proposal.id, support))
  return all.at(-1)!
}

/** The payload as {queue}, {execute} and {cancel} take it. */
export const payloadOf = ({ targets, values, calldatas, description }: Proposal) =>
  [targets, values, calldatas, keccakOf(description)] as const

/** The members who have weight and did not propose it vote for it, and the vote ends. */
export async function succeed(w: Pick<DaoWorld, 'dao' | 'members'>, proposal: Proposal): Promise<void> {
  await passToVote(proposal)
  const weights = await Promise.all(
    w.members.map((member) => w.dao.getVotes(member, proposal.snapshot, { blockTag: 'pending' })),
  )
  const voters = w.members.filter(({ address }, at) => weights[at] > 0n && address !== proposal.proposer)
  await vote(w, proposal, voters)
  await passVote(w, proposal)
}

export const queue = ({ dao }: Pick<Dao, 'dao'>, proposal: Proposal) => dao.queue(...payloadOf(proposal))

/** Time passes up to what was queued may be executed. */
export async function passDelay({ dao }: Pick<Dao, 'dao'>, { id }: Proposal): Promise<void> {
  const eta = await dao.proposalEta(id)
  if (eta > BigInt(await networkHelpers.time.latest())) await networkHelpers.time.increaseTo(eta)
}

export const execute = ({ dao }: Pick<Dao, 'dao'>, proposal: Proposal) => dao.execute(...payloadOf(proposal))

/** {@link succeed}, queued, the delay passed. */
export async function ripen(w: Pick<DaoWorld, 'dao' | 'members'>, proposal: Proposal): Promise<void> {
  await succeed(w, proposal)
  await queue(w, proposal)
  await passDelay(w, proposal)
}

/** The whole way from the proposal to its execution. Returns the transaction of that. */
export async function carry(w: Pick<DaoWorld, 'dao' | 'members'>, proposal: Proposal) {
  await ripen(w, proposal)
  return execute(w, proposal)
}

/** What tells the timelock's operation of a proposal from any other with the same calls. */
export async function saltOf({ dao }: Pick<Dao, 'dao'>, proposal: Proposal): Promise<string> {
  const salt = BigInt((await dao.getAddress()).padEnd(66, '0')) ^ BigInt(payloadOf(proposal)[3])
  return toBeHex(salt, 32)
}

/** The timelock's operation of a proposal that was queued. */
export async function operationOf(w: Pick<Dao, 'dao' | 'treasury'>, proposal: Proposal): Promise<string> {
  const { targets, values, calldatas } = proposal
  return w.treasury.hashOperationBatch(targets, values, calldatas, ZeroHash, await saltOf(w, proposal))
}
