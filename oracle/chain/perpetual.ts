import { Interface, type Result } from 'ethers'
import { PERPETUAL_STORAGE_ABI } from './abi.ts'
import type { ChainClient } from './client.ts'

export const perpetualAbi = new Interface(PERPETUAL_STORAGE_ABI)

/** Where an order stands, in the order of `enum OrderStatus`. */
export const ORDER_STATUSES = ['None', 'Live', 'Suspended', 'Cancelled'] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/** Where a slot stands, in the order of `enum SlotState`. */
export const SLOT_STATES = [
  ...(['None', 'Claimed', 'Active', 'Abandoned', 'Lapsed', 'Lost', 'Resigned', 'Ended'] as const),
] as const
export type SlotState = (typeof SLOT_STATES)[number]

/** By what a slot is proven, in the order of `enum Kind`. */
export const SLOT_KINDS = ['None', 'Deal', 'Sector'] as const
export type SlotKind = (typeof SLOT_KINDS)[number]

/** What {@link perpetualAbi}'s `settle` can say of a sector, in the order of `enum SectorClaim`. */
export const SECTOR_CLAIMS = ['None', 'Active', 'Faulty', 'Dead'] as const
export type SectorClaim = (typeof SECTOR_CLAIMS)[number]

/** What shows that a replica is alive, in the order of `enum Liveness`. */
export const LIVENESSES = ['Sector', 'Deal'] as const
export type Liveness = (typeof LIVENESSES)[number]

/** Who may claim, in the order of `enum Access`. */
export const ACCESSES = ['Everyone', 'Listed', 'NotListed'] as const
export type Access = (typeof ACCESSES)[number]

/** Rules of an order that never change: epochs, attoFIL, bytes; see `IPerpetualOrders.Terms`. */
export interface OrderTerms {
  /** Shortest and longest term of a slot. */
  minTermEpochs: bigint
  maxTermEpochs: bigint
  /** From a claim to its proof at most. */
  claimEpochs: bigint
  /** In which a claim can be given back. */
  fetchEpochs: bigint
  /** Between two settlements at most: time before that is unpaid. */
  gapEpochs: bigint
  /** Before a slot's end, in which its successor can be claimed. */
  renewalEpochs: bigint
  /** For so long a slot may be faulty until it is lost. */
  evictEpochs: bigint
  /** What a provider puts down. */
  collateral: bigint
  /** Raw power that a provider must have. */
  minPower: bigint
  liveness: Liveness
  access: Access
}

/** An order as the contract shows it; see `IPerpetualOrders.OrderView`. Amounts are attoFIL. Bytes are hex unless said otherwise. */
export interface OrderView<Bytes = string> {
  client: string
  status: OrderStatus
  /** Of what can change; a claim names it. */
  version: bigint
  replicas: number
  /** Per replica and epoch. */
  price: bigint
  /** To which a successor's price rises. */
  ceiling: bigint
  /** No slot runs beyond it; 0n: for ever. */
  endEpoch: bigint
  openedEpoch: bigint
  /** Padded bytes. */
  pieceSize: bigint
  pieceDigest: Bytes
  /** What the client may take back and new claims may reserve. */
  free: bigint
  /** What live slots can still earn. */
  reserved: bigint
  /** The binary CID that was packed into the piece; empty where the client named none. */
  payloadCid: Bytes
  /** Where to fetch the piece, UTF-8. */
  seed: Bytes
  terms: OrderTerms
}

/** The last claim of a seat as the contract shows it; see `IPerpetualSlots.SlotView`. Amounts are attoFIL; 0n: there is none yet. */
export interface SlotView {
  /** orderId · 256 + seat. */
  slot: bigint
  nonce: bigint
  state: SlotState
  kind: SlotKind
  /** The miner actor's id. */
  provider: bigint
  /** Actor id of the provider's owner when it claimed. */
  owner: bigint
  /** Who put the collateral down. */
  poster: string
  /** Per epoch; fixed by the claim, like `maxTermEpochs` and `orderEnd`. */
  price: bigint
  collateral: bigint
  maxTermEpochs: bigint
  orderEnd: bigint
  claimedEpoch: bigint
  /** The last epoch, inclusive, at which it can be proven. */
  claimBy: bigint
  /** First epoch that is paid. */
  start: bigint
  /** First epoch that is not; of a claimed slot that a miner told of: the sector's commitment. */
  end: bigint
  /** First epoch that is neither paid nor given back yet. */
  provenTo: bigint
  /** Epoch at which it was first shown faulty; 0n: it is not. */
  faultSince: bigint
  /** The last epoch, inclusive, at which a settlement loses nothing; 0n unless Active. */
  settleBy: bigint
  /** Of the deal that `kind` Deal says; the sector is the deal's then, as far as it is known. */
  dealId: bigint
  sector: bigint
  /** What it earned so far. */
  paid: bigint
}

