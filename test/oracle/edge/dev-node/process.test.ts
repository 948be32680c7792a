import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { pieceToCid } from '../../../../oracle/proofs/piece-cid.ts'
import { verifyInclusion } from '../../../../oracle/proofs/inclusion.ts'
import { SP_KEY, startLocalChain } from './local-chain.ts'
import type { LocalChain } from './local-chain.ts'
import { API_KEY, clientOf, follow, makeCar, temporaryDir } from './world.ts'

const MAIN = fileURLToPath(new URL('../../../../oracle/edge/dev-node/main.ts', import.meta.url))

describe('Edge-compatible node as a process, with the market of a real chain process', function () {
  this.timeout(120_000)
  const cleanups: (() => Promise<unknown>)[] = []
  let chain: LocalChain
  let dir: string

  beforeEach(async () => {
    dir = await temporaryDir(cleanups)
    chain = await startLocalChain(cleanups, 0.1)
  })
  afterEach(async () => {
    for (const clean of cleanups.splice(0)) await clean()
  })

  async function start(env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
      env: {
        EDGE_PORT: '0',
        EDGE_DATA: join(dir, 'node'),
        EDGE_API_KEYS: API_KEY,
        EDGE_RPC_URL: chain.url,
        EDGE_SP_KEY: SP_KEY,
        EDGE_MINERS: 't01000,t01001,t01002',
        EDGE_BUCKET_AGE_MS: '300',
        EDGE_STEP_MS: '30',
        ...env,
      },
    })
    cleanups.unshift(() => end(child, 'SIGKILL'))
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
    const { event, url } = JSON.parse(line) as { event: string; url: string }
    expect(event).to.equal('listening')
    return { child, client: clientOf(url) }
  }

  it('takes two CARs to one active deal, their proofs leading to what the market actor holds', async () => {
    const { client } = await start()
    const one = await makeCar(dir, 'one', 60_000)
    const two = await makeCar(dir, 'two', 9_000)
    const [first] = await client.addCar(one.file, 'one.car', { miners: ['t01002'] })
    const [second] = await client.addCar(two.file, 'two.car', { miners: ['t01002'] })

    const [a, b] = await Promise.all([first, second].map(async (c) => (await follow(client, c.contentId)).status))

    expect(a.deal).to.deep.equal(b.deal)
    expect(a.aggregate).to.deep.equal(b.aggregate)
    for (const status of [a, b]) {
      expect(verifyInclusion(status.piece!, status.inclusion!)).to.deep.equal(a.aggregate)
    }
    const { dealId } = a.deal!
    const digest = Buffer.from(a.aggregate!.digest).toString('hex')
    expect(await chain.dataCommitment(dealId), pieceToCid(a.aggregate!.digest)).to.contain(`0181e203922020${digest}`)
    expect(await chain.dealIds('DealActivated')).to.deep.equal([dealId])
  })

  it('makes exactly one deal for each replica, killed ten times on the way', async () => {
    let { child, client } = await start()
    const { file } = await makeCar(dir, 'killed', 300_000)
    const contents = await client.addCar(file, 'a.car', { miners: ['t01000', 't01001'] })

    for (let round = 0; round < 10; round++) {
      const { stateText } = await client.status(contents[round % 2].contentId)
      // Killed at another moment each time: some statuses later, or in the middle of one.
      await follow(client, contents[round % 2].contentId, (s) => s.stateText !== stateText || s.state === 'active')
      await new Promise((resolve) => setTimeout(resolve, round * 13))
      await end(child, 'SIGKILL')
      ;({ child, client } = await start())
    }

    const followed = await Promise.all(contents.map(({ contentId }) => follow(client, contentId)))
    const ids = followed.map(({ status }) => status.deal!.dealId)
    expect(new Set(ids).size).to.equal(2)
    expect(await chain.dealIds('DealPublished')).to.have.members(ids)
    expect(await chain.dealIds('DealActivated')).to.have.members(ids)
    expect(followed.map(({ status }) => status.miner)).to.deep.equal(['t01000', 't01001'])
  })

  it('ends within two seconds of SIGTERM, and when its parent goes', async () => {
    for (const stop of [(child: ChildProcess) => child.kill('SIGTERM'), (child: ChildProcess) => child.disconnect()]) {
      const { child, client } = await start()
      const { file } = await makeCar(dir, 'stop')
      await client.addCar(file, 'a.car', { miners: ['t01000'] })
      const exited = once(child, 'exit')
      const since = Date.now()
      stop(child)
      expect(await exited).to.deep.equal([0, null])
      expect(Date.now() - since).to.be.lessThan(2_000)
    }
  })

  it('says what is wrong with its environment, all of it, and no secret', async () => {
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { EDGE_SP_KEY: '0x1234', EDGE_MINERS: 'f3abc', EDGE_PORT: '99999', EDGE_RPC_URL: 'ipc', EDGE_API_KEYS: '' },
    })
    let words = ''
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()))
    const [code] = (await once(child, 'close')) as [number]
    expect(code).to.equal(2)
    for (const name of ['SP_KEY', 'MINERS', 'PORT', 'RPC_URL', 'API_KEYS', 'DATA'])
      expect(words).to.contain(`EDGE_${name}`)
    expect(words).not.to.contain('0x1234')
  })
})

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}
