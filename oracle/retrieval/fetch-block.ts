import type { CID } from 'multiformats/cid'
import { RetryableError } from '../errors.ts'
import { blockMatches } from '../proofs/block-hash.ts'

/** A gateway did not serve a block, or served other bytes. */
export class BlockNotServed extends RetryableError {}

/** Longer than any block (4 MiB) that can be exchanged. */
const MAX_BYTES = 8 * 1024 * 1024
const TIMEOUT_MS = 30_000

/** Where an Edge node's gateway has a block; `format=raw` is heeded by trustless gateways, others serve a raw leaf's bytes anyway. */
export const blockUrl = (gateway: string, cid: CID): string => `${gateway}/gw/${cid.toString()}?format=raw`

/** Gets a block from a gateway and checks it. @throws {BlockNotServed} */
export async function fetchBlock(url: string, cid: CID, fetch = globalThis.fetch): Promise<void> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const headers = { accept: 'application/vnd.ipld.raw' }
    const response = await fetch(url, { headers, redirect: 'error', signal })
    const bytes = await readLimited(response)
    if (!response.ok) throw new BlockNotServed(`HTTP ${response.status}`)
    if (!blockMatches(cid, bytes)) throw new BlockNotServed(`${bytes.length} bytes that hash to another CID`)
  } catch (cause) {
    if (cause instanceof BlockNotServed) throw cause
    throw new BlockNotServed(reasonOf(cause), { cause })
  }
}

async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > MAX_BYTES) throw new BlockNotServed(`more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS} ms`
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message
}
