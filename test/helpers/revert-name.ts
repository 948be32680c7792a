import type { Interface } from 'ethers'

/** The name of the custom error with which a call was refused. Throws what is no refusal of the contract's. */
export function revertName(known: Interface, error: unknown): string {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    const { data } = at as { data?: unknown }
    const bytes = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : data
    const parsed = typeof bytes === 'string' && bytes.length >= 10 ? known.parseError(bytes) : null
    if (parsed) return parsed.name
  }
  throw error
}

/** How a call was refused that may lack gas: with a custom error, or as the gas ran out. Throws other failures. */
export function refusalOrOutOfGas(known: Interface, error: Error): string {
  return error.message.includes('out of gas') ? 'out of gas' : revertName(known, error)
}
