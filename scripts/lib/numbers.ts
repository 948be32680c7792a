import { EPOCHS_PER_DAY, EPOCHS_PER_YEAR } from '../../oracle/chain/epochs.ts'

const MAX_UINT64 = 2n ** 64n - 1n

/** A whole number as a person types it. @throws Error that names the option and its bounds */
export function parseWhole(option: string, text: string, min = 1n, max = MAX_UINT64): bigint {
  const value = /^\d{1,20}$/.test(text) ? BigInt(text) : undefined
  if (value !== undefined && value >= min && value <= max) return value
  throw new Error(`${option} expects a whole number from ${min} to ${max}, got '${text}'`)
}

const UNITS: Record<string, bigint> = { B: 1n, KiB: 2n ** 10n, MiB: 2n ** 20n, GiB: 2n ** 30n, TiB: 2n ** 40n }

/** A size as a person types it, bytes: `1024`, `512MiB`, `32 GiB`. */
export function parseBytes(option: string, text: string): bigint {
  const [, digits, unit] = /^(\d{1,18}) ?(|B|[KMGT]iB)$/.exec(text) ?? []
  if (digits !== undefined) return BigInt(digits) * UNITS[unit || 'B']!
  throw new Error(`${option} expects a size in bytes, or as 512MiB or 32GiB, got '${text}'`)
}

/** A size in the largest unit that it is a whole number of. */
export function bytesWords(bytes: bigint): string {
  const units = Object.entries(UNITS).reverse()
  const [unit, factor] = units.find(([, factor]) => bytes >= factor && bytes % factor === 0n) ?? ['B', 1n]
  return `${bytes / factor} ${unit}`
}

/** Days as a person types them, as epochs of 30 s. */
export function parseDays(option: string, text: string): bigint {
  return (parseDecimal(option, text, 'a number of days, as 180') * EPOCHS_PER_DAY) / SCALE
}

/** Years of 365 days as a person types them, as epochs of 30 s. */
export function parseYears(option: string, text: string): bigint {
  return (parseDecimal(option, text, 'a number of years, as 5 or 1.5') * EPOCHS_PER_YEAR) / SCALE
}

/** Decimal places that are read. */
const SCALE = 10n ** 6n

function parseDecimal(option: string, text: string, expected: string): bigint {
  const [, whole, part = ''] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text) ?? []
  if (whole === undefined) throw new Error(`${option} expects ${expected}, got '${text}'`)
  return BigInt(whole) * SCALE + BigInt(part.padEnd(6, '0'))
}

/** A storage provider as a person types it: `f01000`, `t01000` or `1000`. */
export function parseMiner(option: string, text: string): bigint {
  const [, digits] = /^(?:[ft]0)?([1-9]\d{0,18})$/.exec(text) ?? []
  if (digits !== undefined) return BigInt(digits)
  throw new Error(`${option} expects a storage provider's id, as f01000, got '${text}'`)
}
