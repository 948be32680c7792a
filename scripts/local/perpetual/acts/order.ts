import { parseEther } from 'ethers'
import { EPOCHS_PER_DAY } from '../../../../oracle/chain/epochs.ts'
import { MIN_TERM } from '../../../../oracle/chain/perpetual-rules.ts'
import { openOrder, readDefaultTerms } from '../../../lib/perpetual/open-order.ts'
import type { Stage } from '../stage.ts'

/** The shortest term of a deal on Filecoin. */
export const TERM_EPOCHS = MIN_TERM
/** Per replica and epoch, attoFIL: about 1 FIL for a term; no round number, so that rounding would show. */
const PRICE = 1_929_012_345_679n
const DEPOSIT = parseEther('5')

/** The client opens the order and pays once. */
export async function order(stage: Stage): Promise<bigint> {
  const { narrator, perpetual, cast, piece, seed } = stage
  await narrator.act('A client wants two replicas of a directory, and pays once')

  const terms = await readDefaultTerms(perpetual, PRICE)
  const { orderId } = await openOrder(perpetual, cast.client.address, {
    piece,
    payloadCid: piece.root,
    replicas: 2,
    price: PRICE,
    ceiling: 2n * PRICE,
    endEpoch: 0n,
    seed: seed.url,
    // Slots of half a year, which are settled once a month: little to wait for.
    terms: { ...terms, minTermEpochs: TERM_EPOCHS, maxTermEpochs: TERM_EPOCHS, gapEpochs: 30n * EPOCHS_PER_DAY },
    providers: [],
    deposit: DEPOSIT,
  })
  await narrator.catchUp()
  return orderId
}
