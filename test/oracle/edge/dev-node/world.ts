import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as raw from 'multiformats/codecs/raw'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { pino } from 'pino'
import { createEdgeClient } from '../../../../oracle/edge/client.ts'
import type { EdgeClient, EdgeStatus } from '../../../../oracle/edge/client.ts'
import type { DealMaker, DealOrder } from '../../../../oracle/edge/dev-node/deal-maker.ts'
import type { DevNodeConfig } from '../../../../oracle/edge/dev-node/config.ts'
import { startDevNode } from '../../../../oracle/edge/dev-node/node.ts'
import { writeCar } from '../../../../oracle/proofs/car.ts'

export const API_KEY = 'EST0123ARY'
export const SILENT = pino({ level: 'silent' })

/** A temporary folder that is gone after the test. */
export async function temporaryDir(cleanups: (() => Promise<unknown>)[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'edge-node-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

export function configOf(dataDir: string, overrides: Partial<DevNodeConfig> = {}): DevNodeConfig {
  return {
    port: 0,
    dataDir,
    apiKeys: [API_KEY],
    rpcUrl: 'http://127.0.0.1:1',
    spKey: `0x${'11'.repeat(32)}`,
    miners: [1000n, 1001n, 1002n],
    bucketBytes: 2 ** 40,
    bucketAgeMs: 50,
    stepMs: 10,
    startEpochs: 240,
    ...overrides,
  }
}

/** A deal maker that remembers what it was asked and can be told to fail. */
export function createFakeDeals() {
  const published: DealOrder[] = []
  const activated: bigint[] = []
  const failures: Record<'publish' | 'activate', Error[]> = { publish: [], activate: [] }
  /** Each call waits for its gate. */
  const gates: Record<'publish' | 'activate', Promise<void>> = {
    publish: Promise.resolve(),
    activate: Promise.resolve(),
  }
  const deals: DealMaker = {
    async publish(order) {
      await gates.publish
      const failure = failures.publish.shift()
      if (failure) throw failure
      const at = published.findIndex(({ key }) => key === order.key)
      return BigInt(at === -1 ? published.push(order) : at + 1)
    },
    async activate(_key, dealId) {
      await gates.activate
      const failure = failures.activate.shift()
      if (failure) throw failure
      activated.push(dealId)
    },
  }
  return { deals, published, activated, failures, gates }
}

/** A node in this process, stopped after the test, and a client of it. */
export async function startNode(cleanups: (() => Promise<unknown>)[], config: DevNodeConfig, deals: DealMaker) {
  const node = await startDevNode(config, SILENT, { deals })
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= node.stop())
  cleanups.unshift(stop)
  return { url: node.url, client: clientOf(node.url), stop }
}

export function clientOf(baseUrl: string): EdgeClient {
  return createEdgeClient({ baseUrl, apiKey: API_KEY, log: SILENT })
}

/** A CAR of one raw block made from `seed`. */
export async function makeCar(dir: string, seed: string, bytes = 1000): Promise<{ file: string; root: CID }> {
  const block = Buffer.alloc(bytes, seed)
  const root = CID.createV1(raw.code, await sha256.digest(block))
  const file = join(dir, `${seed}.car`)
  await writeCar(root, [{ cid: root, bytes: block }], file)
  return { file, root }
}

/** Asks until `wanted` holds; the statuses seen on the way, each once. */
export async function follow(
  client: EdgeClient,
  contentId: string,
  wanted: (status: EdgeStatus) => boolean = ({ state }) => state === 'active',
): Promise<{ status: EdgeStatus; seen: string[] }> {
  const seen: string[] = []
  for (;;) {
    const status = await client.status(contentId)
    if (seen.at(-1) !== status.stateText) seen.push(status.stateText)
    if (wanted(status)) return { status, seen }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
