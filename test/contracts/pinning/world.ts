import { AbiCoder, hexlify, type Result } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import type {
  IPerpetualStorage,
  IPinningRequests,
  OracleRegistry,
  PinningRequests,
} from '../../../types/ethers-contracts/index.js'
import { activateDeal, installActors, publishDeal } from '../../helpers/actors.ts'
import { answerFinally, lastRequest, now } from '../../helpers/answers.ts'
import { connect } from '../../helpers/network.ts'
import { aggregateOf, namedPiece, onChain, type OnChainPiece, type Segment } from '../../helpers/podsi.ts'
import { BURN_ACTOR, feeOf, PROVIDER, serve, shareOf, type Rules, type Service } from '../../helpers/registry.ts'

export * from '../../helpers/answers.ts'
export { PROVIDER, REASON, REQUEST_STATE as REGISTRY_STATE, RULING } from '../../helpers/registry.ts'

export const { ethers, networkHelpers } = await connect()
export const { loadFixture, mine, mineUpTo, setBalance } = networkHelpers
const coder = AbiCoder.defaultAbiCoder()

export type Terms = IPinningRequests.TermsStruct

export const STORE = 2
export const PACK = 5
export const STAGE = { pinned: 0, packed: 1, stored: 2 }
export const QUORUM = 2n
export const MAX_BYTES = 1n << 20n

/** The provider's two jobs, and how its operators answer them. */
export const RULES = {
  quorum: Number(QUORUM),
  jobs: [
    {
      ...{ job: STORE, minDeadlineEpochs: 60, concludedByRequester: true, failureFee: 5n },
      stages: [
        { base: 10n, perGiB: 1_024n },
        { base: 300n, perGiB: 2_048n },
        { base: 2_000n, perGiB: 10_240n },
      ],
    },
    {
      ...{ job: PACK, minDeadlineEpochs: 40, concludedByRequester: false, failureFee: 5n },
      stages: [
        { base: 10n, perGiB: 1_024n },
        { base: 300n, perGiB: 2_048n },
      ],
    },
  ],
}

/** What a request for up to {@link MAX_BYTES} pays for each stage: 22, 604 and 4,020 attoFIL. */
export const STAGE_FEES = [0, 1, 2].map((stage) => QUORUM * shareOf(RULES, STORE, stage))
export const FEE = feeOf(RULES, STORE)
/** What the standard's submit pays: for up to 1 GiB. */
export const DEFAULT_FEE = feeOf(RULES, STORE, 1n << 30n)
/** What the standard's submitRaaS pays the operators, for up to 1 GiB. */
export const PACK_FEE = feeOf(RULES, PACK, 1n << 30n)
/** What a failure costs of any. */
export const FAILURE_FEE = QUORUM * 5n
export const REWARD = 100_000n
export const CAR_BYTES = 1_000n
export const MARKET = 5n
export const MINERS = [1000n, 1001n, 1002n] as const

/** Epochs in which an answer can be challenged, where a test gives the provider such a window. */
export const WINDOW = 30

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
  Refuted: 9n,
  Undecided: 10n,
  Ordered: 11n,
}
/** CIDv1, dag-pb, sha2-256. */
export const CID = '0x01701220' + 'c1'.repeat(32)
export const OTHER_CID = '0x01701220' + 'c2'.repeat(32)
export const LINK = hexlify(Buffer.from('https://seed.example/file.car'))

export const PIECE = namedPiece('piece')
export const OTHER_PIECE = namedPiece('other')

export interface World extends Service {
  pinning: PinningRequests
  perpetual: IPerpetualStorage
  requester: HardhatEthersSigner
  stranger: HardhatEthersSigner
}

/** Filecoin's actors, a registry with one provider, three operators whose answers are final at a quorum of two, and
 * {PinningRequests}. */
