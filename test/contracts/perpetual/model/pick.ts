import type { Terms } from '../../../../scripts/simulate/model/rules.ts'
import { DAY, MIN_COLLATERAL, MIN_TERM } from '../../../../scripts/simulate/model/rules.ts'
import type { Random } from '../../../../scripts/simulate/random.ts'
import { LIVENESS, type Opening, PRICE } from '../world.ts'

export const oneOf = <T>({ below }: Random, all: readonly T[]): T => all[below(all.length)]

const between = ({ below }: Random, least: number, most: number): number => least + below(most - least + 1)

/** A random order: every bound of its terms within the contract's, terms short enough that windows come often. */
export function pickOrder(chance: Random, now: number) {
  const claim = between(chance, DAY, 20 * DAY)
  const terms: Terms = {
    minTerm: MIN_TERM,
    maxTerm: between(chance, MIN_TERM, MIN_TERM + 200 * DAY),
    claim,
    fetch: between(chance, 120, claim),
    gap: between(chance, DAY, 30 * DAY),
    renewal: between(chance, 3 * DAY, 60 * DAY),
    evict: between(chance, DAY, 20 * DAY),
    collateral: MIN_COLLATERAL + BigInt(chance.below(1_000_000)),
    liveness: oneOf(chance, ['Sector', 'Deal']),
  }
  const price = PRICE + BigInt(chance.below(1_000))
  const asked = {
    replicas: between(chance, 1, 3),
    price,
    ceiling: price * BigInt(between(chance, 1, 4)) + BigInt(chance.below(100)),
    endEpoch: oneOf(chance, [0, 0, now + 4 * MIN_TERM]),
  }
  const deposit = price * BigInt(terms.maxTerm) * BigInt(between(chance, 2, 8)) + BigInt(chance.below(1_000))
  return { asked: { ...asked, terms: onChain(terms) } satisfies Opening, plain: { ...asked, terms }, deposit }
}

function onChain(terms: Terms) {
  return {
    minTermEpochs: terms.minTerm,
    maxTermEpochs: terms.maxTerm,
    claimEpochs: terms.claim,
    fetchEpochs: terms.fetch,
    gapEpochs: terms.gap,
    renewalEpochs: terms.renewal,
    evictEpochs: terms.evict,
    collateral: terms.collateral,
    liveness: LIVENESS[terms.liveness],
  }
}
