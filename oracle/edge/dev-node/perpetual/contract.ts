import { decode, encode } from 'cborg'
import { Interface, hexlify, type JsonRpcProvider } from 'ethers'
import { maskedIdAddress } from '../../../chain/actor-address.ts'
import { createPerpetual, type OpenSlot, type Perpetual } from '../../../chain/perpetual.ts'

/** FRC-42 number of GenerateSectorLocation (FIP-0112). */
const GENERATE_SECTOR_LOCATION = 1321604665n
const CBOR = 0x51n
const actor = new Interface([
  'function handle_filecoin_method(uint64 method, uint64 codec, bytes params) view returns (uint32 exitCode, uint64 codec, bytes data)',
])

/** What a storage provider reads of PerpetualStorage and of its miners, at the chain's head. */
export interface PerpetualContract extends Pick<Perpetual, 'address' | 'orderView' | 'slotsOfProvider'> {
  /** The open slots of all orders. */
  openSlots(): Promise<OpenSlot[]>
  /** CBOR of [deadline, partition] of a sector, hex. The stand-in of a miner answers everyone; a real one contracts only. */
  locate(provider: bigint, sector: bigint): Promise<string>
}

export function createPerpetualContract(provider: JsonRpcProvider, address: string): PerpetualContract {
  const perpetual = createPerpetual({ call: (call) => provider.call(call) }, address)

  return {
    ...perpetual,

    async openSlots() {
      const found: OpenSlot[] = []
      let cursor = 0n
      do {
        const { slots, next } = await perpetual.openSlots(cursor)
        found.push(...slots)
        cursor = next
      } while (cursor !== 0n)
      return found
    },

    async locate(providerId, sector) {
      const params = [GENERATE_SECTOR_LOCATION, CBOR, encode([sector])]
      const data = actor.encodeFunctionData('handle_filecoin_method', params)
      const answer = await provider.call({ to: maskedIdAddress(providerId), data })
      const [exitCode, , result] = actor.decodeFunctionResult('handle_filecoin_method', answer)
      if (exitCode !== 0n) throw new Error(`miner ${providerId} answers exit code ${exitCode} for sector ${sector}`)
      const [, location] = decode(Buffer.from((result as string).slice(2), 'hex')) as [number, Uint8Array]
      return hexlify(location)
    },
  }
}
