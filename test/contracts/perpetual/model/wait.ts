import { DAY, GRACE, HANDOVER_MARGIN, MIN_CLAIM } from '../../../../scripts/simulate/model/rules.ts'
import { mineUpTo } from '../world.ts'
import type { Action } from './action.ts'
import { oneOf } from './pick.ts'
import type { Twin } from './twin.ts'

/** Time passes: a little, or to just before, at or after an epoch at which something changes. */
async function wait(twin: Twin, at: number): Promise<void> {
  const { order, random } = twin
  const edges = order.slots.flatMap((slot) => {
    if (slot?.state === 'Claimed') return [slot.claimBy, slot.claimedAt + order.terms.fetch]
    if (slot?.state !== 'Active') return []
    const opened = slot.end - order.terms.renewal
    const latest = slot.end - HANDOVER_MARGIN - MIN_CLAIM
    const settleBy = slot.provenTo + order.terms.gap
    return [
      slot.start,
      settleBy,
      opened,
      opened + Math.ceil(order.terms.renewal / 3),
      latest,
      slot.end,
      slot.end + GRACE,
    ]
  })
  const next = edges.map((edge) => edge - 3 + random.below(5)).filter((epoch) => epoch > at)
  const near = next.sort((a, b) => a - b).slice(0, 3)
  const little = at + 1 + random.below(3 * DAY)
  await mineUpTo(near.length > 0 && random.next() < 0.8 ? oneOf(random, near) : little)
}

export const WAIT: Action = {
  weight: 10,
  fits: () => true,
  run: async (twin, now) => {
    await wait(twin, now)
    return undefined
  },
}
