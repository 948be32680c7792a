import type { Logger } from 'pino'
import type { BlockRef, Cursor, CursorStore } from '../db/cursor.ts'
import type { Tx } from '../db/open.ts'
import { MooringError, RetryableError } from '../errors.ts'
import type { ChainLog } from './answers.ts'
import type { ChainClient, LogFilter } from './client.ts'
import { createLoop } from './loop.ts'
import { RangeTooWide } from './rpc.ts'

/** Answers that do not fit together: the chain changed between two questions, or two endpoints are on different forks. */
export class ForkedAnswers extends RetryableError {}

/** No kept block is in the chain any more: this is no reorg but another chain. */
export class ReorgTooDeep extends MooringError {}

/** Blocks below which two nodes are believed (`number`), or as far as the chain says itself (`finalized`). */
export type Confirmations = number | 'finalized'

export interface WatcherOptions {
  client: ChainClient
  cursors: CursorStore
  /** Contracts whose logs are read. */
  addresses: string[]
  topics?: LogFilter['topics']
  /** Logs are handed on when this many blocks stand above theirs, or when their block is final. */
  confirmations: Confirmations
  /** The first block to read. */
  startBlock: bigint
  /** Most blocks per question; Lotus allows 2,880. Shrinks where a provider allows less and grows back. */
  maxRange?: number
  /**
   * The chain jumps: a test chain that mines thousands of blocks at once (`hardhat_mine`), whose headers name no parent. A gap deeper
   * than {@link LINK_DEPTH} is then taken as final and crossed in one question, and a block without a parent as standing on any.
   */
  jumps?: boolean
  /** Milliseconds between looks at the head. */
  everyMs?: number
  /**
   * Handles logs in chain order, inside the transaction that moves the cursor: throw and nothing is recorded, and the same logs
   * come again. The same log may come twice after a rollback. Not called for a range without logs.
   */
  onLogs: (logs: ChainLog[], tx: Tx) => Promise<void>
  /** Undoes what {@link onLogs} did for blocks above `toBlock`, inside the transaction that moves the cursor back. */
  onRollback: (toBlock: bigint, tx: Tx) => Promise<void>
  /** After {@link onLogs} is committed: the place for nudges. */
  onCommitted?: (logs: ChainLog[]) => void
  log: Logger
}

export interface Watcher {
  start(): void
  stop(): Promise<void>
  /** Reads everything up to the confirmed head, now. */
  processAll(): Promise<void>
  /** The last processed block; undefined before the first. */
  position(): Promise<bigint | undefined>
}

const LOTUS_MAX_RANGE = 2_880
/** Nearer than this to the target every header is read and linked to its parent; deeper blocks are taken as settled. */
const LINK_DEPTH = 64n
/** Blocks kept for finding where a reorg began: beyond Filecoin's finality of 900 epochs. */
const KEEP_BLOCKS = 1_000n
const HEADERS_AT_ONCE = 8
const NO_PARENT = `0x${'00'.repeat(32)}`

