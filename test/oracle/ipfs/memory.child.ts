import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { parseFetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { createIpfs } from '../../../oracle/ipfs/node.ts'
import { AMPLE, log } from './fixtures.ts'

/** Does one job in a process of its own, so that the process's peak memory is the job's: `import FILE`, `fetch CID LINK` or `url CID URL`. */
const [dir, verb, ...args] = process.argv.slice(2) as [string, string, ...string[]]

const ipfs = await createIpfs({
  dataDir: join(dir, verb),
  listen: verb === 'import' ? ['/ip4/127.0.0.1/tcp/0'] : [],
  routing: 'off',
  allowPrivate: true,
  log,
})

const answer = (facts: Record<string, string | number>) => {
  process.send!({ ...facts, peakMiB: Math.round(peakKiB() / 1024) })
}

/** The most memory that this program held. Linux hands the peak of the process that forked it on to getrusage's, over exec: VmHWM begins
 * anew. */
function peakKiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1])
}

if (verb === 'import') {
  const { root } = await ipfs.addPath(args[0])
  answer({ root: String(root), link: ipfs.multiaddrs().join(',') })
  process.once('message', () => {
    answer({})
    void ipfs.stop().then(() => process.disconnect())
  })
} else if (verb === 'url') {
  const sizeBytes = await ipfs.fetchUrl(CID.parse(args[0]), new URL(args[1]), { ...AMPLE, timeoutMs: 120_000 })
  answer({ sizeBytes: String(sizeBytes) })
  await ipfs.stop()
  process.disconnect()
} else {
  const root = CID.parse(args[0])
  await ipfs.fetchDag(root, parseFetchLink(Buffer.from(args[1])), { ...AMPLE, timeoutMs: 120_000 })
  const carBytes = await ipfs.exportCar(root, join(dir, `${verb}.car`))
  answer({ carBytes: String(carBytes) })
  await ipfs.stop()
  process.disconnect()
}
