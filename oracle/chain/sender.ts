import { Interface, type InterfaceAbi } from 'ethers'
import type { Logger } from 'pino'
import type { ExpectedEvent, Intent, IntentError, IntentState, IntentStore } from '../db/intent.ts'
import type { Tx } from '../db/open.ts'
import type { ChainClient } from './client.ts'
import { createLoop } from './loop.ts'
import { isFault } from './endpoints.ts'
import { CallReverted, TransactionRefused } from './rpc.ts'
import { bumpedFees, firstFees } from './sender-fees.ts'
import { createSigningKey, readSigned, type Unsigned } from './sender-key.ts'
import { decodeRevert, explain, findEvent, readOutcome } from './sender-outcome.ts'
import type { Confirmations } from './watcher.ts'

export interface SenderOptions {
  client: ChainClient
  /** The private key, 32 bytes hex. One sender per key. */
  key: string
  intents: IntentStore
  /** Blocks that must stand above a transaction's before it is believed, or `finalized`. */
  confirmations: Confirmations
  /** Most that is ever offered, attoFIL per gas. */
  gasCap: bigint
  /** ABI whose custom errors are shown by name. */
  abi?: InterfaceAbi
  /** Names of errors that only say that somebody else was quicker: their refusal is no warning. */
  tooLate?: readonly string[]
  /** Added to the estimate, percent. Lotus has added 25 % already; beyond 10 % over what is used, Filecoin burns the rest. */
  gasMarginPercent?: number
  /** Transactions in flight at once: Lotus takes nonces up to 4 ahead. */
  maxInFlight?: number
  /** Blocks after which a transaction that is next in line and not mined is replaced by one that pays more. */
  bumpAfterBlocks?: number
  /** Milliseconds between passes. */
  everyMs?: number
  log: Logger
}

/** A call that is wanted on the chain exactly once. */
export interface Submission {
  /** Idempotency key, as `report:12:0`. */
  key: string
  to: string
  /** Calldata, hex. */
  data: string
  /** attoFIL; 0 unless given. */
  value?: bigint
  /** The most that its gas may cost, attoFIL; bounded by the gas cap alone unless given. */
  maxCost?: bigint
  /** The event whose presence in the chain means that the work is done; a null topic matches any. */
  expectEvent: ExpectedEvent
}

export interface SubmissionStatus {
  state: IntentState
  /** Every hash ever signed for it, oldest first; at most one is in the chain. */
  hashes: string[]
  /** Block of the event (confirmed) or of the failed transaction. */
  blockNumber: bigint | null
  error: IntentError | null
}

export interface Sender {
  /** The account that signs. */
  readonly address: string
  /**
   * Stores the intent (in the caller's transaction, if one is given) and wakes the lane. The same key again changes nothing, except
   * that a refused or failed intent, which has had no effect, is tried once more with the call given now.
   */
  submit(submission: Submission, tx?: Tx): Promise<void>
  status(key: string): Promise<SubmissionStatus | undefined>
  /** From now on the gas of an intent that is not done may cost up to `maxCost`, attoFIL. */
  allow(key: string, maxCost: bigint): Promise<void>
  /** After a reorg, in the watcher's transaction: whatever was settled by a block above `blockNumber` is looked at again. */
  recheckAbove(blockNumber: bigint, tx: Tx): Promise<void>
  start(): void
  stop(): Promise<void>
  /** One pass over everything queued and in flight, now. */
  processAll(): Promise<void>
}

/** What the chain says at the beginning of a pass. */
interface Lane {
  head: bigint
  /** Newest block that is believed. */
  believed: bigint
  /** The next nonce to be mined. */
  mined: number
}

/**
 * One lane of transactions for one key. The intent is stored before anything is signed, the signed transaction before it is broadcast,
 * and the nonce (not the hash) is what is followed: whatever dies in between, the next pass looks at the chain first and at
 * most one transaction per intent is ever mined with effect.
 */