/** Reads contract logs from a stored position up to a confirmed block, each exactly once along the chain that stays. */
export function createWatcher(options: WatcherOptions): Watcher {
  const { client, cursors, addresses, topics, confirmations, startBlock, onLogs, onRollback, onCommitted, log } =
    options
  const maxRange = options.jumps ? BigInt(Number.MAX_SAFE_INTEGER) : BigInt(options.maxRange ?? LOTUS_MAX_RANGE)
  let range = maxRange
  const loop = createLoop({ name: 'watcher', pass, everyMs: options.everyMs ?? 1_000, log })

  async function pass(stopping: AbortSignal): Promise<void> {
    const head = await client.blockNumber()
    const stored = await cursors.read()
    let cursor = stored && (await rollBackIfReorged(stored, head))
    cursor ??= { blockNumber: startBlock - 1n, blockHash: null }

    const target = confirmations === 'finalized' ? await client.finalizedNumber() : head - BigInt(confirmations)
    while (cursor.blockNumber < target && !stopping.aborted) cursor = await advance(cursor, target)
  }

  /** Processes the next range; returns the new position. */
  async function advance(cursor: Cursor, target: bigint): Promise<Cursor> {
    const from = cursor.blockNumber + 1n
    const linkFrom = target - LINK_DEPTH
    const linked = from > linkFrom
    const { logs, to } = await readLogs(from, min(cursor.blockNumber + range, linked ? target : linkFrom))
    const blocks = linked ? await readLinked(cursor, from, to) : await readLast(from, to)
    checkLogs(logs, from, to, linked ? blocks : undefined)

    const next = { blockNumber: to, blockHash: blocks.at(-1)?.hash ?? cursor.blockHash }
    await cursors.transact(async (tx) => {
      if (logs.length > 0) await onLogs(logs, tx)
      await cursors.advance(tx, next, blocks, to - KEEP_BLOCKS)
    })
    log.debug({ from, to, logs: logs.length }, 'blocks processed')
    if (logs.length > 0) onCommitted?.(logs)
    range = min(range * 2n, maxRange)
    return next
  }

  /** Asks for the range, or for as much of its beginning as the endpoint gives at once. */
  async function readLogs(from: bigint, wanted: bigint): Promise<{ logs: ChainLog[]; to: bigint }> {
    for (let to = wanted; ;) {
      try {
        return { logs: await client.getLogs({ address: addresses, topics, fromBlock: from, toBlock: to }), to }
      } catch (error) {
        range = max((to - from + 1n) / 2n, 1n)
        if (!(error instanceof RangeTooWide) || from === to) throw error
        to = from + range - 1n
        log.debug({ from, to }, 'log range halved')
      }
    }
  }

  /** Every non-null block of the range, each shown to stand on the one before. */
  async function readLinked(cursor: Cursor, from: bigint, to: bigint): Promise<BlockRef[]> {
    const blocks: BlockRef[] = []
    let parent = cursor.blockHash
    for (let at = from; at <= to; at += BigInt(HEADERS_AT_ONCE)) {
      const count = Number(min(to - at + 1n, BigInt(HEADERS_AT_ONCE)))
      const headers = await Promise.all(Array.from({ length: count }, (_, i) => client.getBlock(at + BigInt(i))))
      for (const header of headers) {
        if (header === null) continue // a null round: the next block's parent is the one before it
        const jumped = options.jumps && header.parentHash === NO_PARENT
        if (parent !== null && header.parentHash !== parent && !jumped) {
          throw new ForkedAnswers(`block ${header.number} stands on ${header.parentHash}, expected ${parent}`)
        }
        blocks.push(header)
        parent = header.hash
      }
    }
    return blocks
  }

  /** The range's last non-null block. */
  async function readLast(from: bigint, to: bigint): Promise<BlockRef[]> {
    for (let at = to; at >= from; at--) {
      const header = await client.getBlock(at)
      if (header !== null) return [header]
    }
    return []
  }

  function checkLogs(logs: ChainLog[], from: bigint, to: bigint, blocks?: BlockRef[]): void {
    const hashes = blocks && new Map(blocks.map((block) => [block.number, block.hash]))
    for (const { blockNumber, blockHash } of logs) {
      if (blockNumber < from || blockNumber > to) {
        throw new ForkedAnswers(`a log of block ${blockNumber} came for the range ${from} to ${to}`)
      }
      if (hashes && hashes.get(blockNumber) !== blockHash) {
        throw new ForkedAnswers(`a log is of block ${blockHash}, expected ${hashes.get(blockNumber)} at ${blockNumber}`)
      }
    }
  }

  /** Moves back to the newest kept block that is still in the chain; returns the position to go on from. */
  async function rollBackIfReorged(cursor: Cursor, head: bigint): Promise<Cursor> {
    // A head below the cursor may only be an endpoint that is behind: it is no reorg unless a block that both know differs.
    let kept = await cursors.newestBlock(min(cursor.blockNumber, head))
    if (kept === undefined || (await isInChain(kept))) return cursor

    while (kept !== undefined && !(await isInChain(kept))) kept = await cursors.newestBlock(kept.number - 1n)
    if (kept === undefined && cursor.blockNumber - KEEP_BLOCKS > startBlock) {
      throw new ReorgTooDeep(`none of the last ${KEEP_BLOCKS} processed blocks is in the chain that the node serves`, {
        hint: 'Check that the RPC URLs serve the chain that this database was filled from.',
      })
    }

    const back = { blockNumber: kept?.number ?? startBlock - 1n, blockHash: kept?.hash ?? null }
    await cursors.transact(async (tx) => {
      await onRollback(back.blockNumber, tx)
      await cursors.rollBack(tx, back)
    })
    log.warn({ from: cursor.blockNumber, to: back.blockNumber }, 'reorg: rolled back')
    return back
  }

  async function isInChain(block: BlockRef): Promise<boolean> {
    return (await client.getBlock(block.number))?.hash === block.hash
  }

  return {
    start: loop.start,
    stop: loop.stop,
    processAll: loop.runNow,
    position: async () => (await cursors.read())?.blockNumber,
  }
}

const min = (a: bigint, b: bigint) => (a < b ? a : b)
const max = (a: bigint, b: bigint) => (a > b ? a : b)
