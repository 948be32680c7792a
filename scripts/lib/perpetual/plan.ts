import { DEFAULT_MAX_TERM, MIN_TERM } from '../../../oracle/chain/perpetual-rules.ts'
import { perGibYear } from './rates.ts'

/** What a client wants: sizes in padded bytes, times in epochs, amounts in attoFIL. */
export interface Wish {
  pieceSize: bigint
  replicas: number
  /** For so long each replica is to be paid. */
  epochs: bigint
  /** One of the two: per replica and epoch, or for everything. */
  price?: bigint
  maxCost?: bigint
  /** A slot's longest term; unless given, one near the contract's default that divides the time well. */
  termEpochs?: bigint
}

/** An order that fulfils a wish, and what it costs. Amounts in attoFIL. */
export interface Plan {
  pieceSize: bigint
  replicas: number
  /** Per replica and epoch. */
  price: bigint
  payPerGibYear: bigint
  termEpochs: bigint
  /** Terms that are paid for, one after the other. */
  terms: bigint
  /** What the order begins with: price · replicas · terms · termEpochs. */
  deposit: bigint
  /** What claims of all its replicas reserve of it at once. */
  reservedAtOnce: bigint
}

/**
 * The order for a wish. Its money is reserved term by term, so the time is cut into terms of the same length, none below the least.
 * @throws Error when the time is too short, or the money does not pay an attoFIL an epoch
 */
export function planOrder({ pieceSize, replicas, epochs, termEpochs, ...money }: Wish): Plan {
  if (epochs < MIN_TERM) {
    throw Object.assign(new Error('no replica is paid for less than 180 days, the shortest deal there is'), {
      hint: 'Ask for half a year or more: --years 0.5.',
    })
  }
  const terms = termEpochs === undefined ? atLeastOne(round(epochs, DEFAULT_MAX_TERM)) : ceil(epochs, termEpochs)
  const term = termEpochs ?? ceil(epochs, terms)
  const paidEpochs = BigInt(replicas) * terms * term
  const price = money.price ?? (money.maxCost ?? 0n) / paidEpochs
  if (price === 0n) {
    throw Object.assign(
      new Error(`that pays less than 1 attoFIL an epoch for each of ${replicas} replicas of ${pieceSize} B`),
      { hint: 'Raise --price or --max-cost, or ask for fewer replicas or years.' },
    )
  }
  return {
    ...{ pieceSize, replicas, price, payPerGibYear: perGibYear(price, pieceSize) },
    ...{ termEpochs: term, terms, deposit: price * paidEpochs },
    reservedAtOnce: price * BigInt(replicas) * term,
  }
}

const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b
const round = (a: bigint, b: bigint): bigint => (a + b / 2n) / b
const atLeastOne = (n: bigint): bigint => (n < 1n ? 1n : n)
