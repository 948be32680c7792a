import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { CID } from 'multiformats/cid'
import type { Logger } from 'pino'
import { addPath } from './add-path.ts'
import type { AddedPath, AddProgress } from './add-path.ts'
import { exportCar } from './export-car.ts'
import { fetchDag } from './fetch-dag.ts'
import type { DagStats, FetchContext, FetchProgress } from './fetch-dag.ts'
import type { FetchLink } from './fetch-link.ts'
import { fetchUrl } from './fetch-url.ts'
import type { FetchLimits, UrlLimits } from './limits.ts'
import { Mutex } from './mutex.ts'
import { loadPeerKey } from './peer-key.ts'
import { startPeerNode } from './peer-node.ts'
import { createAddressGuard } from './private-address.ts'
import { sampleBlock, type SampledBlock } from './sample-block.ts'
import { createHttpClient } from './source/http-get.ts'
import { openStore } from './store.ts'

export interface IpfsOptions {
  /** Blocks, pins and the peer's key; one process at a time. */
  dataDir: string
  /** Multiaddrs to listen on, e.g. `/ip4/127.0.0.1/tcp/0`; empty to fetch alone. */
  listen: string[]
  /** `off`: speaks with the peers it is told of. `public`: also finds peers through the DHT and delegated routing. */
  routing: 'off' | 'public'
  /** Lets fetch links lead to private addresses: for a local chain alone. */
  allowPrivate: boolean
  log: Logger
}

/** Keeps DAGs on this machine and exchanges their blocks. */
export interface Ipfs {
  /** Where other peers reach this node, each ending in /p2p/…. */
  multiaddrs(): string[]
  /**
   * Brings every block under the root to this disk and pins it. May be called again after any failure: it goes on.
   * @throws {CidUnreachable} not all blocks came within `limits.timeoutMs`
   * @throws {DagTooLarge | BadBlock | PrivateAddress} never will
   */
  fetchDag(
    root: CID,
    link: FetchLink,
    limits: FetchLimits,
    onProgress?: (progress: FetchProgress) => void,
    signal?: AbortSignal,
  ): Promise<DagStats>
  /**
   * Gets the file behind a URL, whose bytes must be the CID (raw, or a UnixFS file), and pins it; gives its size, bytes.
   * @throws {CidUnreachable} the URL did not serve all of it within `limits.timeoutMs`
   * @throws {DagTooLarge | ContentDiffers | BadBlock | PrivateAddress} never will
   */
  fetchUrl(cid: CID, url: URL, limits: UrlLimits, signal?: AbortSignal): Promise<bigint>
  /** A block of a pinned DAG, chosen by chance. @throws {BlockMissing} */
  sampleBlock(root: CID): Promise<SampledBlock>
  /** Writes a pinned DAG's canonical CAR; gives its size, bytes. The file appears whole or not at all. */
  exportCar(root: CID, file: string, signal?: AbortSignal): Promise<bigint>
  /**
   * Lets go of a DAG, whole or half fetched: its blocks leave the disk unless another DAG has them. Pins are not counted: a DAG
   * that was fetched twice is let go of once. Nothing happens when `stillWanted` says so: it is asked when no other pin can come
   * between its answer and the removal.
   */
  unpin(root: CID, stillWanted?: () => Promise<boolean>): Promise<void>
  /** Imports a file or directory of this machine as UnixFS, pins it and serves it. */
  addPath(path: string, onProgress?: (progress: AddProgress) => void, signal?: AbortSignal): Promise<AddedPath>
  /** Ends the work in hand and closes all sockets. Safe to call twice. */
  stop(): Promise<void>
}

/** Starts a node. */
export async function createIpfs({ dataDir, listen, routing, allowPrivate, log }: IpfsOptions): Promise<Ipfs> {
  await mkdir(dataDir, { recursive: true })
  const store = await openStore(dataDir)
  const guard = createAddressGuard({ allowPrivate })
  const privateKey = await loadPeerKey(dataDir)
  const helia = await startPeerNode({ blocksDir: store.blocks.path, privateKey, listen, routing, guard })
  return new IpfsNode({ store, helia, guard, http: createHttpClient(guard), log })
}

class IpfsNode implements Ipfs {
  readonly #context: FetchContext
  readonly #stopping = new AbortController()
  readonly #inHand = new Set<Promise<unknown>>()
  readonly #exports = new Mutex()
  #stopped: Promise<void> | undefined

  constructor(context: FetchContext) {
    this.#context = context
  }

  multiaddrs(): string[] {
    return this.#context.helia.libp2p.getMultiaddrs().map((address) => address.toString())
  }

  fetchDag(
    root: CID,
    link: FetchLink,
    limits: FetchLimits,
    onProgress: (progress: FetchProgress) => void = () => {},
    signal?: AbortSignal,
  ): Promise<DagStats> {
    return this.#run(signal, (signal) => fetchDag(this.#context, { root, link, limits, onProgress, signal }))
  }

  fetchUrl(cid: CID, url: URL, limits: UrlLimits, signal?: AbortSignal): Promise<bigint> {
    return this.#run(signal, (signal) => fetchUrl(this.#context, { cid, url, limits, signal }))
  }

  sampleBlock(root: CID): Promise<SampledBlock> {
    return this.#run(undefined, () => sampleBlock(this.#context.store, root, Math.random))
  }

  exportCar(root: CID, file: string, signal?: AbortSignal): Promise<bigint> {
    // One after the other: two of the same file would write to the same temporary name.
    return this.#run(signal, (signal) =>
      this.#exports.run(() => exportCar(this.#context.store, root, resolve(file), signal)),
    )
  }

  unpin(root: CID, stillWanted?: () => Promise<boolean>): Promise<void> {
    return this.#run(undefined, () => this.#context.store.unpin(root, stillWanted))
  }

  addPath(
    path: string,
    onProgress: (progress: AddProgress) => void = () => {},
    signal?: AbortSignal,
  ): Promise<AddedPath> {
    return this.#run(signal, (signal) => addPath(this.#context.store, resolve(path), onProgress, signal))
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #run<T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stopping = this.#stopping.signal
    const both = signal === undefined ? stopping : AbortSignal.any([stopping, signal])
    both.throwIfAborted()
    const running = work(both)
    this.#inHand.add(running)
    try {
      return await running
    } finally {
      this.#inHand.delete(running)
    }
  }

  async #stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.allSettled(this.#inHand)
    await this.#context.http[Symbol.asyncDispose]()
    await this.#context.helia.stop()
  }
}
