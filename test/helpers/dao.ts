import { artifacts } from 'hardhat'
import {
  hexlify,
  id as keccakOf,
  parseEther,
  toBeHex,
  toUtf8Bytes,
  ZeroHash,
  type AddressLike,
  type ContractTransactionResponse,
} from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { ACTOR_ADDRESSES, createMiners, maskedIdAddress } from '../../scripts/local/actors.ts'
import type {
  Collection,
  DaoTreasury,
  DataDAO,
  DataDAOFactory,
  IDataDAO,
  IDataDAOFactory,
  IMembership,
  MemberBadge,
  WeightToken,
} from '../../types/ethers-contracts/index.js'
import type { IDataDAO as DaoStructs } from '../../types/ethers-contracts/contracts/dao/IDataDAOFactory.js'
import type { ProposalCreatedEvent } from '../../types/ethers-contracts/contracts/dao/DataDAO.js'
import { CID, FEE, LINK, MAX_BYTES, PIECE, world as pinningWorld, type World } from '../contracts/pinning/world.ts'
import { rpc } from './actors.ts'
import { now } from './answers.ts'
import { connect } from './network.ts'
import { pieceCid } from './podsi.ts'

const { ethers, networkHelpers } = await connect()

export const PROPOSAL_STATE = {
  Pending: 0n,
  Active: 1n,
  Canceled: 2n,
  Defeated: 3n,
  Succeeded: 4n,
  Queued: 5n,
  Expired: 6n,
  Executed: 7n,
}
export const SUBJECT = { None: 0n, General: 1n, GuardianChange: 2n, Keep: 3n, Drop: 4n }
export const SUPPORT = { Against: 0n, For: 1n, Abstain: 2n }
export const FAULT = {
  None: 0n,
  BadSupport: 1n,
  Expired: 2n,
  AlreadyVoted: 3n,
  Barred: 4n,
  NoWeight: 5n,
  BadSignature: 6n,
}
export const STORAGE_KIND = { Request: 0n, Order: 1n }

export type Settings = DaoStructs.SettingsStruct
export type Setup = IDataDAOFactory.SetupStruct
export type StorageTerms = IDataDAOFactory.SetupStruct['defaultTerms']

/** Two of five members are the quorum; times are epochs. */
export const SETTINGS: Settings = {
  votingDelay: 10n,
  votingPeriod: 100n,
  quorumPercent: 40n,
  lateExtension: 20n,
  timelockDelay: 10n,
  proposalThreshold: 1n,
}
export const SECONDS_PER_EPOCH = 30n
/** Epochs after the deadline in which what passed can be queued, and seconds after the delay in which it can be executed. */
export const QUEUE_WINDOW = 40_320n
export const EXECUTION_WINDOW_SECONDS = 1_209_600n
/** Of the members, in their order, where votes are by weight: 15 in all. */
export const WEIGHTS = [5n, 4n, 3n, 2n, 1n].map((weight) => weight * 10n ** 18n)
export const DEPOSIT = parseEther('100')

/** attoFIL: what a request on {@link requestTerms} pays per replica, and an order on {@link orderTerms} per replica and epoch. */
export const REWARD = 100_000n
export const ORDER_PRICE = 2_000_000_000_000n
/** For three claims of an order's longest term. */
export const ORDER_BUDGET = 3n * ORDER_PRICE * 360n * 2_880n
/** What a request on {@link requestTerms} costs; its budget is {@link SPARE} more. */
export const REQUEST_COST = FEE + REWARD
export const SPARE = 1_000n

/** Terms of a request: one replica, the piece left to the operators. */
export const requestTerms = (changes: Partial<StorageTerms> = {}): StorageTerms => ({
  kind: STORAGE_KIND.Request,
  replicas: 1n,
  pieceSize: 0n,
  termEpochs: 500_000n,
  deadlineEpochs: 5_000n,
  price: REWARD,
  budget: REQUEST_COST + SPARE,
  pieceCid: '0x',
  seed: LINK,
  ...changes,
})

/** Terms of an order: two replicas for ever. */
export const orderTerms = (changes: Partial<StorageTerms> = {}): StorageTerms => ({
  kind: STORAGE_KIND.Order,
  replicas: 2n,
  pieceSize: PIECE.size,
  termEpochs: 0n,
  deadlineEpochs: 0n,
  price: ORDER_PRICE,
  budget: ORDER_BUDGET,
  pieceCid: pieceCid(PIECE),
  seed: hexlify(toUtf8Bytes('https://seed.example/file.car')),
  ...changes,
})

/** A storage provider: its miner, and who controls that. */
export interface StorageProvider {
  miner: bigint
  owner: HardhatEthersSigner
  worker: HardhatEthersSigner
  control: HardhatEthersSigner
}

/** The parts of one DAO. */
export interface Dao {
  dao: DataDAO
  treasury: DaoTreasury
  collection: Collection
  /** Of either kind; {@link Dao.badge} and {@link Dao.token} are the same address, only one of which it is. */
  membership: IMembership
  badge: MemberBadge
  token: WeightToken
}

/** {@link World} of the pinning tests, whose owner, operators and requester are no members, with a factory and one DAO of it. */
export interface DaoWorld extends World, Dao {
  factory: DataDAOFactory
  members: HardhatEthersSigner[]
  guardian: HardhatEthersSigner
  sp: StorageProvider
}

