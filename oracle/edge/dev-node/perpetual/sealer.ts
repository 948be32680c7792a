import { EPOCHS_PER_DAY } from '../../../chain/epochs.ts'
import { MAX_TERM } from '../../../chain/perpetual-rules.ts'
import { perpetualAbi, type SlotView } from '../../../chain/perpetual.ts'
import { orderOf, otherSlot, slotLabel } from '../../../chain/slot-id.ts'
import { DealMissed, type DealMaker } from '../deal-maker.ts'
import type { LocalChain } from '../local-chain.ts'
import type { PerpetualContract } from './contract.ts'
import type { PieceStore } from './piece-store.ts'

export interface SealerOptions {
  contract: PerpetualContract
  chain: Pick<LocalChain, 'lane' | 'provider'>
  deals: DealMaker
  pieces: PieceStore
}

/** Between the deal's proposal and the slot's proof pass at most so many epochs. */
const MARGIN_EPOCHS = EPOCHS_PER_DAY
const MAX_PROPOSALS = 5

/**
 * Makes a claimed slot an active one: a deal over the order's piece, labelled with the slot, activated in a sector, shown to the contract.
 * Every step has a key under which it happens once: after a crash it is run again from the beginning.
 * @param others The provider's live slots, among which is the replica that this one succeeds.
 */
export async function seal(
  { contract, chain, deals, pieces }: SealerOptions,
  slot: SlotView,
  others: SlotView[],
  signal: AbortSignal,
): Promise<void> {
  const { provider: providerId, nonce, maxTermEpochs } = slot
  const label = slotLabel(slot.slot, nonce)
  const piece = await pieces.fetch(await contract.orderView(orderOf(slot.slot)), signal)
  const now = BigInt(await chain.provider.getBlockNumber())
  const before = others.find((other) => other.slot === otherSlot(slot.slot) && other.state === 'Active')
  // A provider that succeeds itself is paid from the end of its replica before.
  const waits = before && before.end > now ? before.end - now : 0n
  const wanted = waits + maxTermEpochs + MARGIN_EPOCHS
  const durationEpochs = wanted < MAX_TERM ? wanted : MAX_TERM

  const dealId = await dealFor(label, (key) => deals.publish({ key, piece, providerId, label, durationEpochs }), deals)
  const location = await contract.locate(providerId, dealId) // the sector has the deal's number
  const data = perpetualAbi.encodeFunctionData('proveDeal', [slot.slot, dealId, location])
  const receipt = await chain.lane.send(`prove:${label}`, contract.address, data)
  if (receipt.status !== 1) throw new Error(`${label}: the proof ${receipt.hash} was reverted`)
}

const orderKey = (label: string, attempt: number) => `slot-${label}-${attempt}`

/** Under which the deal's publication is written down before it is sent. */
export const publishKey = (label: string, attempt: number): string => `publish:${orderKey(label, attempt)}`

async function dealFor(label: string, publish: (key: string) => Promise<bigint>, deals: DealMaker): Promise<bigint> {
  for (let attempt = 0; ; attempt++) {
    const key = orderKey(label, attempt)
    try {
      const dealId = await publish(key)
      await deals.activate(key, dealId)
      return dealId
    } catch (error) {
      if (!(error instanceof DealMissed) || attempt + 1 >= MAX_PROPOSALS) throw error
    }
  }
}
