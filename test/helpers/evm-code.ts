import { concat } from 'ethers'

const hex = (value: number, bytes: number) => value.toString(16).padStart(2 * bytes, '0')

/** EVM code that returns `data`; with `when`, only to a call whose first 32 bytes are that, and nothing to others. */
export function codeThatReturns(data: string, when?: string): string {
  // PUSH32 when, PUSH0, CALLDATALOAD, EQ, PUSH1 0x28, JUMPI, STOP, JUMPDEST
  const guard = when === undefined ? '' : `7f${when.slice(2)}5f3514602857005b`
  const length = hex((data.length - 2) / 2, 2)
  // PUSH2 length, PUSH1 start, PUSH0, CODECOPY, PUSH2 length, PUSH0, RETURN
  const start = hex(guard.length / 2 + 12, 1)
  return concat([`0x${guard}61${length}60${start}5f3961${length}5ff3`, data])
}

/** EVM code that fails whatever it is asked. */
export const CODE_THAT_FAILS = '0x5f5ffd'

/** EVM code of a call_actor_id that answers exit 0 and, under the CBOR codec, the very bytes it was called with. */
export const CODE_THAT_ECHOES = `0x${[
  '6051602052', // mstore(0x20, codec)
  '6060604052', // mstore(0x40, offset of the data)
  '36606052', // mstore(0x60, calldatasize)
  '365f608037', // calldatacopy(0x80, 0, calldatasize)
  '366080015ff3', // return(0, 0x80 + calldatasize)
].join('')}`
