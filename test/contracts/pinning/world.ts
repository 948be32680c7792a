import { AbiCoder, hexlify } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import type { IPinningRequests, OracleRegistry, PinningRequests } from '../../../types/ethers-contracts/index.js'
import { activateDeal, installActors, publishDeal } from '../../helpers/actors.ts'
import { connect } from '../../helpers/network.ts'
import { aggregateOf, namedPiece, onChain, type OnChainPiece, type Segment } from '../../helpers/podsi.ts'

export const { ethers, networkHelpers } = await connect()
export const { loadFixture, mine, mineUpTo, setBalance } = networkHelpers
const coder = AbiCoder.defaultAbiCoder()

export type Terms = IPinningRequests.TermsStruct

export const PROVIDER = 1n
export const STORE = 2
export const STAGE = { pinned: 0, packed: 1, stored: 2 }
export const STAGE_FEES = [20n, 600n, 4_000n]
export const FEE = 4_620n
export const QUORUM = 2n
export const REWARD = 100_000n
export const CAR_BYTES = 1_000n
export const MARKET = 5n
export const MINERS = [1000n, 1001n, 1002n] as const

/** Blocks from asking to the deadline in these tests, and what a deal must still run. */
export const DEADLINE_EPOCHS = 5_000n
export const MIN_TERM = 500_000n

export const STATE = {
  Requested: 1n,
  Pinned: 2n,
  Packed: 3n,
  Storing: 4n,
  Stored: 5n,
  Failed: 6n,
  Expired: 7n,
  Cancelled: 8n,
}
export const REGISTRY_STATE = { Open: 1n, Answered: 2n, Failed: 3n, Cancelled: 4n, Expired: 5n }
export const REASON = { NotFound: 0n, TooLarge: 1n, BadContent: 2n, PieceMismatch: 3n, DealFailed: 4n }

/** CIDv1, dag-pb, sha2-256. */
export const CID = '0x01701220' + 'c1'.repeat(32)
export const OTHER_CID = '0x01701220' + 'c2'.repeat(32)
export const LINK = hexlify(Buffer.from('https://seed.example/file.car'))

export const PIECE = namedPiece('piece')
export const OTHER_PIECE = namedPiece('other')

export interface World {
  registry: OracleRegistry
  pinning: PinningRequests
  requester: HardhatEthersSigner
  stranger: HardhatEthersSigner
  /** Three operators' owners, and the keys that vote for them. Two votes make an answer. */
  owners: HardhatEthersSigner[]
  reporters: HardhatEthersSigner[]
}

/** Filecoin's actors, a registry with one provider, three operators and a quorum of two, and {PinningRequests}. */
export async function world(): Promise<World> {
  await installActors()
  const [deployer, stranger, , requester, ...rest] = await ethers.getSigners()
  const owners = rest.slice(0, 3)
  const reporters = rest.slice(3, 6)

  const registry = await ethers.deployContract('OracleRegistry')
  await registry.connect(deployer).registerProvider({
    name: 'edge',
    quorum: QUORUM,
    windowEpochs: 0,
    callbackGas: 200_000n,
    jobs: [{ job: STORE, minDeadlineEpochs: 60, concludedByRequester: true, stageFees: STAGE_FEES }],
  })
  for (const [index, owner] of owners.entries()) {
    await registry.admit(PROVIDER, owner.address)
    await registry.connect(owner).join(PROVIDER, reporters[index], '')
    await registry.connect(reporters[index]).acceptReporter(index + 1)
  }
  const pinning = await ethers.deployContract('PinningRequests', [registry, PROVIDER])
  return { registry, pinning, requester, stranger, owners, reporters }
}

export const now = async (): Promise<bigint> => BigInt(await ethers.provider.getBlockNumber())

/** Mines all transactions that `send` makes in one block. */
export async function inOneBlock(send: () => Promise<void>): Promise<void> {
  await ethers.provider.send('evm_setAutomine', [false])
  try {
    await send()
    await mine()
  } finally {
    await ethers.provider.send('evm_setAutomine', [true])
  }
}

/** Terms with one replica and the deadline {DEADLINE_EPOCHS} from now, with `changes` on top. */
export const terms = async (changes: Partial<Terms> = {}): Promise<Terms> => ({
  replicas: 1n,
  minTermEpochs: MIN_TERM,
  deadlineEpoch: (await now()) + DEADLINE_EPOCHS,
  maxBytes: 1n << 20n,
  rewardPerReplica: REWARD,
  allowExistingDeals: false,
  pieceCid: '0x',
  pieceSize: 0n,
  ...changes,
})

