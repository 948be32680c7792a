import type { CID } from 'multiformats/cid'
import { join } from 'node:path'
import pino from 'pino'
import { UNLIMITED } from '../../oracle/ipfs/limits.ts'
import { createIpfs, type Ipfs } from '../../oracle/ipfs/node.ts'

/** All blocks are here already: measuring only reads them. */
const MEASURE_WITHIN_MS = 3_600_000

/** A Helia node of our own that offers PATH's blocks until the request is packed. */
export interface Served {
  root: CID
  /** Sum of the files' sizes. */
  bytes: bigint
  /** Size of its canonical CAR, bytes: what a request pays for. */
  carBytes: bigint
  /** The node's addresses, as a request's fetch link. */
  fetchLink: string
  stop(): Promise<void>
}

export async function servePath(
  path: string,
  dir: string,
  onProgress: (bytes: bigint) => void,
  listen = ['/ip4/127.0.0.1/tcp/0'],
): Promise<Served> {
  const ipfs: Ipfs = await createIpfs({
    dataDir: join(dir, 'serve'),
    listen,
    routing: 'off',
    allowPrivate: true,
    log: pino({ level: 'silent' }),
  })
  try {
    const { root, bytes } = await ipfs.addPath(path, ({ bytes }) => onProgress(bytes))
    const { carBytes } = await ipfs.fetchDag(root, { kind: 'none' }, { ...UNLIMITED, timeoutMs: MEASURE_WITHIN_MS })
    return { root, bytes, carBytes, fetchLink: ipfs.multiaddrs().join(','), stop: () => ipfs.stop() }
  } catch (error) {
    await ipfs.stop()
    throw error
  }
}
