import { fork, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { lockDataDir } from '../../oracle/db/lock.ts'
import { EDGE_PROVIDER, PINNING, REGISTRY } from '../helpers/executor.ts'

const MAIN = fileURLToPath(new URL('../../oracle/main.ts', import.meta.url))
const KEY = '0x' + '11'.repeat(32)

describe('the executor’s process', function () {
  this.timeout(30_000)
  let dir: string
  let env: Record<string, string>
  let node: Server
  let asked: Promise<void>

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'mooring-main-'))
    const first = Promise.withResolvers<void>()
    asked = first.promise
    // A node that is not ready: the executor waits for it.
    node = createServer((_request, response) => {
      first.resolve()
      response.writeHead(503).end()
    })
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
    env = {
      PATH: process.env.PATH ?? '',
      MOORING_RPC_URL: `http://127.0.0.1:${(node.address() as AddressInfo).port}`,
      MOORING_CHAIN_ID: '31415926',
      MOORING_REGISTRY: REGISTRY,
      MOORING_PINNING: PINNING,
      MOORING_EDGE_PROVIDER: EDGE_PROVIDER,
      MOORING_PROVIDER_ID: '1',
      MOORING_REPORTER_KEY: KEY,
      MOORING_EDGE_URLS: 'http://127.0.0.1:1',
      MOORING_EDGE_KEYS: 'secret-edge-key',
      MOORING_MINERS: 't01000',
      MOORING_DATA: join(dir, 'data'),
    }
  })
  afterEach(async () => {
    node.closeAllConnections()
    await new Promise((resolve) => node.close(resolve))
    rmSync(dir, { recursive: true, force: true })
  })

  async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string; ms: number }> {
    const from = performance.now()
    let out = ''
    let err = ''
    child.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()))
    // After a disconnect Node tells of the exit only, not of the close.
    const event = child.channel ? 'exit' : 'close'
    const code = await new Promise<number | null>((resolve) => child.on(event, resolve))
    return { code, out, err, ms: performance.now() - from }
  }

  it('ends with 1 and every fault of its configuration, without a stack and without secrets', async () => {
    const bad = { ...env, MOORING_CHAIN_ID: 'x', MOORING_MINERS: 'nobody', MOORING_REPORTER_KEY: `${KEY}99` }

    const { code, out, err } = await ended(spawn(process.execPath, [MAIN], { env: bad }))

    expect([code, out]).to.deep.equal([1, ''])
    expect(err.match(/^ {2}MOORING_\w+/gm)).to.deep.equal([
      ...['  MOORING_CHAIN_ID', '  MOORING_REPORTER_KEY', '  MOORING_MINERS'],
    ])
    expect(err).not.to.match(/1111|\bat .+:\d+/)
    expect(existsSync(join(dir, 'data'))).to.equal(false)
  })

  it('ends with 1 and words when another executor works in its data folder', async () => {
    const lock = lockDataDir(join(dir, 'data'))

    const { code, err } = await ended(spawn(process.execPath, [MAIN], { env }))

    expect(code).to.equal(1)
    expect(err).to.match(/^DataInUse: another executor works in .+\n.*MOORING_DATA/)
    lock.release()
    lockDataDir(join(dir, 'data')).release()
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with 0 within 3 s of ${signal}, even while it waits for its chain`, async () => {
      const child = spawn(process.execPath, [MAIN], { env })
      const end = ended(child)
      await asked
      const from = performance.now()
      child.kill(signal)

      const { code, out } = await end

      expect(code).to.equal(0)
      expect(performance.now() - from).to.be.below(3_000)
      expect(out).to.include('cannot be reached').and.not.include('secret-edge-key').and.not.include('1111')
    })
  }

  it('ends when the process that started it is gone', async () => {
    const child = fork(MAIN, [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    const end = ended(child)
    await asked
    child.disconnect()

    expect(await end).to.include({ code: 0 })
  })
})
