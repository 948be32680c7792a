import type { FeeData } from './client.ts'

/** What a transaction offers, attoFIL per gas (EIP-1559). */
export interface Fees {
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
}

/** Lotus does not take a lower premium into its mempool. */
const MIN_TIP = 100_000n
/** The base fee moves at most 12.5 % per epoch: twice the present one lasts for at least five. */
const BASE_FEE_HEADROOM = 2n

/**
 * Fees for a new transaction; null when the cap would not even pay the present base fee.
 * @param cap Most that may be paid, attoFIL per gas.
 */
export function firstFees({ baseFee, tip }: FeeData, cap: bigint): Fees | null {
  const premium = tip > MIN_TIP ? tip : MIN_TIP
  if (baseFee + premium > cap) return null
  return capped({ maxFeePerGas: BASE_FEE_HEADROOM * baseFee + premium, maxPriorityFeePerGas: premium }, cap)
}

/**
 * Fees that replace a transaction: at least 1.25 times both old ones (Lotus asks for 1.10 on the premium, older nodes for 1.25, geth
 * for 1.10 on both), and what the chain asks for now; null when that exceeds the cap.
 */
export function bumpedFees(old: Fees, now: FeeData, cap: bigint): Fees | null {
  const floor = { maxFeePerGas: bumped(old.maxFeePerGas), maxPriorityFeePerGas: bumped(old.maxPriorityFeePerGas) }
  if (floor.maxFeePerGas > cap) return null

  const fresh = firstFees(now, cap)
  if (fresh === null) return null
  return {
    maxFeePerGas: larger(floor.maxFeePerGas, fresh.maxFeePerGas),
    maxPriorityFeePerGas: larger(floor.maxPriorityFeePerGas, fresh.maxPriorityFeePerGas),
  }
}

function capped(fees: Fees, cap: bigint): Fees {
  return { ...fees, maxFeePerGas: fees.maxFeePerGas < cap ? fees.maxFeePerGas : cap }
}

const bumped = (fee: bigint) => (fee * 5n + 3n) / 4n
const larger = (a: bigint, b: bigint) => (a > b ? a : b)
