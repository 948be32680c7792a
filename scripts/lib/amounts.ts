import { formatEther, parseEther } from 'ethers'

/** An amount of FIL as a person types it, as attoFIL. */
export function parseFil(option: string, text: string): bigint {
  if (!/^\d{1,10}(\.\d{1,18})?$/.test(text))
    throw new Error(`${option} expects an amount of FIL, as 0.05, got '${text}'`)
  return parseEther(text)
}

/** {@link parseFil} of what is to be sent. */
export function parseSome(option: string, text: string): bigint {
  const amount = parseFil(option, text)
  if (amount === 0n) throw new Error(`${option} expects more than nothing`)
  return amount
}

export const fil = (attoFil: bigint): string => `${formatEther(attoFil)} FIL`

/** An amount in six significant digits: for rates, which whole attoFIL an epoch seldom hit. */
export const aboutFil = (attoFil: bigint): string =>
  `${Number(formatEther(attoFil)).toLocaleString('en-US', { maximumSignificantDigits: 6, useGrouping: false })} FIL`