export interface Options {
  kind?: 'badge' | 'token'
  settings?: Partial<Settings>
  /** On top of what {@link setupOf} says. */
  setup?: Partial<Setup>
  /** The treasury's first deposit, attoFIL. */
  deposit?: bigint
}

/** A DAO of five members, its treasury funded, on PinningRequests and PerpetualStorage with Filecoin's actors; for a fixture. */
export async function daoWorld(options: Options = {}): Promise<DaoWorld> {
  const base = await pinningWorld()
  const signers = await ethers.getSigners()
  const [m0, m1, m2, m3, m4, guardian, owner, worker, control] = signers.slice(10)
  const members = [m0, m1, m2, m3, m4]
  const sp: StorageProvider = { miner: 1003n, owner, worker, control }
  const addresses = { owner: owner.address, worker: worker.address, control: [control.address] }
  await createMiners(await rpc(), artifacts, [{ id: sp.miner, ...addresses }])
  const factory = await deployFactory(base)
  const made = await createDao(factory, await setupOf({ members, guardian }, options), options.deposit)
  return { ...base, ...made, factory, members, guardian, sp }
}

export const badgeDao = () => daoWorld()
export const tokenDao = () => daoWorld({ kind: 'token' })

/** The code of all parts, and the factory that makes clones of it. */
export async function deployFactory({ pinning, perpetual }: Pick<World, 'pinning' | 'perpetual'>) {
  const desk = await ethers.deployContract('ProposalDesk')
  const extension = await ethers.deployContract('GovernorExtension', [desk])
  return ethers.deployContract('DataDAOFactory', [
    await ethers.deployContract('DataDAO', [extension]),
    await ethers.deployContract('DaoTreasury', [pinning, perpetual]),
    await ethers.deployContract('Collection', [pinning, perpetual]),
    await ethers.deployContract('MemberBadge'),
    await ethers.deployContract('WeightToken'),
  ])
}

/** A DAO with {@link SETTINGS}; its guardian's term is 10,000 epochs. */
export async function setupOf(
  { members, guardian }: Pick<DaoWorld, 'members' | 'guardian'>,
  { kind = 'badge', settings, setup }: Options = {},
): Promise<Setup> {
  return {
    name: 'Curators',
    symbol: 'CUR',
    members: members.map(({ address }) => address),
    weights: kind === 'token' ? WEIGHTS : [],
    settings: { ...SETTINGS, ...settings },
    guardian: guardian.address,
    guardianUntil: (await now()) + 10_000n,
    defaultTerms: requestTerms(),
    ...setup,
  }
}

export async function createDao(factory: DataDAOFactory, setup: Setup, deposit = DEPOSIT): Promise<Dao> {
  await factory.create(setup, { value: deposit })
  const [address] = await factory.daos((await factory.daoCount()) - 1n, 1n)
  const parts = await factory.partsOf(address)
  return {
    dao: await ethers.getContractAt('DataDAO', address),
    treasury: await ethers.getContractAt('DaoTreasury', parts.treasury),
    collection: await ethers.getContractAt('Collection', parts.collection),
    membership: await ethers.getContractAt('IMembership', parts.membership),
    badge: await ethers.getContractAt('MemberBadge', parts.membership),
    token: await ethers.getContractAt('WeightToken', parts.membership),
  }
}

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
  const { from = w.members[0], providerId = 0n, cid = CID, size = MAX_BYTES } = given
  const { terms = requestTerms(), description = 'Keep it' } = given
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

export type SignedBallot = IDataDAO.SignedBallotStruct

export interface Ballot {
  support?: bigint
  reason?: string
  /** The last epoch at which it counts; 1,000 from now unless given. */
  expiryEpoch?: bigint
  /** The voter's next one for the proposal unless given. */
  nonce?: bigint
  /** On whose behalf; the signer unless given. */
  voter?: string
  /** What the signature says otherwise than by the DAO's own domain: `chainId`, `verifyingContract`. */
  domain?: Record<string, unknown>
}

const BALLOT_TYPES = {
  SignedBallot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'reason', type: 'string' },
    { name: 'nonce', type: 'uint256' },
    { name: 'expiryEpoch', type: 'uint256' },
  ],
}

/** The EIP-712 domain of a DAO or of its membership. */
export async function domainOf(contract: Pick<DataDAO, 'eip712Domain'>) {
  const [, name, version, chainId, verifyingContract] = await contract.eip712Domain()
  return { name, version, chainId, verifyingContract }
}

/** A ballot that anybody may submit by {castVotesBySig}. */
export async function signBallot(
  { dao }: Pick<Dao, 'dao'>,
  signer: HardhatEthersSigner,
  proposalId: bigint,
  given: Ballot = {},
): Promise<SignedBallot> {
  const { support = SUPPORT.For, reason = '', voter = signer.address } = given
  const expiryEpoch = given.expiryEpoch ?? (await now()) + 1_000n
  const nonce = given.nonce ?? (await dao['nonces(address,uint192)'](voter, BigInt.asUintN(192, proposalId)))
  const message = { proposalId, support, voter, reason, nonce, expiryEpoch }
  const signature = await signer.signTypedData({ ...(await domainOf(dao)), ...given.domain }, BALLOT_TYPES, message)
  return { voter, support, expiryEpoch, reason, signature }
}

/** The masked id address (0xff…) of an account, which has its actor id from now on. */
export async function maskedOf(account: AddressLike): Promise<string> {
  const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
  await book.register(account)
  return maskedIdAddress((await book.idOf(account)).id)
}
