import { CID } from 'multiformats/cid'
import { carHeader, carSectionSize } from '../proofs/car.ts'
import { isInline, linksOf, requireReadable } from './block.ts'
import { DagTooLarge } from './errors.ts'
import { MAX_WAITING_LINKS } from './limits.ts'
import type { DagLimits } from './limits.ts'

/** Gives a block's bytes, already checked against its CID. */
export type ReadBlock = (cid: CID, signal: AbortSignal) => Promise<Uint8Array>

export interface WalkStep {
  cid: CID
  bytes: Uint8Array
  /** Blocks met so far, this one included. */
  blocks: number
  /** Blocks known to belong to the DAG so far. */
  known: number
  /** Size of the canonical CAR up to and with this block, bytes. */
  carBytes: bigint
}

export interface WalkOptions {
  limits: DagLimits
  /** Blocks read ahead of the walk, and so the most that are held in memory. */
  lookahead: number
  signal: AbortSignal
}

/**
 * Walks a DAG in canonical order: depth-first in link order, each block once. Only CIDs are kept. A limit is
 * checked before the block that breaks it is given out.
 * @throws {DagTooLarge} over a limit
 * @throws {BadBlock} a block that cannot be decoded, or a codec or hash that is not known
 */
export async function* walkDag(root: CID, read: ReadBlock, options: WalkOptions): AsyncGenerator<WalkStep> {
  const { limits } = options
  const ahead = new AbortController()
  const signal = AbortSignal.any([options.signal, ahead.signal])
  const visited = new Map<string, boolean>([[keyOf(root), false]])
  const waiting: Waiting[] = [{ key: keyOf(root), depth: 0 }]
  const reading = new Map<string, Promise<Uint8Array>>()
  let [blocks, inline] = [0, isInline(root) ? 1 : 0]
  let carBytes = BigInt(carHeader(root).byteLength)

  const readAhead = () => {
    for (let i = waiting.length - 1; i >= 0 && i > waiting.length - 4 * options.lookahead; i--) {
      if (reading.size >= options.lookahead) return
      const { key } = waiting[i]!
      const cid = cidOf(key)
      if (visited.get(key) || reading.has(key) || isInline(cid)) continue
      const bytes = read(cid, signal)
      bytes.catch(() => undefined) // told when the walk gets there
      reading.set(key, bytes)
    }
  }

  try {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { key, depth } = next
      if (visited.get(key)) continue
      visited.set(key, true)
      options.signal.throwIfAborted()

      const cid = cidOf(key)
      requireReadable(cid)
      if (depth > limits.maxDepth)
        throw new DagTooLarge(`${root}: depth of at most ${limits.maxDepth}, ${cid} is at ${depth}`)

      const reply = isInline(cid) ? cid.multihash.digest : (reading.get(key) ?? read(cid, signal))
      reading.delete(key)
      readAhead()
      const bytes = await reply

      if (!isInline(cid)) {
        blocks++
        carBytes += carSectionSize(cid, bytes.byteLength)
        if (carBytes > limits.maxBytes) {
          throw new DagTooLarge(
            `${root}: a CAR of at most ${limits.maxBytes} bytes, got ${carBytes} after ${blocks} blocks`,
          )
        }
      }
      const links = new Set(linksOf(cid, bytes).map((link) => keyOf(link)))
      for (const link of links) {
        if (visited.has(link)) continue
        visited.set(link, false)
        if (isInline(cidOf(link))) inline++
      }
      if (visited.size > limits.maxBlocks) {
        throw new DagTooLarge(`${root}: at most ${limits.maxBlocks} blocks, got at least ${visited.size}`)
      }
      for (const link of [...links].reverse()) if (!visited.get(link)) waiting.push({ key: link, depth: depth + 1 })
      if (waiting.length > MAX_WAITING_LINKS) {
        throw new DagTooLarge(`${root}: at most ${MAX_WAITING_LINKS} links ahead of the walk, got ${waiting.length}`)
      }

      if (!isInline(cid)) yield { cid, bytes, blocks, known: visited.size - inline, carBytes }
    }
  } finally {
    ahead.abort()
  }
}

interface Waiting {
  key: string
  depth: number
}

// One byte per character: a quarter of what a CID object takes.
function keyOf(cid: CID): string {
  return Buffer.from(cid.bytes).toString('latin1')
}

function cidOf(key: string): CID {
  return CID.decode(Buffer.from(key, 'latin1'))
}