export async function world(changes: Partial<Rules> = {}): Promise<World> {
  await installActors()
  const [owner, stranger, , requester, ...rest] = await ethers.getSigners()
  const seats = [0, 1, 2].map((index) => ({ owner: rest[index], reporter: rest[3 + index] }))
  const service = await serve({ name: 'edge', owner, seats, rules: { ...RULES, callbackGas: 200_000n, ...changes } })
  const perpetual = await deployPerpetual()
  return { ...service, perpetual, pinning: await deployPinning(service.registry, perpetual), requester, stranger }
}

async function deployPerpetual(): Promise<IPerpetualStorage> {
  const orders = await ethers.deployContract('OrdersExtension', [BURN_ACTOR])
  const proofs = await ethers.deployContract('ProofsExtension', [BURN_ACTOR])
  const storage = await ethers.deployContract('PerpetualStorage', [orders, proofs])
  return ethers.getContractAt('IPerpetualStorage', storage)
}

export async function deployPinning(registry: OracleRegistry, perpetual: IPerpetualStorage): Promise<PinningRequests> {
  const extension = await ethers.deployContract('PinningExtension', [registry, perpetual])
  return ethers.deployContract('PinningRequests', [registry, PROVIDER, perpetual, extension])
}

/** {@link world}, where every answer can be challenged for {@link WINDOW} epochs. */
export const challengeable = () => world({ windowEpochs: WINDOW })

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
  maxBytes: MAX_BYTES,
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
  { pinning, registry, rules, requester }: World,
  changes: Partial<Terms> = {},
  { cid = CID, from = requester } = {},
): Promise<Asked> {
  const given = await terms(changes)
  const fee = feeOf(rules, STORE, BigInt(given.maxBytes))
  const value = fee + BigInt(given.replicas) * BigInt(given.rewardPerReplica)
  await pinning.connect(from).submitWithTerms(cid, LINK, given, { value })
  return { id: await lastRequest({ registry }), deadline: BigInt(given.deadlineEpoch) }
}

/** What `submitRaaS` is asked with; the thresholds are the default's unless given. */
export interface RaaS {
  replicas?: bigint
  repair?: bigint
  renew?: bigint
  /** What the order is to begin with. */
  escrow?: bigint
  cid?: string
  link?: string
}

/** The longest term of an order by default, epochs: what the escrow pays for. */
export const RAAS_TERM = 360n * 2_880n
/** Pays 2 replicas 7 attoFIL per epoch, and 9 attoFIL over. */
export const ESCROW = 2n * RAAS_TERM * 7n + 9n

/** The requester asks for perpetual storage and pays what it costs. */
export async function submitRaaS(
  { pinning, registry, requester }: World,
  { replicas = 2n, repair = 0n, renew = 0n, escrow = ESCROW, cid = CID, link = LINK }: RaaS = {},
): Promise<Asked> {
  await pinning.connect(requester).submitRaaS(cid, link, replicas, repair, renew, { value: PACK_FEE + escrow })
  const id = await lastRequest({ registry })
  return { id, deadline: (await registry.getRequest(id)).deadlineEpoch }
}

/** What a view returned, by its fields' names. */
export const plain = (returned: unknown) => (returned as Result).toObject()

export const pinnedAnswer = (carBytes = CAR_BYTES): string => coder.encode(['uint64'], [carBytes])

export const packedAnswer = ({ digest, size }: OnChainPiece, carBytes = CAR_BYTES): string =>
  coder.encode(['bytes32', 'uint64', 'uint64'], [digest, size, carBytes])

/** The operators answer that the CID is pinned and that its piece is `piece`; both answers are final when this returns. */
export async function pack(world: World, id: bigint, piece: Piece = PIECE) {
  await answerFinally(world, id, STAGE.pinned, pinnedAnswer())
  return answerFinally(world, id, STAGE.packed, packedAnswer(onChain(piece)))
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

/** A request for perpetual storage that is *Packed*. */
export async function packedRaaS() {
  const w = await world()
  const asked = await submitRaaS(w)
  await pack(w, asked.id)
  return { ...w, ...asked }
}

export async function packedWith(changes: Partial<Terms>) {
  const w = await world()
  const asked = await submit(w, changes)
  await pack(w, asked.id)
  return { ...w, ...asked, ...(await storedPiece()) }
}
