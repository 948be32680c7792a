import { join } from 'node:path'
import { toUtf8Bytes } from 'ethers'
import pino from 'pino'
import { parseFetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { UNLIMITED } from '../../../oracle/ipfs/limits.ts'
import { createIpfs } from '../../../oracle/ipfs/node.ts'
import type { Stage } from './stage.ts'

const LOOK_WITHIN_MS = 30_000

/** A member fetches what is proposed from where the proposal says it is: every block must hash to its CID. */
export async function lookAt({ ground, progress, served, signal }: Stage, seed: string): Promise<void> {
  const ipfs = await createIpfs({
    dataDir: join(ground.dir, 'serve', 'look'),
    listen: [],
    routing: 'off',
    allowPrivate: true,
    log: pino({ level: 'silent' }),
  })
  try {
    const limits = { ...UNLIMITED, timeoutMs: LOOK_WITHIN_MS }
    const link = parseFetchLink(toUtf8Bytes(seed))
    const { blocks, carBytes } = await ipfs.fetchDag(served.root, link, limits, undefined, signal)
    progress.done(
      'looked',
      `a member fetched all ${blocks} blocks from ${seed.split(',')[0]}: they are what the CID says, ` +
        `a CAR of ${carBytes.toLocaleString('en-US')} B`,
    )
  } finally {
    await ipfs.stop()
  }
}
