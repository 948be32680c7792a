import type { SectorPlace as Answered } from '../../../oracle/chain/sector-locator.ts'
import type { SectorLocator } from './contract.ts'
import { SECTOR_CLAIMS, SECTOR_STATUSES, numberOf } from './names.ts'

/** A sector's status now, and its place as proofs name it: what the actors answered. */
export type SectorPlace = Omit<Answered, 'exitCode'>

type LocationView = Awaited<ReturnType<SectorLocator['locate']>>

/** What the exit codes of the market mean for who looks for a deal's sector (builtin-actors, market). */
const OF_DEAL: Record<string, string> = {
  17: 'the market actor knows no such deal',
  32: 'it is over: completed, or terminated',
  33: 'its sector is not proven yet',
}

/** Where a sector is. @throws Error when the miner actor does not answer */
export async function locateSector(locator: SectorLocator, provider: bigint, sector: bigint): Promise<SectorPlace> {
  const found = await locator.locate(provider, sector)
  if (found.exitCode === 0n) return toPlace(found)
  throw new Error(
    `sector ${sector} of f0${provider}: expected the miner actor's answer, got exit code ${found.exitCode}`,
  )
}

/** Where a deal's sector is. @throws Error that says what the market actor knows of the deal instead */
export async function locateDeal(locator: SectorLocator, dealId: bigint): Promise<SectorPlace> {
  const found = await locator.locateDeal(dealId)
  if (found.exitCode === 0n) return toPlace(found)
  const words = OF_DEAL[String(found.exitCode)] ?? `expected its actors' answer, got exit code ${found.exitCode}`
  throw new Error(`deal ${dealId}: ${words}`)
}

function toPlace({ provider, sector, status, location }: LocationView): SectorPlace {
  return { provider, sector, status: SECTOR_STATUSES[Number(status)]!, location }
}

/** The number by which `settle` is told a sector's status. */
export const sectorClaim = ({ status }: SectorPlace): number => numberOf(SECTOR_CLAIMS, status)
