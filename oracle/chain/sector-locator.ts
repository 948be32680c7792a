import { Interface, type Result } from 'ethers'
import { SECTOR_LOCATOR_ABI } from './abi.ts'
import type { ChainClient } from './client.ts'

const locatorAbi = new Interface(SECTOR_LOCATOR_ABI)

/** What a miner actor says of a sector, in the order of its own numbers (FIP-0112). */
export const SECTOR_STATUSES = ['Dead', 'Active', 'Faulty'] as const

/** Where a sector is; its words are in `ISectorLocator.Location`. */
export interface SectorPlace {
  /** Of the actor that was asked: 0n where it answered, otherwise nothing else means anything. */
  exitCode: bigint
  provider: bigint
  sector: bigint
  status: (typeof SECTOR_STATUSES)[number]
  /** CBOR of [deadline, partition], hex: as proofs and settlements take it. */
  location: string
}

export interface SectorLocator {
  locate(provider: bigint, sector: bigint): Promise<SectorPlace>
  locateDeal(dealId: bigint): Promise<SectorPlace>
}

/** Asks the actors through a contract, at the chain's head: they answer contracts only. */
export function createSectorLocator(client: Pick<ChainClient, 'call'>, address: string): SectorLocator {
  async function ask(method: string, args: bigint[]): Promise<SectorPlace> {
    const answer = await client.call({ to: address, data: locatorAbi.encodeFunctionData(method, args) })
    const [place] = locatorAbi.decodeFunctionResult(method, answer) as unknown as [Result]
    const { status, ...rest } = place.toObject() as Record<string, bigint>
    return { ...(rest as unknown as SectorPlace), status: SECTOR_STATUSES[Number(status)]! }
  }

  return {
    locate: (provider, sector) => ask('locate', [provider, sector]),
    locateDeal: (dealId) => ask('locateDeal', [dealId]),
  }
}
