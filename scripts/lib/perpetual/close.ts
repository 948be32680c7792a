import type { Perpetual } from './contract.ts'
import { SLOT_STATES, type SlotState } from './names.ts'
import { done, eventNamed } from './sent.ts'

/** How a slot was closed, and where its money went, attoFIL. */
export interface Closed {
  slot: bigint
  state: SlotState
  /** Of the pay that was reserved: the order's again. */
  returned: bigint
  /** Of the collateral. */
  toPoster: bigint
  toOrder: bigint
  toCaller: bigint
  toSink: bigint
  transaction: string
}

/** The provider's ways out, and those that time alone opens to anyone. */
export type Exit = 'abandon' | 'resign' | 'lapse' | 'release'

/** Closes a slot by one of its exits. */
export async function closeSlot(perpetual: Perpetual, exit: Exit, slot: bigint): Promise<Closed> {
  const result = await done(perpetual, await perpetual[exit](slot))
  const { args } = eventNamed(result, 'SlotClosed')
  const amounts = args as unknown as Pick<Closed, 'returned' | 'toPoster' | 'toOrder' | 'toCaller' | 'toSink'>
  const { returned, toPoster, toOrder, toCaller, toSink } = amounts
  return {
    ...{ slot, state: SLOT_STATES[Number(args.state)]!, returned },
    ...{ toPoster, toOrder, toCaller, toSink, transaction: result.transaction },
  }
}

/** Pays what a provider earned to its present owner; anyone may. */
export async function withdrawProvider(
  perpetual: Perpetual,
  provider: bigint,
): Promise<{ provider: bigint; owner: string; amount: bigint; transaction: string }> {
  const result = await done(perpetual, await perpetual.withdrawProvider(provider))
  const { args } = eventNamed(result, 'ProviderWithdrawn')
  return { provider, owner: args.owner as string, amount: args.amount as bigint, transaction: result.transaction }
}
