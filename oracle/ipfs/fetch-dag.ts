import { multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import type { Logger } from 'pino'
import { MooringError, PermanentError } from '../errors.ts'
import { requireHash } from './block.ts'
import { CidUnreachable } from './errors.ts'
import type { FetchLink } from './fetch-link.ts'
import type { FetchLimits } from './limits.ts'
import type { PeerNode } from './peer-node.ts'
import type { AddressGuard } from './private-address.ts'
import { createBitswapSource } from './source/bitswap-source.ts'
import { createCarSource } from './source/car-source.ts'
import { createGatewaySource } from './source/gateway-source.ts'
import type { HttpClient } from './source/http-get.ts'
import type { Source } from './source/source.ts'
import type { Store } from './store.ts'
import { walkDag } from './walk.ts'

export interface DagStats {
  blocks: number
  /** Sum of the blocks' sizes, bytes. */
  bytes: bigint
  /** Size of the canonical CAR, bytes. */
  carBytes: bigint
}

/** `blocks` of `known` blocks are here; `bytes` is the sum of their sizes. */
export interface FetchProgress {
  blocks: number
  known: number
  bytes: bigint
}

export interface FetchContext {
  store: Store
  helia: PeerNode
  http: HttpClient
  guard: AddressGuard
  log: Logger
}

export interface FetchRequest {
  root: CID
  link: FetchLink
  limits: FetchLimits
  onProgress: (progress: FetchProgress) => void
  signal: AbortSignal
}

/** Blocks asked for at once: with blocks of 1 MiB the most of the memory that a fetch takes. */
const LOOKAHEAD = 8

/** Brings every block of a DAG to this disk, checked, within the limits, and pins it. What is here is not fetched again. */
export async function fetchDag(context: FetchContext, request: FetchRequest): Promise<DagStats> {
  const { root, limits } = request
  const deadline = AbortSignal.timeout(limits.timeoutMs)
  const signal = AbortSignal.any([request.signal, deadline])
  let progress: FetchProgress = { blocks: 0, known: 1, bytes: 0n }
  try {
    const onProgress = (next: FetchProgress) => request.onProgress((progress = next))
    return await gather(context, { ...request, signal, onProgress })
  } catch (error) {
    request.signal.throwIfAborted()
    if (!deadline.aborted || error instanceof PermanentError) throw error
    const { blocks, known } = progress
    throw new CidUnreachable(`${root}: ${blocks} of ${known} known blocks came within ${limits.timeoutMs} ms`, {
      cause: error,
    })
  }
}

async function gather(context: FetchContext, request: FetchRequest): Promise<DagStats> {
  const { store } = context
  const { root, limits, onProgress, signal } = request
  await using sources = new AsyncDisposableStack()
  let source: Promise<Source> | undefined
  const openOnce = () => (source ??= openSource(context, request).then((opened) => sources.use(opened)))

  const read = async (cid: CID, signal: AbortSignal) => {
    const here = await store.read(cid)
    if (here !== undefined) return here
    const bytes = await (await openOnce()).fetch(cid, signal)
    requireHash(cid, bytes)
    return bytes
  }

  const stats: DagStats = { blocks: 0, bytes: 0n, carBytes: 0n }
  await store.pin(async (draft) => {
    stats.bytes = 0n
    for await (const step of walkDag(root, read, { limits, lookahead: LOOKAHEAD, signal })) {
      await draft.add(step.cid)
      await store.keep(step.cid, step.bytes)
      stats.blocks = step.blocks
      stats.bytes += BigInt(step.bytes.byteLength)
      stats.carBytes = step.carBytes
      onProgress({ blocks: step.blocks, known: step.known, bytes: stats.bytes })
    }
    return root
  }, root)
  return stats
}

async function openSource(context: FetchContext, { root, link, limits }: FetchRequest): Promise<Source> {
  const { helia, http, store, log } = context
  const { scratchDir } = store
  switch (link.kind) {
    case 'none':
      return createBitswapSource(helia, root, [], log)
    case 'multiaddrs':
      return createBitswapSource(helia, root, await dialable(context, link.addrs), log)
    case 'http':
      if (link.car) return createCarSource({ http, url: link.url, scratchDir, limits })
      return createGatewaySource({ http, base: link.url, root, scratchDir, limits })
  }
}

/** Those that may be dialled: peers list private addresses next to public ones, so one public address is enough. */
async function dialable({ guard, log }: FetchContext, addrs: string[]): Promise<string[]> {
  const refusals: unknown[] = []
  const permitted: string[] = []
  for (const addr of addrs) {
    try {
      for (const { name, value = '' } of multiaddr(addr).getComponents()) {
        if (['ip4', 'ip6', 'dns', 'dns4', 'dns6'].includes(name)) await guard.requirePublic(value)
      }
      permitted.push(addr)
    } catch (error) {
      log.debug({ addr, err: error }, 'address of the fetch link left out')
      refusals.push(error)
    }
  }
  if (permitted.length > 0) return permitted
  const worst = refusals.find((error) => !(error instanceof PermanentError)) ?? refusals[0]
  if (worst instanceof MooringError) throw worst
  throw new CidUnreachable(`no address of the fetch link can be dialled: ${addrs.join(', ')}`, { cause: worst })
}