/** A seat that can be claimed now; see `IPerpetualSlots.OpenSlot`. Amounts are attoFIL. */
export interface OpenSlot {
  slot: bigint
  /** To be named by the claim, with the order's version. */
  nonce: bigint
  orderVersion: bigint
  /** The provider whose replica it succeeds; 0n: none. */
  incumbent: bigint
  /** First epoch at which others may claim it too; 0n: now. */
  incumbentOnlyUntil: bigint
  /** The last epoch at which a claim made now can be proven. */
  claimBy: bigint
  /** Padded bytes. */
  pieceSize: bigint
  minTermEpochs: bigint
  maxTermEpochs: bigint
  /** Per epoch, now. */
  price: bigint
  collateral: bigint
  /** Hex. */
  pieceDigest: string
}

export interface Perpetual {
  /** Of PerpetualStorage, checksummed. */
  address: string
  orderView(orderId: bigint): Promise<OrderView>
  slotView(slot: bigint): Promise<SlotView>
  /** A provider's slots that are claimed or active now, oldest claim first. */
  slotsOfProvider(provider: bigint): Promise<SlotView[]>
  /** The open slots of one order; `nextEpoch`: when one opens by time alone, 0n if none does. */
  openSlotsOf(orderId: bigint): Promise<{ slots: OpenSlot[]; nextEpoch: bigint }>
  /** The open slots of all orders from `cursor` (begin at 0n); `next`: the cursor to go on with, 0n when that was all. */
  openSlots(cursor: bigint): Promise<{ slots: OpenSlot[]; next: bigint }>
  /** Until when an actor cannot claim in an order; 0n: never barred. */
  barredUntil(orderId: bigint, actorId: bigint): Promise<bigint>
  isListed(orderId: bigint, provider: bigint): Promise<boolean>
}

/** Slots that one question shows at most, about. */
const PAGE = 200n

/** Reads of PerpetualStorage, at the chain's head. */
export function createPerpetual(client: Pick<ChainClient, 'call'>, address: string): Perpetual {
  async function read(method: string, args: unknown[]): Promise<Result> {
    const data = await client.call({ to: address, data: perpetualAbi.encodeFunctionData(method, args) })
    return perpetualAbi.decodeFunctionResult(method, data)
  }

  return {
    address,

    orderView: async (orderId) => readOrderView((await read('getOrder', [orderId]))[0] as Result),

    slotView: async (slot) => readSlotView((await read('getSlot', [slot]))[0] as Result),

    async slotsOfProvider(provider) {
      const found: SlotView[] = []
      for (let start = 0n; ; start += PAGE) {
        const [slots, total] = (await read('slotsOfProvider', [provider, start, PAGE])) as unknown as [Result[], bigint]
        found.push(...slots.map(readSlotView))
        if (start + PAGE >= total) return found
      }
    },

    async openSlotsOf(orderId) {
      const [slots, nextEpoch] = (await read('openSlotsOf', [orderId])) as unknown as [Result[], bigint]
      return { slots: slots.map(readOpenSlot), nextEpoch }
    },

    async openSlots(cursor) {
      const [slots, next] = (await read('openSlots', [cursor, PAGE])) as unknown as [Result[], bigint]
      return { slots: slots.map(readOpenSlot), next }
    },

    async barredUntil(orderId, actorId) {
      return (await read('barredUntil', [orderId, actorId]))[0] as bigint
    },

    async isListed(orderId, provider) {
      return (await read('isListed', [orderId, provider]))[0] as boolean
    },
  }
}

/** `OrderView` as the ABI decodes it. */
export function readOrderView(view: Result): OrderView {
  const fields = view.toObject(true) as unknown as OrderView
  return {
    ...fields,
    status: ORDER_STATUSES[Number(fields.status)]!,
    replicas: Number(fields.replicas),
    terms: readTerms(fields.terms as unknown as RawTerms),
  }
}

/** `SlotView` as the ABI decodes it. */
export function readSlotView(view: Result): SlotView {
  const fields = view.toObject() as unknown as SlotView
  return { ...fields, state: SLOT_STATES[Number(fields.state)]!, kind: SLOT_KINDS[Number(fields.kind)]! }
}

/** `OpenSlot` as the ABI decodes it. */
export const readOpenSlot = (view: Result): OpenSlot => view.toObject() as unknown as OpenSlot

/** Terms as the ABI decodes them: enums are numbers. */
export type RawTerms = Record<keyof OrderTerms, bigint>

export function readTerms({ liveness, access, ...numbers }: RawTerms): OrderTerms {
  return { ...numbers, liveness: LIVENESSES[Number(liveness)]!, access: ACCESSES[Number(access)]! }
}
