import { getAddress } from 'ethers'

/** An address as a person types it. @param expected `--option expects`, or `expected`, for the error. */
export function parseAddress(expected: string, text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new Error(`${expected} an address, 0x and 40 hex digits, got '${text}'`)
  try {
    return getAddress(text)
  } catch (cause) {
    throw new Error(`${text} is mistyped: its capitals do not match its digits`, { cause })
  }
}
