import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ZeroAddress } from 'ethers'
import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { createDaoBook } from '../../../oracle/db/dao-book.ts'
import { openDatabase } from '../../../oracle/db/open.ts'
import { LOCAL_KEYS } from '../../../scripts/local/keys.ts'
import { ethers, PROVIDER } from '../../contracts/pinning/world.ts'
import { until } from '../../helpers/chain.ts'
import { badgeDao, PROPOSAL_STATE, proposeCid, succeed, vote, type DaoWorld, type Proposal } from '../../helpers/dao.ts'
import { connect } from '../../helpers/network.ts'
import { serveNetwork, type ServedNetwork } from '../../helpers/served-network.ts'

const { networkHelpers } = await connect()
const { loadFixture, mine, time } = networkHelpers

const MAIN = fileURLToPath(new URL('../../../oracle/main.ts', import.meta.url))
/** Account 7 of the development mnemonic: the first reporter of the pinning tests' world. */
const REPORTER = LOCAL_KEYS.council[0]

describe('the executor’s process, with a DataDAO', function () {
  this.timeout(240_000)
  let served: ServedNetwork
  let w: DaoWorld
  let dir: string
  let env: Record<string, string>
  let child: ChildProcess | undefined
  let lines: Record<string, unknown>[]
  before(async () => void (served = await serveNetwork()))
  after(() => served.stop())
  beforeEach(async () => {
    w = await loadFixture(badgeDao)
    expect(w.reporters[0].address).to.equal(REPORTER.address)
    const edge = await ethers.deployContract('EdgeProvider', [w.registry, PROVIDER])
    dir = mkdtempSync(join(tmpdir(), 'mooring-dao-'))
    env = {
      PATH: process.env.PATH ?? '',
      MOORING_RPC_URL: served.url,
      MOORING_CHAIN_ID: '31415926',
      MOORING_REGISTRY: await w.registry.getAddress(),
      MOORING_PINNING: await w.pinning.getAddress(),
      MOORING_EDGE_PROVIDER: await edge.getAddress(),
      MOORING_PROVIDER_ID: `${PROVIDER}`,
      MOORING_REPORTER_KEY: REPORTER.privateKey,
      MOORING_EDGE_URLS: 'http://127.0.0.1:1',
      MOORING_EDGE_KEYS: 'key',
      MOORING_MINERS: 't01000',
      MOORING_DATA: join(dir, 'data'),
      MOORING_IPFS_LISTEN: 'none',
      MOORING_IPFS_ROUTING: 'off',
      MOORING_CONFIRMATIONS: '1',
      MOORING_POLL_MS: '50',
      MOORING_DAOS: await w.dao.getAddress(),
      MOORING_DAO_KEEPER: '1',
    }
  })
  afterEach(async () => {
    await kill()
    rmSync(dir, { recursive: true, force: true })
  })

  function start(changes: Record<string, string> = {}): void {
    lines = []
    child = fork(MAIN, [], { env: { ...env, ...changes }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    createInterface(child.stdout!).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>))
  }
  const heard = (event: string) => lines.filter((line) => line.event === event)
  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  /** Epochs pass, as they do by themselves elsewhere, until it has happened. */
  const epochsUntil = (happened: () => Promise<boolean> | boolean) =>
    until(async () => {
      await mine()
      return happened()
    }, 60_000)
  const stateIs = async ({ id }: Proposal, state: bigint) => (await w.dao.state(id)) === state

  /** Its rows, while it does not run. */
  async function read() {
    const db = await openDatabase(join(dir, 'data', 'executor.db'))
    try {
      const { proposals, ballots, entries, daos } = createDaoBook(db)
      const address = await w.dao.getAddress()
      const rows = await proposals.of(address)
      return {
        ...{ rows, daos: await daos.all(), entries: await entries.of(address) },
        ballots: await Promise.all(rows.map(({ id }) => ballots.of(id))),
      }
    } finally {
      await db.destroy()
    }
  }

  it('queues and executes what passed, killed in between, and loses nothing', async () => {
    const proposal = await proposeCid(w)
    await succeed(w, proposal)
    start()
    await epochsUntil(() => heard('dao-acting').length > 0)
    await kill()
    start()
    await epochsUntil(() => stateIs(proposal, PROPOSAL_STATE.Queued))
    await time.increase(400n)
    await epochsUntil(() => stateIs(proposal, PROPOSAL_STATE.Executed))
    await epochsUntil(() => heard('cid-added').length > 0)
    await epochsUntil(() => heard('requested').length > 0)
    await kill()

    const { rows, ballots, entries, daos } = await read()
    expect(rows).to.have.lengthOf(1)
    expect(rows[0]).to.deep.include({ standing: 'executed', forVotes: 4n, subject: 'Keep', earmarked: 0n })
    expect(ballots[0]).to.have.lengthOf(4)
    expect(entries[0]).to.deep.include({ proposalId: proposal.id, kind: 'Request' })
    expect(daos[0]).to.deep.include({ name: 'Curators', votingPeriod: 100n, timelockDelaySeconds: 300n })
    const queued = await w.dao.queryFilter(w.dao.filters.ProposalQueued())
    const executed = await w.dao.queryFilter(w.dao.filters.ProposalExecuted())
    expect([queued.length, executed.length]).to.deep.equal([1, 1])
  })

  it('may be told of a DAO later, to leave it, and to follow it again', async () => {
    const proposal = await proposeCid(w)
    /** Until the watcher has passed by what happened so far: another process has to be told of it otherwise. */
    const run = async (daos: string, votes = 0) => {
      const head = BigInt(await time.latestBlock())
      start({ MOORING_DAO_KEEPER: '0', MOORING_DAOS: daos, MOORING_LOG_LEVEL: 'debug' })
      await mine(2)
      await until(() => lines.some(({ msg, to }) => msg === 'blocks processed' && BigInt(to as string) >= head), 60_000)
      await kill()
      expect(heard('proposal-vote')).to.have.lengthOf(votes)
    }
    const dao = await w.dao.getAddress()
    await run('none')
    await run(dao)
    expect(heard('proposal-made')).to.have.lengthOf(1)
    await vote(w, proposal, w.members.slice(1, 2))
    await run('none')
    await vote(w, proposal, w.members.slice(2, 3))
    await run(dao, 2)

    const { rows, ballots } = await read()
    expect(rows.map(({ id, forVotes }) => [id, forVotes])).to.deep.equal([[proposal.id, 2n]])
    expect(ballots[0].map(({ voter }) => voter)).to.deep.equal([w.members[1].address, w.members[2].address])
  })

  it('ends with 1 and the variable’s name where there is no DataDAO', async () => {
    start({ MOORING_DAOS: `${await w.dao.getAddress()},${await w.pinning.getAddress()}` })
    let said = ''
    child!.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const [code] = (await once(child!, 'close')) as [number]

    expect(code).to.equal(1)
    expect(said).to.include(`MOORING_DAOS: expected addresses of DataDAOs, but there is no DataDAO at`)
    expect(said).to.include(await w.pinning.getAddress())
    expect(said).not.to.include(ZeroAddress)
  })
})
