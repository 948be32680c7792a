import { setTimeout as sleep } from 'node:timers/promises'
import { multiaddr } from '@multiformats/multiaddr'
import type { SessionBlockstore } from 'helia'
import type { CID } from 'multiformats/cid'
import type { Logger } from 'pino'
import { collect } from '../collect.ts'
import { CidUnreachable } from '../errors.ts'
import type { PeerNode } from '../peer-node.ts'
import type { Source } from './source.ts'

/** After this long without the block its session is given up and the peers are asked anew, ms. */
const PATIENCE_MS = 20_000
const LONGEST_PAUSE_MS = 5_000

/**
 * Blocks over bitswap: from the peers at `addrs`, those that are connected, and those that routing finds. Keeps asking until
 * the signal ends it: a peer may be still importing what it is asked for.
 */
export function createBitswapSource(helia: PeerNode, root: CID, addrs: string[], log: Logger): Source {
  let session: SessionBlockstore | undefined

  const openSession = () => {
    const connected = helia.libp2p.getPeers().map((peer) => peer.toCID())
    return helia.blockstore.createSession(root, { providers: [...connected, ...addrs.map((addr) => multiaddr(addr))] })
  }

  return {
    async fetch(cid, signal) {
      for (let pauseMs = 250; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
        signal.throwIfAborted()
        const asked = (session ??= openSession())
        try {
          return await collect(asked.get(cid, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) }))
        } catch (cause) {
          // A session forgets for good the peers that failed it once: the next attempt has a new one.
          if (session === asked) session = undefined
          asked.close()
          log.debug({ cid: String(cid), err: cause }, 'block not found, asking again')
          if (signal.aborted) throw new CidUnreachable(`${cid}: no peer gave it`, { cause })
          await sleep(pauseMs, undefined, { signal })
        }
      }
    },
    [Symbol.asyncDispose]() {
      session?.close()
      return Promise.resolve()
    },
  }
}
