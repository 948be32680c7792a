import type { Contracts } from '../chain/contracts.ts'
import type { DealState } from '../chain/jobs.ts'
import { CallReverted } from '../chain/rpc.ts'
import type { SectorLocator } from '../chain/sector-locator.ts'
import type { Slot } from '../db/slot.ts'
import type { Sight } from './policy.ts'

/** What the actors say of a replica, and where its sector is. */
export interface Look {
  sight: Sight
  /** CBOR of [deadline, partition], hex; empty where the miner did not answer. */
  location: string
}

/** What the market's word for a deal says of its replica. A deal whose term is over can be read until somebody settles it. */
const STANDINGS: Record<DealState, Sight['deal']> = {
  ...{ Unknown: 'unclear', Published: 'unclear', Active: 'runs', Ended: 'runs', Removed: 'gone' },
}

/** Asks the market and the miner about an active slot's replica. What they do not answer is unclear, never a verdict. */
export async function look(
  { contracts, locator }: { contracts: Pick<Contracts, 'dealStatus'>; locator: SectorLocator },
  { kind, provider, sector, dealId }: Pick<Slot, 'kind' | 'provider' | 'sector' | 'dealId'>,
): Promise<Look> {
  const status = kind === 'Deal' ? await unlessReverted(contracts.dealStatus(dealId)) : null
  const deal = kind === 'Deal' ? STANDINGS[status?.state ?? 'Unknown'] : 'none'
  const place = await unlessReverted(locator.locate(provider, sector))
  if (place === null || place.exitCode !== 0n) return { sight: { deal, sector: null }, location: '0x' }
  return { sight: { deal, sector: place.status }, location: place.location }
}

/** An actor's answer that cannot be read is none. */
async function unlessReverted<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof CallReverted) return null
    throw error
  }
}