export interface Asked {
  id: bigint
  deadline: bigint
}

/** The requester asks for `cid` and pays what it costs. */
export async function submit(
  { pinning, registry, requester }: World,
  changes: Partial<Terms> = {},
  { cid = CID, from = requester } = {},
): Promise<Asked> {
  const given = await terms(changes)
  const value = FEE + BigInt(given.replicas) * BigInt(given.rewardPerReplica)
  await pinning.connect(from).submitWithTerms(cid, LINK, given, { value })
  return { id: await lastRequest(registry), deadline: BigInt(given.deadlineEpoch) }
}

export const lastRequest = async (registry: OracleRegistry): Promise<bigint> =>
  BigInt((await registry.queryFilter(registry.filters.Requested())).length)

export const pinnedAnswer = (carBytes = CAR_BYTES): string => coder.encode(['uint64'], [carBytes])

export const packedAnswer = ({ digest, size }: OnChainPiece, carBytes = CAR_BYTES): string =>
  coder.encode(['bytes32', 'uint64', 'uint64'], [digest, size, carBytes])

export const failureData = (reason: bigint): string => coder.encode(['uint8'], [reason])

/** The first two operators answer a stage. Returns the transaction that made the quorum. */
export async function answer({ registry, reporters }: World, id: bigint, stage: number, data: string) {
  await registry.connect(reporters[0]).report(id, stage, data)
  return registry.connect(reporters[1]).report(id, stage, data)
}

/** The first two operators agree that the request cannot be served. */
export async function fail({ registry, reporters }: World, id: bigint, stage: number, reason: bigint) {
  await registry.connect(reporters[0]).reportFailure(id, stage, reason)
  return registry.connect(reporters[1]).reportFailure(id, stage, reason)
}

/** The operators answer that the CID is pinned and that its piece is `piece`. */
export async function pack(world: World, id: bigint, piece: Piece = PIECE) {
  await answer(world, id, STAGE.pinned, pinnedAnswer())
  return answer(world, id, STAGE.packed, packedAnswer(onChain(piece)))
}

/** Lets every callback fail that comes in the meantime. */
export async function whileDeaf({ pinning }: World, meantime: () => Promise<unknown>): Promise<void> {
  const address = await pinning.getAddress()
  const code = await ethers.provider.getCode(address)
  await networkHelpers.setCode(address, '0xfe')
  await meantime()
  await networkHelpers.setCode(address, code)
}

export interface DealTerms {
  providerId?: bigint
  duration?: bigint
  /** Epochs from now to the deal's start. */
  startIn?: bigint
  active?: boolean
}

export interface Deal {
  dealId: bigint
  providerId: bigint
  start: bigint
  end: bigint
}

/** Has a deal for `data` made; it has begun when this returns, unless it begins later than in 10 epochs. */
export async function makeDeal(
  data: Piece,
  { providerId = MINERS[0], duration = 540n * 2_880n, startIn = 10n, active = true }: DealTerms = {},
): Promise<Deal> {
  const start = (await now()) + startIn
  const end = start + duration
  const { digest, size } = onChain(data)
  const dealId = await publishDeal({
    pieceDigest: digest,
    pieceSize: size,
    providerId,
    startEpoch: start,
    endEpoch: end,
  })
  if (active) await activateDeal(dealId)
  if (startIn <= 10n) await mineUpTo(start)
  return { dealId, providerId, start, end }
}

/** A piece in an aggregate of its own, and a running deal for that. */
export async function storedPiece(piece: Piece = PIECE, dealTerms: DealTerms = {}) {
  const { aggregate, segments } = aggregateOf([piece])
  return { aggregate, segment: segments[0], deal: await makeDeal(aggregate, dealTerms) }
}

/** Shows the deal for the request's piece, by a stranger unless told otherwise. */
export function complete(
  { pinning, stranger }: World,
  id: bigint,
  { dealId, providerId }: Pick<Deal, 'dealId' | 'providerId'>,
  { proof, verifierData }: Segment,
  { marketActorId = MARKET, from = stranger } = {},
) {
  return pinning.connect(from).complete(id, marketActorId, dealId, providerId, proof, verifierData)
}

/** A request that is *Packed*, with a running deal for its piece. */
export async function packed() {
  return packedWith({})
}

export async function packedWith(changes: Partial<Terms>) {
  const w = await world()
  const asked = await submit(w, changes)
  await pack(w, asked.id)
  return { ...w, ...asked, ...(await storedPiece()) }
}
