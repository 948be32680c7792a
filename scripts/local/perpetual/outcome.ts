import { SLOT_STATES } from '../../lib/perpetual/names.ts'
import type { Books } from './books.ts'
import type { ContractEvent } from '../events.ts'

/** The last line of `npm start -- --once perpetual`. Ids and amounts (attoFIL) are decimal strings. */
export interface PlayOutcome {
  /** Settled: every slot is closed, everything is withdrawn, every attoFIL is accounted for. */
  state: 'Settled' | 'Unsettled'
  orderId: string
  /** Every claim, in order; a slot that was claimed twice stands here twice. */
  slots: { slot: string; nonce: string; provider: string; state: string; paid: string }[]
  deposited: string
  paid: string
  refunded: string
  /** Of the collaterals: burned, to the order, and to who showed a loss. */
  forfeited: string
  seconds: number
}

export function outcomeOf(
  orderId: bigint,
  events: readonly ContractEvent[],
  { deposited, paid, refunded, collateral, returned }: Books,
  addsUp: boolean,
  seconds: number,
): PlayOutcome {
  const slots = claimsOf(events)
  const closed = slots.every(({ state }) => state !== 'Claimed')
  return {
    state: addsUp && closed ? 'Settled' : 'Unsettled',
    orderId: orderId.toString(),
    slots,
    deposited: deposited.toString(),
    paid: paid.toString(),
    refunded: refunded.toString(),
    forfeited: (collateral - returned).toString(),
    seconds: Number(seconds.toFixed(1)),
  }
}

function claimsOf(events: readonly ContractEvent[]): PlayOutcome['slots'] {
  return events
    .filter(({ name }) => name === 'SlotClaimed')
    .map(({ args: { slot, nonce, provider } }) => {
      const own = events.filter(({ args }) => args.slot === slot && args.nonce === nonce)
      const closed = own.find(({ name }) => name === 'SlotClosed')
      const paid = own
        .filter(({ name }) => name === 'SlotPaid')
        .reduce((sum, { args }) => sum + (args.amount as bigint), 0n)
      return {
        slot: String(slot),
        nonce: String(nonce),
        provider: `t0${String(provider)}`,
        state: closed ? SLOT_STATES[Number(closed.args.state)]! : 'Claimed',
        paid: paid.toString(),
      }
    })
}
