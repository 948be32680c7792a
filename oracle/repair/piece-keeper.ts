import { rm } from 'node:fs/promises'
import { CID } from 'multiformats/cid'
import { createLoop } from '../chain/loop.ts'
import type { Context } from '../context.ts'
import type { KeptPiece, KeptPieceMove, WantedPiece } from '../db/kept-piece.ts'
import type { Lease } from '../db/lease.ts'
import type { RequestStore } from '../db/request.ts'
import { PermanentError, wordsOf } from '../errors.ts'
import type { Ipfs } from '../ipfs/node.ts'
import { keepLease } from '../keep-lease.ts'
import { keepPiece, payloadRoom, pieceFileOf, type KeepContext } from './keep-piece.ts'
import { retryAfter } from './retry.ts'
import { tellRepair } from './tell.ts'

export interface PieceKeeperContext extends KeepContext, Pick<Context, 'log' | 'leaseOwner' | 'pieces'> {
  /** What the orders that are not over want kept. */
  wanted(): Promise<WantedPiece[]>
  requests: Pick<RequestStore, 'wants'>
  ipfs: KeepContext['ipfs'] & Pick<Ipfs, 'unpin'>
}

export interface PieceKeeper {
  start(): void
  /** Breaks off the fetching in hand: it goes on at the next start. */
  stop(): Promise<void>
  /** Compares with the orders and looks after every piece that is due, now. */
  processAll(): Promise<void>
}

/** Pieces fetched at the same time. */
const AT_ONCE = 4
const LEASE_MS = 60_000
const RETRY_CAP_MS = 3_600_000

/**
 * Keeps the pieces of storage orders on this disk, as many as `MOORING_KEEP_BYTES` allows, the longest wanted first, and lets go of
 * those that no order wants any more.
 */
export function createPieceKeeper(ctx: PieceKeeperContext, { everyMs }: { everyMs: number }): PieceKeeper {
  const { config, log, pieces } = ctx
  const lease: Lease = { owner: ctx.leaseOwner, ms: LEASE_MS }
  const loop = createLoop({ name: 'pieces', pass, everyMs, log })
  /** Room that pieces in hand may come to take, bytes. */
  let reserved = 0n
  const inHand = new Map<string, Fetching>()

  async function pass(stopping: AbortSignal): Promise<void> {
    await pieces.want(config.keepBytes === 0n ? [] : await ctx.wanted())
    for (const [pieceCid, { abort }] of inHand) {
      if ((await pieces.get(pieceCid))?.state === 'unwanted') abort.abort() // its place is free at once
    }
    while (!stopping.aborted && inHand.size < AT_ONCE) {
      const [row] = await pieces.claim(1, lease)
      if (row === undefined) return
      const outdated = inHand.get(row.pieceCid) // an order changed it, or none wants it any more
      outdated?.abort.abort()
      await outdated?.done
      if (row.state === 'unwanted') await letGo(row)
      else if (outdated === undefined) begin(row, stopping)
    }
  }

  /** The pass goes on meanwhile: what a silent seed is about to serve holds up no other piece. */
  function begin(row: KeptPiece, stopping: AbortSignal): void {
    const abort = new AbortController()
    const done = bring(row, AbortSignal.any([stopping, abort.signal]))
      .catch((error: unknown) => log.warn({ err: error, pieceCid: row.pieceCid }, 'a piece is left for the next pass'))
      .finally(() => {
        inHand.delete(row.pieceCid)
        loop.nudge()
      })
    inHand.set(row.pieceCid, { abort, done })
  }

  async function bring(row: KeptPiece, signal: AbortSignal): Promise<void> {
    const { pieceCid } = row
    const kept = keepLease(() => pieces.renew(pieceCid, lease), lease, log, { pieceCid })
    let move: KeptPieceMove
    try {
      move = await keep(row, signal)
    } catch (error) {
      move = await afterError(row, error, signal)
    } finally {
      kept.stop()
    }
    await pieces.move(pieceCid, lease.owner, move)
  }

  async function keep(row: KeptPiece, signal: AbortSignal): Promise<KeptPieceMove> {
    const { pieceCid, piece, payloadCid } = row
    const room = payloadRoom(piece.size)
    const free = config.keepBytes - (await pieces.keptBytes()) - reserved
    if (room > free) {
      const error = `it may take ${room} bytes, MOORING_KEEP_BYTES leaves ${free > 0n ? free : 0n}`
      if (row.error !== error) log.warn({ pieceCid, room: room.toString() }, 'no room to keep a piece')
      return { state: 'wanted', dueInMs: RETRY_CAP_MS / 6, error }
    }
    reserved += room
    try {
      const { carPath, carBytes } = await keepPiece(ctx, row, signal)
      tellRepair(log, 'piece-kept', { pieceCid, payloadCid, carBytes })
      return { state: 'kept', dueInMs: null, carPath, carBytes, error: null, attempts: 0 }
    } finally {
      reserved -= room
    }
  }

  async function afterError(row: KeptPiece, error: unknown, signal: AbortSignal): Promise<KeptPieceMove> {
    const { pieceCid, attempts } = row
    if (signal.aborted) return { state: 'wanted', dueInMs: 0 } // given back; nothing failed
    if (error instanceof PermanentError) {
      log.warn({ err: error, pieceCid }, 'a piece cannot be kept')
      await unpin(row)
      return { state: 'refused', dueInMs: null, error: wordsOf(error) }
    }
    const retry = retryAfter(error, attempts, { baseMs: config.retryBaseMs, capMs: RETRY_CAP_MS })
    log.info({ err: error, pieceCid, dueInMs: retry.dueInMs }, 'a piece is not here yet')
    return { state: 'wanted', ...retry }
  }

  /** What the row says stays on disk until its files are gone: a pass that died is made again. */
  async function letGo(row: KeptPiece): Promise<void> {
    const { pieceCid } = row
    await rm(pieceFileOf(config.dataDir, pieceCid), { force: true })
    await rm(`${pieceFileOf(config.dataDir, pieceCid)}.part`, { force: true })
    await unpin(row)
    if (await pieces.remove(pieceCid, lease.owner)) log.info({ pieceCid }, 'piece let go of')
  }

  async function unpin({ pieceCid, payloadCid }: KeptPiece): Promise<void> {
    const root = payloadCid === null ? undefined : parseCid(payloadCid)
    if (root === undefined) return
    const stillWanted = async () =>
      (await ctx.requests.wants(payloadCid!, '')) || (await pieces.wants(payloadCid!, pieceCid))
    await ctx.ipfs.unpin(root, stillWanted)
  }

  const atRest = () => Promise.all([...inHand.values()].map(({ done }) => done))

  return {
    start: loop.start,
    async stop() {
      await loop.stop()
      await atRest()
    },
    async processAll() {
      do {
        await loop.runNow()
        await atRest()
      } while (inHand.size > 0)
    },
  }
}

/** A piece that is being fetched. */
interface Fetching {
  abort: AbortController
  done: Promise<void>
}

function parseCid(text: string): CID | undefined {
  try {
    return CID.parse(text)
  } catch {
    return undefined // nothing was ever pinned under it
  }
}