export function createSender(options: SenderOptions): Sender {
  const { client, intents, confirmations, gasCap, log } = options
  const { maxInFlight = 4, bumpAfterBlocks = 5, gasMarginPercent = 10 } = options
  const key = createSigningKey(options.key)
  const errors = options.abi === undefined ? undefined : Interface.from(options.abi)
  const tooLate = new Set(options.tooLate)
  /** Reverting intents that wait for older transactions, with the highest nonce that was in flight when they first reverted. */
  const doubted = new Map<string, number>()
  const loop = createLoop({ name: 'sender', pass, everyMs: options.everyMs ?? 1_000, log })

  async function pass(): Promise<void> {
    const lane = await readLane()
    await reopenLost(lane)
    for (const intent of await intents.sent(key.address)) await apart(intent, () => settle(intent, lane))
    await fillGap(lane)
    await sendQueued(lane)
  }

  async function readLane(): Promise<Lane> {
    const head = await client.blockNumber()
    const believed = confirmations === 'finalized' ? await client.finalizedNumber() : head - BigInt(confirmations)
    return { head, believed, mined: await client.getTransactionCount(key.address, head) }
  }

  /** A node's error about one intent does not hold up the others; that no node answers at all does. */
  async function apart(intent: Intent, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!isFault(error)) throw error
      if (error instanceof CallReverted) {
        // The estimate sees what is pending, the simulation did not: the next pass will.
        const why = decodeRevert(error, errors)
        log.info({ intent: intent.key, error: why }, 'reverts on what is pending: left for the next pass')
        return
      }
      log.warn({ err: error, intent: intent.key }, 'left for the next pass')
    }
  }

  /** A reorg can take a settled transaction back out of the chain: its nonce is then free again and it is broadcast again. */
  async function reopenLost({ mined }: Lane): Promise<void> {
    for (const intent of await intents.settledFrom(key.address, mined)) {
      if ((await readOutcome(client, intent)).kind !== 'unknown') continue
      await intents.reopen(intent.key)
      log.warn({ intent: intent.key, nonce: intent.nonce }, 'transaction is no longer in the chain: looked after again')
    }
  }

  /** Moves one signed intent on: to its end if the chain knows it, else towards being mined. */
  async function settle(intent: Intent, lane: Lane): Promise<void> {
    const outcome = await readOutcome(client, intent)
    if (outcome.kind === 'done') return confirmIfBelieved(intent, outcome.blockNumber, lane)
    if (outcome.kind === 'unknown' && intent.nonce! >= lane.mined) return push(intent, lane)

    // Its nonce is used, and not by a transaction that visibly did the work. The event decides: gateways forget receipts after a
    // few epochs, and another transaction may have done the work.
    const eventBlock = await findEvent(client, intent, lane.head)
    if (eventBlock !== undefined) return confirmIfBelieved(intent, eventBlock, lane)
    if (outcome.kind === 'wrong') {
      if (outcome.blockNumber > lane.believed) return
      const error = await explain(client, intent, outcome.receipt, errors)
      if (await intents.fail(intent.key, error, outcome.blockNumber)) tellWhy('error', intent.key, error, 'failed')
      return
    }
    await giveNewNonce(intent, lane)
  }

  async function confirmIfBelieved(intent: Intent, blockNumber: bigint, lane: Lane): Promise<void> {
    if (blockNumber > lane.believed) return
    if (await intents.confirm(intent.key, blockNumber)) {
      log.info({ intent: intent.key, nonce: intent.nonce, blockNumber }, 'confirmed')
    }
  }

  /** The nonce went to a transaction that is not ours, beyond doubt: ours can never be mined, so signing anew doubles nothing. */
  async function giveNewNonce(intent: Intent, { believed }: Lane): Promise<void> {
    if (believed < 0n || (await client.getTransactionCount(key.address, believed)) <= intent.nonce!) return
    if (isFiller(intent)) {
      await intents.confirm(intent.key, believed)
      return
    }
    await intents.requeue(intent.key)
    log.warn({ intent: intent.key, nonce: intent.nonce }, 'nonce was used by another transaction: queued again')
  }

  /** Not mined: makes sure that a node has it and, when it is next in line for too long, that it pays enough. */
  async function push(intent: Intent, lane: Lane): Promise<void> {
    const newest = readSigned(intent.raw.at(-1)!)
    const waited = lane.head - intent.sentBlock!
    if (intent.nonce === lane.mined && waited >= BigInt(bumpAfterBlocks)) {
      const cap = capOf(intent, newest.gasLimit)
      const fees = bumpedFees(newest, await client.feeData(), cap)
      if (fees !== null) return signAndBroadcast(intent.key, { ...newest, ...fees }, lane)
      log.warn({ intent: intent.key, nonce: intent.nonce, cap }, 'stuck: paying more would exceed the gas cap')
    }
    if (!(await client.hasTransaction(newest.hash))) await broadcast(intent.key, intent.raw.at(-1)!)
  }

  /** The lane cannot move when a nonce below all of ours is missing or stuck: a transfer of nothing to oneself takes it. */
  async function fillGap(lane: Lane): Promise<void> {
    const [first] = await intents.sent(key.address)
    if (first === undefined || first.nonce! <= lane.mined) return
    if (lane.head - first.sentBlock! < BigInt(bumpAfterBlocks)) return

    const fees = firstFees(await client.feeData(), gasCap)
    if (fees === null) return
    const call = { to: key.address, data: '0x', value: 0n }
    const gasLimit = await estimate(call)
    const chainId = await client.chainId()
    const filler = `${FILLER}${key.address}:${lane.mined}`
    log.warn({ nonce: lane.mined, first: first.key }, 'nonce missing before the first in flight: filled')
    await intents.put({ key: filler, from: key.address, ...call, expect: null })
    await signAndBroadcast(filler, { ...call, ...fees, gasLimit, chainId, nonce: lane.mined }, lane)
  }

  async function sendQueued(lane: Lane): Promise<void> {
    const inFlight = (await intents.sent(key.address)).map((intent) => intent.nonce!)
    for (const intent of await intents.queued(key.address, QUEUE_LOOK)) {
      if (inFlight.length >= maxInFlight) return
      await apart(intent, async () => {
        if (!(await simulate(intent, inFlight, lane))) return
        const nonce = await send(intent, inFlight, lane)
        if (nonce !== undefined) inFlight.push(nonce)
      })
    }
  }

  /** Signs, stores and broadcasts; returns the nonce, or undefined when the chain is too dear now. */
  async function send(intent: Intent, inFlight: number[], lane: Lane) {
    const { key: intentKey, to, data, value } = intent
    const gasLimit = await estimate({ to, data, value })
    const cap = capOf(intent, gasLimit)
    const fees = firstFees(await client.feeData(), cap)
    if (fees === null) {
      log.warn({ intent: intentKey, cap }, 'not sent: the base fee exceeds the gas cap')
      return undefined
    }
    const pending = await client.getTransactionCount(key.address, 'pending')
    const nonce = Math.max(pending, lane.mined, ...inFlight.map((used) => used + 1))
    const chainId = await client.chainId()
    await signAndBroadcast(intentKey, { to, data, value, ...fees, gasLimit, chainId, nonce }, lane)
    return nonce
  }

  /** Whether the call would succeed. One that reverts is refused, unless an older transaction in flight may yet change that. */
  async function simulate(intent: Intent, inFlight: number[], lane: Lane): Promise<boolean> {
    try {
      await client.call(intent, lane.head)
      doubted.delete(intent.key)
      return true
    } catch (error) {
      if (!(error instanceof CallReverted)) throw error
      const waitsFor = doubted.get(intent.key) ?? Math.max(-1, ...inFlight)
      doubted.set(intent.key, waitsFor)
      if (inFlight.some((nonce) => nonce <= waitsFor)) return false

      doubted.delete(intent.key)
      const why = decodeRevert(error, errors)
      if (await intents.refuse(intent.key, why)) tellWhy('warn', intent.key, why, 'refused')
      return false
    }
  }

  function tellWhy(level: 'warn' | 'error', intentKey: string, error: IntentError, what: string): void {
    const isLate = error.name !== undefined && tooLate.has(error.name)
    log[isLate ? 'info' : level]({ intent: intentKey, error }, isLate ? `${what}: too late` : what)
  }

  async function estimate(call: { to: string; data: string; value: bigint }): Promise<bigint> {
    const gas = await client.estimateGas({ ...call, from: key.address })
    return (gas * BigInt(100 + gasMarginPercent)) / 100n
  }

  /** Most per gas, so that the whole costs no more than it may. */
  function capOf({ maxCost }: Intent, gasLimit: bigint): bigint {
    if (maxCost === null) return gasCap
    const perGas = maxCost / gasLimit
    return perGas < gasCap ? perGas : gasCap
  }

  async function signAndBroadcast(intentKey: string, unsigned: Unsigned, { head }: Lane): Promise<void> {
    const { raw, hash } = await key.sign(pickUnsigned(unsigned))
    if (!(await intents.addSigned(intentKey, { nonce: unsigned.nonce, raw, hash, head }))) return
    log.info({ intent: intentKey, nonce: unsigned.nonce, hash, maxFeePerGas: unsigned.maxFeePerGas }, 'signed')
    await broadcast(intentKey, raw)
  }

  /** It is stored already, so a failure here is only late, never lost: the next pass broadcasts the same bytes. */
  async function broadcast(intentKey: string, raw: string): Promise<void> {
    try {
      await client.sendRawTransaction(raw)
    } catch (error) {
      if (error instanceof TransactionRefused && (error.why === 'known' || error.why === 'nonceUsed')) return
      log.warn({ err: error, intent: intentKey }, 'not broadcast yet')
    }
  }

  return {
    address: key.address,
    async submit({ key: intentKey, to, data, value = 0n, maxCost, expectEvent }, tx) {
      await intents.put(
        { key: intentKey, from: key.address, to, data, value, maxCost: maxCost ?? null, expect: expectEvent },
        tx,
      )
      loop.nudge()
    },
    async status(intentKey) {
      const intent = await intents.get(intentKey)
      if (intent === undefined) return undefined
      const { state, hashes, blockNumber, error } = intent
      return { state, hashes, blockNumber, error }
    },
    async allow(intentKey, maxCost) {
      await intents.allow(intentKey, maxCost)
      loop.nudge()
    },
    recheckAbove: (blockNumber, tx) => intents.reopenAbove(blockNumber, tx),
    start: loop.start,
    stop: loop.stop,
    processAll: loop.runNow,
  }
}

/** Queued intents looked at per pass: one that waits must not hide those behind it. */
const QUEUE_LOOK = 100
const FILLER = 'filler:'

const isFiller = (intent: Intent) => intent.key.startsWith(FILLER)

function pickUnsigned(from: Unsigned): Unsigned {
  const { chainId, nonce, to, data, value, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = from
  return { chainId, nonce, to, data, value, gasLimit, maxFeePerGas, maxPriorityFeePerGas }
}
