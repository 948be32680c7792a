import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { submitRequest } from '../lib/submit.ts'
import { followRequest } from '../local/follow.ts'
import { servePath } from '../local/keep.ts'
import { createProgress } from '../local/progress.ts'
import { startWorld } from '../local/world.ts'

const MIB = 2 ** 20

/** A directory of 1 MiB, from the request to Stored. */
export function mainJob(): Promise<void> {
  return measure('a 1 MiB directory of 16 files', (dir) => {
    const path = join(dir, 'directory')
    mkdirSync(path)
    for (let i = 0; i < 16; i++) writeFileSync(join(path, `${i}.bin`), randomBytes(MIB / 16))
    return path
  })
}

/** One file of 256 MiB: what streams, streams; the processes stay small. */
export function largeFile(): Promise<void> {
  return measure('a 256 MiB file', (dir) => {
    const path = join(dir, 'large.bin')
    const file = openSync(path, 'w')
    for (let i = 0; i < 256; i++) writeSync(file, randomBytes(MIB))
    closeSync(file)
    return path
  })
}

async function measure(what: string, make: (dir: string) => string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'mooring-bench-'))
  process.env.MOORING_DATA = join(dir, 'data')
  const progress = createProgress()
  const world = await startWorld({ progress, onExecutorEvent: () => {} })
  const served = await servePath(make(dir), world.dir, () => {})
  try {
    const started = performance.now()
    const { id } = await submitRequest(world.connection, world.deployment, served.root, served.fetchLink, {
      replicas: 1,
      minTermEpochs: 518_400n,
      deadlineEpochs: 7_200n,
      maxBytes: served.carBytes,
      rewardPerReplica: parseEther('0.05'),
    })
    const { state } = await followRequest(world, id, AbortSignal.timeout(600_000))
    console.log(`  ${what}: ${state} ${((performance.now() - started) / 1000).toFixed(1)} s after the request`)
    const executors = world.operators.map(({ executor }) => peak(executor.pid)).join(', ')
    console.log(`  peak memory: executors ${executors}; Edge node ${peak(world.edge.pid)}`)
  } finally {
    await served.stop()
    await world.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The kernel's own count of the most memory a process ever held (VmHWM). */
function peak(pid: number): string {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return 'not told by this system'
  const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1]
  return kib === undefined ? 'not told' : `${Math.round(Number(kib) / 1024)} MiB`
}
