import { parseAddress } from './address.ts'
import { parseWeight } from './weights.ts'

/** Who a DAO begins with: as many weights as addresses, or none where each has one vote. */
export interface Members {
  addresses: string[]
  /** As the token counts: 18 decimals. */
  weights: bigint[]
}

/**
 * Members as a person writes them: `ADDRESS` or `ADDRESS WEIGHT` (also with `=` or a comma between), one a line or separated by `;`;
 * bare addresses also by commas. What follows a `#` is not read.
 * @throws Error that names the entry
 */
export function parseMembers(text: string): Members {
  const entries = text
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''))
    .flatMap((line) => line.split(/;|,(?=\s*0x)/))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry)
  const weighted = entries.filter(({ weight }) => weight !== undefined)
  if (weighted.length > 0 && weighted.length < entries.length) {
    const without = entries.find(({ weight }) => weight === undefined)!
    throw new Error(`${without.address} has no weight: give every member one, or none of them`)
  }
  return {
    addresses: entries.map(({ address }) => address),
    weights: weighted.map(({ weight }) => weight!),
  }
}

function parseEntry(entry: string): { address: string; weight?: bigint } {
  const [, address, weight] = /^(0x[0-9a-fA-F]{40})(?:\s*[\s=,]\s*(\S+))?$/.exec(entry) ?? []
  if (address === undefined) throw new Error(`--members expects addresses, each with a weight or none, got '${entry}'`)
  return {
    address: parseAddress('--members expects', address),
    ...(weight !== undefined && { weight: parseWeight(address, weight, true) }),
  }
}
