import type { FeeData } from '../chain/client.ts'
import { EPOCHS_PER_DAY } from '../chain/epochs.ts'

/** Epochs in which the keeper's cap counts: a day. */
export const CAP_EPOCHS = EPOCHS_PER_DAY

/** The estimate when it is signed may be higher than now, and the sender adds a tenth to it; percent of the estimate. */
const GAS_HEADROOM_PERCENT = 150n
/** The base fee may rise fourfold before a transaction has to wait: at least twelve epochs of full blocks. */
const BASE_FEE_HEADROOM = 4n
const TIP_HEADROOM = 2n
/** Below this Lotus takes no tip, so at least as much is offered, attoFIL per gas. */
const MIN_TIP = 100_000n

/**
 * The most that a transaction is allowed to cost, attoFIL.
 * @param gas Its estimate.
 * @param gasCap Most that may be paid, attoFIL per gas.
 */
export function mostFor(gas: bigint, { baseFee, tip }: FeeData, gasCap: bigint): bigint {
  const perGas = BASE_FEE_HEADROOM * baseFee + TIP_HEADROOM * (tip > MIN_TIP ? tip : MIN_TIP)
  return ((gas * GAS_HEADROOM_PERCENT) / 100n) * (perGas < gasCap ? perGas : gasCap)
}

/** What it probably costs, attoFIL: what a task must be worth. */
export const likelyFor = (gas: bigint, { baseFee, tip }: FeeData): bigint => gas * (baseFee + tip)
