import type { ChainLog } from '../chain/answers.ts'
import type { SlotEvent } from '../chain/perpetual-events.ts'
import { SLOT_KINDS, SLOT_STATES } from '../chain/perpetual.ts'
import { orderOf } from '../chain/slot-id.ts'
import type { Slot } from '../db/slot.ts'

type Claimed = Extract<SlotEvent, { name: 'SlotClaimed' }>
type Later = Exclude<SlotEvent, Claimed>

/** A slot as it is claimed; whatever was in its seat before is over. */
export function claimedSlot({ args }: Claimed, log: ChainLog): Slot {
  const { slot: id, ...claim } = args
  return {
    id,
    orderId: orderOf(id),
    fromBlock: log.blockNumber,
    logIndex: log.logIndex,
    state: 'Claimed',
    kind: 'None',
    claimedEpoch: log.blockNumber,
    ...claim,
    ...{ start: 0n, end: 0n, provenTo: 0n, faultSince: 0n, dealId: 0n, sector: 0n, paid: 0n },
  }
}

/** A slot after one of its events. */
export function slotAfter(slot: Slot, event: Later): Slot {
  switch (event.name) {
    case 'SlotBound': {
      const { kind, dealId, sector, commitmentEpoch } = event.args
      return { ...slot, kind: SLOT_KINDS[Number(kind)]!, dealId, sector, end: commitmentEpoch }
    }
    case 'SlotProven': {
      const { kind, dealId, sector, start, end } = event.args
      const bound = { kind: SLOT_KINDS[Number(kind)]!, dealId, sector }
      return { ...slot, ...bound, state: 'Active', start, end, provenTo: start }
    }
    case 'SlotPaid':
      return { ...slot, provenTo: event.args.provenTo, paid: slot.paid + event.args.amount }
    case 'SlotCut':
      return { ...slot, provenTo: event.args.provenTo }
    case 'SlotFaulty':
      return { ...slot, faultSince: event.args.sinceEpoch }
    case 'SlotRecovered':
      return { ...slot, faultSince: 0n }
    case 'SlotClosed':
      return { ...slot, state: SLOT_STATES[Number(event.args.state)]! }
  }
}
