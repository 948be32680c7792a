import { getAddress } from 'ethers'
import type { ChainLog } from './answers.ts'
import { perpetualAbi, type RawTerms } from './perpetual.ts'

/** An order as it is opened; its words are in `IPerpetualOrders.NewOrder`. Bytes are hex. */
export interface OpenedOrder {
  pieceCid: string
  pieceSize: bigint
  replicas: bigint
  price: bigint
  ceiling: bigint
  endEpoch: bigint
  payloadCid: string
  seed: string
  terms: RawTerms
  providers: bigint[]
}

interface OfOrder {
  orderId: bigint
}

interface OfSlot {
  slot: bigint
  provider: bigint
  nonce: bigint
}

/** Where a slot's replica lies; `kind` is an `enum Kind`. */
interface Binding {
  kind: bigint
  dealId: bigint
  sector: bigint
}

/** Arguments of the events of orders; their words are in `IPerpetualOrders` and `IPerpetualSlots`. */
interface OrderArgs {
  OrderOpened: OfOrder & { client: string; pieceDigest: string; order: OpenedOrder; deposit: bigint }
  ToppedUp: OfOrder & { payer: string; amount: bigint }
  OrderChanged: OfOrder & { version: bigint; replicas: bigint; price: bigint; ceiling: bigint; endEpoch: bigint }
  SeedChanged: OfOrder & { version: bigint; seed: string }
  ListChanged: OfOrder & { providers: bigint[]; listed: boolean }
  Suspended: OfOrder
  Resumed: OfOrder
  FreeWithdrawn: OfOrder & { amount: bigint }
  OrderCancelled: OfOrder & { amount: bigint }
  Barred: OfOrder & { provider: bigint; owner: bigint; untilEpoch: bigint }
}

/** Arguments of the events of slots; their words are in `IPerpetualSlots`. */
interface SlotArgs {
  SlotClaimed: OfSlot & {
    owner: bigint
    poster: string
    price: bigint
    maxTermEpochs: bigint
    orderEnd: bigint
    claimBy: bigint
    collateral: bigint
  }
  SlotBound: OfSlot & Binding & { commitmentEpoch: bigint }
  SlotProven: OfSlot & Binding & { start: bigint; end: bigint; returned: bigint }
  SlotPaid: OfSlot & { provenTo: bigint; amount: bigint }
  SlotCut: OfSlot & { provenTo: bigint; amount: bigint }
  SlotFaulty: OfSlot & { sinceEpoch: bigint }
  SlotRecovered: OfSlot
  SlotClosed: OfSlot & {
    state: bigint
    returned: bigint
    toPoster: bigint
    toOrder: bigint
    toCaller: bigint
    toSink: bigint
  }
}

type EventsOf<Args> = { [Name in keyof Args]: { name: Name; args: Args[Name] } }[keyof Args]

export type OrderEvent = EventsOf<OrderArgs>
export type SlotEvent = EventsOf<SlotArgs>
export type PerpetualEvent = OrderEvent | SlotEvent

export const isSlotEvent = (event: PerpetualEvent): event is SlotEvent => 'slot' in event.args

/** Events that are about accounts: no order and no slot changes by them. */
const OF_ACCOUNTS = ['Credited', 'Withdrawn', 'ProviderWithdrawn']

/** Reads a log of PerpetualStorage that is about an order or a slot; undefined for any other, and for another contract's. */
export function readPerpetualEvent(perpetual: string, log: ChainLog): PerpetualEvent | undefined {
  if (getAddress(log.address) !== perpetual) return undefined
  const event = perpetualAbi.parseLog(log)
  if (event === null || OF_ACCOUNTS.includes(event.name)) return undefined
  const read = { name: event.name, args: event.args.toObject(true) } as unknown as PerpetualEvent
  // ethers makes an object of a list with no element or one.
  if (read.name === 'OrderOpened') read.args.order.providers = listOf(read.args.order.providers)
  if (read.name === 'ListChanged') read.args.providers = listOf(read.args.providers)
  return read
}

const listOf = (decoded: bigint[]): bigint[] => Object.values(decoded)
