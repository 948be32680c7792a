import { decode, encode } from 'cborg'
import { Interface, getAddress, hexlify, toBeHex } from 'ethers'
import type { JsonRpcProvider, Result } from 'ethers'
import { SLOT_STATES, perpetualAbi } from '../../../chain/perpetual.ts'
import type { OpenSlot, OrderView, SlotView } from '../../../chain/perpetual.ts'

const PAGE = 200n
/** FRC-42 number of GenerateSectorLocation (FIP-0112). */
const GENERATE_SECTOR_LOCATION = 1321604665n
const CBOR = 0x51n
const actor = new Interface([
  'function handle_filecoin_method(uint64 method, uint64 codec, bytes params) view returns (uint32 exitCode, uint64 codec, bytes data)',
])

/** What a storage provider reads of PerpetualStorage and of its miners, at the chain's head. */
export interface PerpetualContract {
  address: string
  openSlots(): Promise<OpenSlot[]>
  /** The claimed and active slots of a provider. */
  slotsOf(provider: bigint): Promise<SlotView[]>
  orderOf(orderId: bigint): Promise<Pick<OrderView, 'pieceDigest' | 'pieceSize' | 'payloadCid' | 'seed'>>
  /** CBOR of [deadline, partition] of a sector, hex. The stand-in of a miner answers everyone; a real one contracts only. */
  locate(provider: bigint, sector: bigint): Promise<string>
}

export function createPerpetualContract(provider: JsonRpcProvider, address: string): PerpetualContract {
  async function read(method: string, args: unknown[]): Promise<Result> {
    const answer = await provider.call({ to: address, data: perpetualAbi.encodeFunctionData(method, args) })
    return perpetualAbi.decodeFunctionResult(method, answer)
  }

  return {
    address,

    async openSlots() {
      const found: OpenSlot[] = []
      let cursor = 0n
      do {
        const [slots, next] = (await read('openSlots', [cursor, PAGE])) as unknown as [Result[], bigint]
        found.push(...slots.map((slot) => slot.toObject() as unknown as OpenSlot))
        cursor = next
      } while (cursor !== 0n)
      return found
    },

    async slotsOf(providerId) {
      const found: SlotView[] = []
      for (let start = 0n, total = 1n; start < total; start += PAGE) {
        const [slots, count] = (await read('slotsOfProvider', [providerId, start, PAGE])) as unknown as [
          Result[],
          bigint,
        ]
        found.push(...slots.map(toSlotView))
        total = count
      }
      return found
    },

    async orderOf(orderId) {
      const [view] = (await read('getOrder', [orderId])) as unknown as [Result]
      return view.toObject() as unknown as OrderView
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

function toSlotView(view: Result): SlotView {
  const fields = view.toObject() as unknown as Omit<SlotView, 'state'> & { state: bigint }
  return { ...fields, state: SLOT_STATES[Number(fields.state)]! }
}

/** The address under which the EVM sees actor `id`. */
function maskedIdAddress(id: bigint): string {
  return getAddress(`0xff${toBeHex(id, 19).slice(2)}`)
}
