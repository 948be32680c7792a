import { artifacts } from 'hardhat'
import { Contract, hexlify, toUtf8Bytes, type Result } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { ACTOR_ADDRESSES, createMiners } from '../../../scripts/local/actors.ts'
import type { IPerpetualOrders, IPerpetualStorage, LocalMarket } from '../../../types/ethers-contracts/index.js'
import { otherSlot, slotId, slotLabel } from '../../../oracle/chain/slot-id.ts'
import { installActors, localMarket, rpc } from '../../helpers/actors.ts'
import { now } from '../../helpers/answers.ts'
import { connect } from '../../helpers/network.ts'
import { namedPiece, pieceCid } from '../../helpers/podsi.ts'
import { BURN_ACTOR } from '../../helpers/registry.ts'

export { now, otherSlot, slotId }

export const { ethers, networkHelpers } = await connect()
export const { loadFixture, mine, mineUpTo, setBalance } = networkHelpers

export type NewOrder = IPerpetualOrders.NewOrderStruct
export type Terms = IPerpetualOrders.TermsStruct

export const DAY = 2_880n
export const SINK = BURN_ACTOR
export const MARKET = 5n

/** The miners of the storage providers, in their order. */
export const MINERS = [1000n, 1001n, 1002n, 1003n] as const

export const STATE = {
  None: 0n,
  Claimed: 1n,
  Active: 2n,
  Abandoned: 3n,
  Lapsed: 4n,
  Lost: 5n,
  Resigned: 6n,
  Ended: 7n,
}
export const STATUS = { None: 0n, Live: 1n, Suspended: 2n, Cancelled: 3n }
export const LIVENESS = { Sector: 0n, Deal: 1n }
export const ACCESS = { Everyone: 0n, Listed: 1n, NotListed: 2n }
export const KIND = { None: 0n, Deal: 1n, Sector: 2n }
/** What the caller of `settle` says of a sector. */
export const SAID = { None: 0n, Active: 1n, Faulty: 2n, Dead: 3n }

export const PIECE = namedPiece('piece')
export const OTHER_PIECE = namedPiece('other')
/** CIDv1, dag-pb, sha2-256. */
export const PAYLOAD_CID = '0x01701220' + 'c1'.repeat(32)
export const SEED = hexlify(toUtf8Bytes('https://seed.example/file.car'))

/** attoFIL per replica and epoch; what a claim puts down is then more than the least. */
export const PRICE = 2_000_000_000_000n
export const CEILING = 2n * PRICE
/** For how many claims of the longest term an order has money, unless told otherwise. */
export const FUNDED_CLAIMS = 3n

/** A storage provider: its miner actor, and who controls that. */
export interface Provider {
  miner: bigint
  owner: HardhatEthersSigner
  worker: HardhatEthersSigner
}

export interface World {
  /** All functions, events and errors, also those of the code that is run by delegatecall. */
  storage: IPerpetualStorage
  market: LocalMarket
  client: HardhatEthersSigner
  /** Nobody's signer. */
  stranger: HardhatEthersSigner
  sps: Provider[]
}

/** Filecoin's actors, four storage providers with a miner each of an owner of its own, and {PerpetualStorage}. */
export async function world(): Promise<World> {
  await installActors()
  const [client, stranger, , ...rest] = await ethers.getSigners()
  const sps = MINERS.map((miner, at): Provider => ({ miner, owner: rest[2 * at], worker: rest[2 * at + 1] }))
  await createMiners(
    await rpc(),
    artifacts,
    sps.map(({ miner, owner, worker }) => ({ id: miner, owner: owner.address, worker: worker.address })),
  )
  return { storage: await deploy(client), market: await localMarket(), client, stranger, sps }
}

