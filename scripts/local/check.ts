import { formatUnits } from 'ethers'

/** An equation that must hold to the attoFIL. */
export interface Check {
  words: string
  left: bigint
  right: bigint
}

/** The checks that do not hold. */
export const brokenOf = (checks: readonly Check[]): Check[] => checks.filter(({ left, right }) => left !== right)

/** `ok   words: amount`, or both amounts and their difference. */
export function renderCheck({ words, left, right }: Check): string {
  if (left === right) return `ok     ${words}: ${exact(left)}`
  return `WRONG  ${words}: ${exact(left)} is not ${exact(right)}, ${exact(left - right)} too much`
}

/** attoFIL with all 18 digits, so that the columns can be added up by eye. */
export const exact = (attoFil: bigint): string => {
  const [whole, fraction = ''] = formatUnits(attoFil, 18).split('.')
  return `${whole}.${fraction.padEnd(18, '0')}`
}
