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

/** Who may claim, in the order of `enum Access`. */
export const ACCESSES = ['Everyone', 'Listed', 'NotListed'] as const

/** Rules of an order that never change: epochs, attoFIL, bytes; see `IPerpetualOrders.Terms`. */
export interface OrderTerms {
  minTermEpochs: bigint
  maxTermEpochs: bigint
  claimEpochs: bigint
  fetchEpochs: bigint
  gapEpochs: bigint
  renewalEpochs: bigint
  evictEpochs: bigint
  collateral: bigint
  minPower: bigint
  liveness: (typeof LIVENESSES)[number]
  access: (typeof ACCESSES)[number]
}

/** An order as the contract shows it; its words are in `IPerpetualOrders.OrderView`. Bytes are hex. */
export interface OrderView {
  client: string
  status: OrderStatus
  version: number
  replicas: number
  price: bigint
  ceiling: bigint
  endEpoch: bigint
  openedEpoch: bigint
  pieceSize: bigint
  pieceDigest: string
  free: bigint
  reserved: bigint
  payloadCid: string
  seed: string
  terms: OrderTerms
}

/** A slot as the contract shows it; its words are in `IPerpetualSlots.SlotView`. */
export interface SlotView {
  slot: bigint
  nonce: bigint
  state: SlotState
  kind: SlotKind
  provider: bigint
  owner: bigint
  poster: string
  price: bigint
  collateral: bigint
  maxTermEpochs: bigint
  orderEnd: bigint
  claimedEpoch: bigint
  claimBy: bigint
  start: bigint
  end: bigint
  provenTo: bigint
  faultSince: bigint
  settleBy: bigint
  dealId: bigint
  sector: bigint
  paid: bigint
}

/** A seat that can be claimed now; its words are in `IPerpetualSlots.OpenSlot`. */
export interface OpenSlot {
  slot: bigint
  nonce: bigint
  orderVersion: bigint
  incumbent: bigint
  incumbentOnlyUntil: bigint
  claimBy: bigint
  pieceSize: bigint
  minTermEpochs: bigint
  maxTermEpochs: bigint
  price: bigint
  collateral: bigint
  pieceDigest: string
}

export interface Perpetual {
  /** Of PerpetualStorage, checksummed. */
  address: string
  orderView(orderId: bigint): Promise<OrderView>
  slotView(slot: bigint): Promise<SlotView>
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

    async orderView(orderId) {
      const view = ((await read('getOrder', [orderId]))[0] as Result).toObject(true)
      return {
        ...(view as unknown as OrderView),
        status: ORDER_STATUSES[Number(view.status)]!,
        version: Number(view.version),
        replicas: Number(view.replicas),
        terms: readTerms(view.terms as RawTerms),
      }
    },

    async slotView(slot) {
      const view = ((await read('getSlot', [slot]))[0] as Result).toObject()
      return {
        ...(view as unknown as SlotView),
        state: SLOT_STATES[Number(view.state)]!,
        kind: SLOT_KINDS[Number(view.kind)]!,
      }
    },

    async openSlotsOf(orderId) {
      const [slots, nextEpoch] = (await read('openSlotsOf', [orderId])) as unknown as [Result[], bigint]
      return { slots: slots.map((slot) => slot.toObject() as unknown as OpenSlot), nextEpoch }
    },

    async openSlots(cursor) {
      const [slots, next] = (await read('openSlots', [cursor, PAGE])) as unknown as [Result[], bigint]
      return { slots: slots.map((slot) => slot.toObject() as unknown as OpenSlot), next }
    },

    async barredUntil(orderId, actorId) {
      return (await read('barredUntil', [orderId, actorId]))[0] as bigint
    },

    async isListed(orderId, provider) {
      return (await read('isListed', [orderId, provider]))[0] as boolean
    },
  }
}

/** Terms as the ABI decodes them: enums are numbers. */
export type RawTerms = Record<keyof OrderTerms, bigint>

export function readTerms({ liveness, access, ...numbers }: RawTerms): OrderTerms {
  return { ...numbers, liveness: LIVENESSES[Number(liveness)]!, access: ACCESSES[Number(access)]! }
}
