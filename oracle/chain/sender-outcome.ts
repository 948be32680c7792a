import type { Interface } from 'ethers'
import type { ExpectedEvent, Intent, IntentError } from '../db/intent.ts'
import type { ChainLog, Receipt } from './answers.ts'
import type { ChainClient } from './client.ts'
import { CallReverted, RangeTooWide } from './rpc.ts'
import { readSigned } from './sender-key.ts'

/** What became of an intent's transactions, as far as the chain tells now. */
export type Outcome =
  { kind: 'done'; blockNumber: bigint } | { kind: 'wrong'; blockNumber: bigint; receipt: Receipt } | { kind: 'unknown' }

/** Looks for the receipts of the intent's transactions with its present nonce: at most one of them was mined. */
export async function readOutcome(client: ChainClient, intent: Intent): Promise<Outcome> {
  for (const raw of intent.raw.toReversed()) {
    const receipt = await client.getTransactionReceipt(readSigned(raw).hash)
    if (receipt === null) continue
    const done =
      receipt.succeeded && (intent.expect === null || receipt.logs.some((log) => matches(log, intent.expect!)))
    return { kind: done ? 'done' : 'wrong', blockNumber: receipt.blockNumber, ...(done ? {} : { receipt }) } as Outcome
  }
  return { kind: 'unknown' }
}

function matches(log: ChainLog, { address, topics }: ExpectedEvent): boolean {
  if (log.address.toLowerCase() !== address.toLowerCase()) return false
  return topics.every((topic, i) => topic === null || topic.toLowerCase() === log.topics[i])
}

const MAX_RANGE = 2_880n

/** The block of the intent's event, wherever it came from, between its first signing and `head`; undefined when there is none. */
export async function findEvent(client: ChainClient, intent: Intent, head: bigint): Promise<bigint | undefined> {
  const { expect, firstBlock } = intent
  if (expect === null || firstBlock === null) return undefined

  let range = MAX_RANGE
  for (let from = firstBlock; from <= head;) {
    const to = from + range - 1n < head ? from + range - 1n : head
    try {
      const [log] = await client.getLogs({
        address: expect.address,
        topics: expect.topics,
        fromBlock: from,
        toBlock: to,
      })
      if (log !== undefined) return log.blockNumber
      from = to + 1n
    } catch (error) {
      if (!(error instanceof RangeTooWide) || range === 1n) throw error
      range /= 2n
    }
  }
  return undefined
}

/** Why the mined transaction did not do its work: its call made again on the state before its block, and on the one after it. */
export async function explain(
  client: ChainClient,
  intent: Intent,
  receipt: Receipt,
  errors: Interface | undefined,
): Promise<IntentError> {
  if (receipt.succeeded) {
    return { message: `transaction ${receipt.transactionHash} succeeded without the event that was expected` }
  }
  for (const at of [receipt.blockNumber - 1n, receipt.blockNumber]) {
    try {
      await client.call(intent, at)
    } catch (error) {
      if (error instanceof CallReverted) return decodeRevert(error, errors)
    }
  }
  // The state moved back and forth within the block, the gas ran out, or the node keeps no old state.
  return { message: `transaction ${receipt.transactionHash} reverted, having used ${receipt.gasUsed} gas` }
}

/** A revert in words: name and arguments of the custom error when its ABI is known, and its bytes are one. */
export function decodeRevert(error: CallReverted, errors: Interface | undefined): IntentError {
  return known(error.data, errors) ?? { message: error.message, data: error.data }
}

/** A contract that is called in turn reverts with whatever it likes: bytes that only begin like an error of ours are none. */
function known(data: string, errors: Interface | undefined): IntentError | undefined {
  try {
    const found = data.length >= 10 ? errors?.parseError(data) : undefined
    if (!found) return undefined
    const args = found.args.toArray().map(String)
    return { message: `${found.name}(${args.join(', ')})`, data, name: found.name, args }
  } catch {
    return undefined
  }
}
