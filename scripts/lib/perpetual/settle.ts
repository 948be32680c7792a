import type { LogDescription } from 'ethers'
import { MAX_CALLS } from '../../../oracle/chain/perpetual-rules.ts'
import type { Perpetual, SectorLocator } from './contract.ts'
import { locateSector, sectorClaim } from './location.ts'
import { SECTOR_CLAIMS, SLOT_STATES, numberOf, type Liveness, type SlotState } from './names.ts'
import { readOrder } from './order.ts'
import { done, type Done } from './sent.ts'
import type { SlotFacts } from './slot.ts'

/** What a settlement did. Amounts in attoFIL. */
export interface Settled {
  slot: bigint
  /** Earned by the provider. */
  paid: bigint
  /** Given back to the order: unproven, faulty or unearned time. */
  returned: bigint
  /** Set when it closed the slot. */
  closed: SlotState | null
  /** A tenth of the collateral, for who showed a loss. */
  bounty: bigint
  faulty: boolean
  transaction: string
}

/** What `settle` is told of a slot's sector: how it is now, and where. An order may take the market's word alone. */
async function sectorArgs(
  locator: SectorLocator,
  { provider, sector }: SlotFacts,
  liveness: Liveness,
): Promise<[claim: number, location: string]> {
  if (liveness === 'Deal') return [numberOf(SECTOR_CLAIMS, 'None'), '0x']
  const place = await locateSector(locator, provider, sector)
  return [sectorClaim(place), place.location]
}

/** Brings an active slot up to date with what Filecoin's actors say now; anyone may. */
export async function settleSlot(perpetual: Perpetual, locator: SectorLocator, slot: SlotFacts): Promise<Settled> {
  const { terms } = await readOrder(perpetual, slot.orderId)
  const args = await sectorArgs(locator, slot, terms.liveness)
  return toSettled(slot.slot, await done(perpetual, await perpetual.settle(slot.slot, ...args)))
}

/** Settles many slots in as few transactions as go; those of which nothing can be shown now stay as they are. */
export async function settleSlots(
  perpetual: Perpetual,
  locator: SectorLocator,
  slots: SlotFacts[],
): Promise<Settled[]> {
  const settled: Settled[] = []
  for (let at = 0; at < slots.length; at += MAX_CALLS) {
    const page = slots.slice(at, at + MAX_CALLS)
    const liveness = new Map<bigint, Liveness>()
    for (const { orderId } of page) liveness.set(orderId, (await readOrder(perpetual, orderId)).terms.liveness)
    const calls = await Promise.all(
      page.map(async (slot) => {
        const args = await sectorArgs(locator, slot, liveness.get(slot.orderId)!)
        return perpetual.interface.encodeFunctionData('settle', [slot.slot, ...args])
      }),
    )
    // Counted first: with too little gas the contract would take calls for refused that are not.
    const possible = (await perpetual.batch.staticCall(calls, 0)).filter(Boolean).length
    if (possible === 0) continue
    const result = await done(perpetual, await perpetual.batch(calls, possible))
    const moved = page.filter(({ slot }) => result.events.some(({ args }) => args.slot === slot))
    settled.push(...moved.map(({ slot }) => toSettled(slot, result)))
  }
  return settled
}

function toSettled(slot: bigint, { transaction, events }: Done): Settled {
  const own = events.filter(({ args }) => args.slot === slot)
  const sum = (name: string, field: string) =>
    own.filter((event) => event.name === name).reduce((total, { args }) => total + (args[field] as bigint), 0n)
  const closed = own.find(({ name }) => name === 'SlotClosed')
  return {
    slot,
    paid: sum('SlotPaid', 'amount'),
    returned: sum('SlotCut', 'amount') + sum('SlotClosed', 'returned') + sum('SlotClosed', 'toOrder'),
    closed: closed ? closedAs(closed) : null,
    bounty: sum('SlotClosed', 'toCaller'),
    faulty: own.some(({ name }) => name === 'SlotFaulty'),
    transaction,
  }
}

const closedAs = ({ args }: LogDescription): SlotState => SLOT_STATES[Number(args.state)]!
