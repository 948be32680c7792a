import { getBytes, type Result, type TransactionDescription } from 'ethers'
import { cidText as textOf } from '../../../oracle/dao/tell.ts'
import { callWords, type CallWords } from './call-words.ts'
import type { Call } from './calls.ts'
import type { Dao } from './contracts.ts'
import type { Proposed } from './proposals.ts'
import { readTerms, type RawTerms, type TermsFacts } from './terms.ts'

/** What a proposal does if it passes, read from what is voted on itself. */
export type Matter =
  | { what: 'keep'; cid: string; size: bigint; providerId: bigint; terms: TermsFacts }
  | { what: 'drop'; cid: string }
  | { what: 'calls'; calls: (Call & CallWords)[] }

interface KeptCid {
  cid: string
  size: bigint
  providerId: bigint
  terms: Result
}

/** Decodes a proposal's calls: the treasury's own about a CID, or any others. */
export async function readMatter(dao: Dao, proposed: Proposed): Promise<Matter> {
  const call = aboutCid(dao, proposed)
  if (call?.name === 'keep') {
    const { cid, size, providerId, terms } = (call.args[0] as Result).toObject() as KeptCid
    return {
      what: 'keep',
      cid: cidText(cid),
      size,
      providerId,
      terms: readTerms(terms.toObject() as RawTerms),
    }
  }
  if (call?.name === 'drop') return { what: 'drop', cid: cidText(call.args[1] as string) }
  const calls = callsOf(proposed)
  return {
    what: 'calls',
    calls: await Promise.all(calls.map(async (one) => ({ ...one, ...(await callWords(dao, one)) }))),
  }
}

/** The call of the treasury about a CID, which the DAO puts to the vote alone and encodes itself. */
function aboutCid({ treasury }: Dao, { targets, calldatas }: Proposed): TransactionDescription | null {
  const [data] = calldatas
  if (targets.length !== 1 || targets[0] !== treasury.target || data === undefined) return null
  const about = ['keep', 'drop'].some((name) =>
    data.startsWith(treasury.interface.getFunction(name as 'keep').selector),
  )
  return about ? treasury.interface.parseTransaction({ data }) : null
}

const callsOf = ({ targets, values, calldatas }: Proposed): Call[] =>
  targets.map((target, i) => ({ target, value: values[i]!, data: calldatas[i]! }))

/** A binary CID in hex, as people write it. */
export const cidText = (hex: string): string => textOf(getBytes(hex))
