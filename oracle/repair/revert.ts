import type { CallRequest, ChainClient } from '../chain/client.ts'
import { perpetualAbi } from '../chain/perpetual.ts'
import { CallReverted } from '../chain/rpc.ts'

/** Why PerpetualStorage refuses a call. */
export interface Refusal {
  /** The custom error's name. */
  name: string
  /** `Name(arg, …)`. */
  words: string
}

/** Runs a call of PerpetualStorage without sending it; nothing when it goes through. */
export async function readRevert(chain: Pick<ChainClient, 'call'>, call: CallRequest): Promise<Refusal | undefined> {
  try {
    await chain.call(call)
    return undefined
  } catch (error) {
    if (!(error instanceof CallReverted)) throw error
    const known = perpetualAbi.parseError(error.data)
    if (known === null) return { name: 'UnknownRevert', words: `UnknownRevert(${error.data})` }
    return { name: known.name, words: `${known.name}(${known.args.toArray().map(String).join(', ')})` }
  }
}
