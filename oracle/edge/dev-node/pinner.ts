import type { CID } from 'multiformats/cid'
import type { Logger } from 'pino'
import { parseFetchLink } from '../../ipfs/fetch-link.ts'
import { UNLIMITED } from '../../ipfs/limits.ts'
import type { Ipfs } from '../../ipfs/node.ts'

const FETCH_TIMEOUT_MS = 10 * 60_000

/** Makes CARs of what did not come as one. */
export interface Pinner {
  /** Fetches everything under `root` from the peer at `multiaddr` and writes its canonical CAR. */
  fetchCar(root: CID, multiaddr: string, carFile: string, signal: AbortSignal): Promise<void>
  /** Writes the canonical CAR of a plain file's UnixFS DAG. */
  importFile(file: string, carFile: string): Promise<void>
  stop(): Promise<void>
}

/** A pinner whose IPFS node is started when it is first needed: CAR uploads, the usual case, go without its memory. */
export function createPinner(dataDir: string, log: Logger): Pinner {
  let starting: Promise<Ipfs> | undefined

  async function start(): Promise<Ipfs> {
    const { createIpfs } = await import('../../ipfs/node.ts')
    return createIpfs({ dataDir, listen: [], routing: 'off', allowPrivate: true, log })
  }
  const ipfs = () => (starting ??= start())

  return {
    async fetchCar(root, multiaddr, carFile, signal) {
      const link = parseFetchLink(Buffer.from(multiaddr))
      const node = await ipfs()
      await node.fetchDag(root, link, { ...UNLIMITED, timeoutMs: FETCH_TIMEOUT_MS }, undefined, signal)
      await node.exportCar(root, carFile, signal)
      await node.unpin(root)
    },
    async importFile(file, carFile) {
      const node = await ipfs()
      const { root } = await node.addPath(file)
      await node.exportCar(root, carFile)
      await node.unpin(root)
    },
    async stop() {
      await (await starting)?.stop()
    },
  }
}