async function deploy(client: HardhatEthersSigner): Promise<IPerpetualStorage> {
  const orders = await ethers.deployContract('OrdersExtension', [SINK])
  const proofs = await ethers.deployContract('ProofsExtension', [SINK])
  const storage = await ethers.deployContract('PerpetualStorage', [orders, proofs])
  // On Filecoin a contract has its actor id from its creation on.
  await (await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)).register(storage)
  const fragments = [storage, orders, proofs].flatMap((one) => one.interface.fragments)
  const known = new Map(
    fragments.filter(({ type }) => type !== 'constructor').map((fragment) => [fragment.format('sighash'), fragment]),
  )
  return new Contract(await storage.getAddress(), [...known.values()], client) as unknown as IPerpetualStorage
}

export interface Opened {
  orderId: bigint
  terms: Terms
}

/** What {@link open} changes of the order that it opens by default: a new order's fields, some of the terms, the money. */
export type Opening = Partial<Omit<NewOrder, 'terms'>> & {
  terms?: Partial<Terms>
  deposit?: bigint
  from?: HardhatEthersSigner
}

/** A new order: two replicas of {@link PIECE} for ever, with the terms that are default for {@link PRICE}. */
export async function newOrder({ storage }: Pick<World, 'storage'>, changes: Opening = {}): Promise<NewOrder> {
  const { terms, deposit: _, from: __, ...fields } = changes
  const price = BigInt(fields.price ?? PRICE)
  const defaults = await storage.defaultTerms(price)
  return {
    pieceCid: pieceCid(PIECE),
    pieceSize: PIECE.size,
    replicas: 2n,
    price,
    ceiling: 2n * price,
    endEpoch: 0n,
    payloadCid: PAYLOAD_CID,
    seed: SEED,
    providers: [],
    ...fields,
    terms: { ...(defaults as unknown as Result).toObject(), ...terms } as Terms,
  }
}

/** The client opens an order, funded for {@link FUNDED_CLAIMS} claims of the longest term. */
export async function open(w: World, changes: Opening = {}): Promise<Opened> {
  const order = await newOrder(w, changes)
  const value = changes.deposit ?? FUNDED_CLAIMS * BigInt(order.price) * BigInt(order.terms.maxTermEpochs)
  const from = changes.from ?? w.client
  await w.storage.connect(from).openFor(from, order, { value })
  return { orderId: await w.storage.orderCount(), terms: order.terms }
}

export interface Claimed extends Opened {
  slot: bigint
  nonce: bigint
  sp: Provider
  claimedEpoch: bigint
  /** The last epoch, inclusive, at which it can be proven. */
  claimBy: bigint
  price: bigint
  collateral: bigint
  /** `SLOT/NONCE` in bytes: what a deal's label or a notification's payload says. */
  label: string
}

/** What {@link claim} does otherwise than by default. */
export interface Claiming {
  /** By default the first that is open. */
  slot?: bigint
  sp?: Provider
  from?: HardhatEthersSigner
}

/** The worker of a storage provider, by default of the first, claims an open slot as it is shown. */
export async function claim(w: World, opened: Opened, { slot, sp = w.sps[0], from }: Claiming = {}): Promise<Claimed> {
  const { slots } = await w.storage.openSlotsOf(opened.orderId)
  const shown = slots.find((one) => slot === undefined || one.slot === slot)
  if (!shown)
    throw new Error(`no open slot ${slot ?? ''} in order ${opened.orderId}: ${slots.map((s) => s.slot).join()}`)

  const { nonce, orderVersion, price, collateral } = shown
  await w.storage
    .connect(from ?? sp.worker)
    .claim(shown.slot, nonce, orderVersion, price, sp.miner, { value: collateral })
  const { claimedEpoch, claimBy, price: fixed } = await w.storage.getSlot(shown.slot)
  const label = hexlify(toUtf8Bytes(slotLabel(shown.slot, nonce)))
  return { ...opened, slot: shown.slot, nonce, sp, claimedEpoch, claimBy, price: fixed, collateral, label }
}

/** An order with its first slot claimed by the first storage provider. */
export async function claimed() {
  const w = await world()
  return { ...w, claim: await claim(w, await open(w)) }
}

/** An order with the changes, its first slot claimed. */
export async function claimedWith(changes: Opening) {
  const w = await world()
  return { ...w, claim: await claim(w, await open(w, changes)) }
}
