import { getAddress, toBeHex } from 'ethers'

/** The address under which the EVM sees actor `id`: 0xff, eleven zero bytes, the id as 8 big-endian bytes. */
export function maskedIdAddress(id: bigint | number): string {
  return getAddress(`0xff${toBeHex(id, 19).slice(2)}`)
}
