import type { CID } from 'multiformats/cid'
import { join } from 'node:path'
import pino from 'pino'
import { createIpfs, type Ipfs } from '../../oracle/ipfs/node.ts'

/** A Helia node of our own that offers PATH's blocks until the request is packed. */
export interface Served {
  root: CID
  bytes: bigint
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
    return { root, bytes, fetchLink: ipfs.multiaddrs().join(','), stop: () => ipfs.stop() }
  } catch (error) {
    await ipfs.stop()
    throw error
  }
}
