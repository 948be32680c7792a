import { getBytes, type Result } from 'ethers'
import { cidText as textOf } from '../../../oracle/dao/tell.ts'
import type { Dao } from './contracts.ts'
import type { Proposed } from './proposals.ts'
import { oneLine } from './text.ts'
import { readTerms, type RawTerms, type TermsFacts } from './terms.ts'

/** What a proposal does if it passes, read from what is voted on itself. */
export type Matter =
  | { what: 'keep'; cid: string; size: bigint; providerId: bigint; terms: TermsFacts }
  | { what: 'drop'; cid: string }
  | { what: 'calls'; calls: { target: string; value: bigint; words: string }[] }

interface KeptCid {
  cid: string
  size: bigint
  providerId: bigint
  terms: Result
}

/** Decodes a proposal's calls: the treasury's own about a CID, or any others. */
export function readMatter(dao: Dao, { targets, values, calldatas }: Proposed): Matter {
  const { treasury } = dao
  const only = targets.length === 1 && targets[0] === treasury.target ? calldatas[0]! : '0x'
  const call = treasury.interface.parseTransaction({ data: only })
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
  return {
    what: 'calls',
    calls: targets.map((target, i) => ({ target, value: values[i]!, words: callWords(dao, target, calldatas[i]!) })),
  }
}

/** A call in the DAO's own words, where it is one of its parts'; its bytes otherwise. */
function callWords({ governor, treasury, membership, weighted }: Dao, target: string, data: string): string {
  const known = [
    { contract: governor, name: 'the DAO' },
    { contract: treasury, name: 'the treasury' },
    { contract: membership, name: weighted ? 'the token' : 'the membership' },
  ].find(({ contract }) => contract.target === target)
  const unread = data === '0x' ? `pays ${target}` : `calls ${target} with ${data}`
  const call = known?.contract.interface.parseTransaction({ data })
  if (!known || !call) return unread
  try {
    return oneLine(`calls ${known.name}: ${call.name}(${call.args.toArray().map(String).join(', ')})`)
  } catch {
    return unread // anybody may propose arguments that cannot be read
  }
}

/** A binary CID in hex, as people write it. */
export const cidText = (hex: string): string => textOf(getBytes(hex))
