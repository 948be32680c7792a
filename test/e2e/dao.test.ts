import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import { after, before, describe, it } from 'mocha'
import type { Deployment } from '../../scripts/deploy/deployments.ts'
import { daoAt, type Dao } from '../../scripts/lib/dao/contracts.ts'
import { PROPOSAL_STATES } from '../../scripts/lib/dao/names.ts'
import { connect, type Connection } from '../../scripts/lib/hardhat.ts'
import { readRequest } from '../../scripts/lib/request.ts'
import { startAnvil, type Anvil } from '../../scripts/local/anvil.ts'
import { LOCAL_CHAIN_ID } from '../../scripts/local/ground.ts'
import { LOCAL_KEYS } from '../../scripts/local/keys.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { runCommand, type CommandResult } from '../helpers/command.ts'
import { temporaryFolder } from '../helpers/local-network.ts'

describe('npm start -- --once dao', function () {
  this.timeout(180_000)
  const env = { MOORING_DATA: temporaryFolder('dao') }
  let result: CommandResult

  before(async () => {
    result = await runCommand('scripts/start.ts', ['--once', 'dao'], env).result
  })

  it('ends with exit code 0 and state stored', () => {
    expect(result.code, result.stdout + result.stderr).to.equal(0)
    expect(lastLine(result).state).to.equal('stored')
  })

  it('prints one JSON object as the last line, with exactly the promised keys', () => {
    const outcome = lastLine(result)

    expect(Object.keys(outcome)).to.deep.equal(
      'state dao proposalId requestId cid dealId transactions seconds'.split(' '),
    )
    expect(outcome.dao).to.match(/^0x[0-9a-fA-F]{40}$/)
    expect(outcome.proposalId).to.match(/^\d{60,78}$/)
    expect(outcome.requestId).to.equal('1')
    expect(outcome.cid).to.match(/^bafy/)
    expect(outcome.dealId).to.match(/^\d+$/)
    expect(new Set(outcome.transactions).size).to.equal(outcome.transactions.length)
    for (const hash of outcome.transactions) expect(hash).to.match(/^0x[0-9a-f]{64}$/)
    expect(outcome.seconds).to.be.greaterThan(0)
  })

  it('tells each step on the way', () => {
    for (const stage of (
      'founded deposited operators proposed about looked refused voted signed queued earmarked collected funded executed ' +
      'assigned pinned packed published active proof stored'
    ).split(' ')) {
      expect(result.stdout).to.match(new RegExp(`^${stage} .*\\(\\d+\\.\\d s\\)$`, 'm'))
    }
    expect(result.stdout.match(/^Act \d .*epoch [\d,]+/gm)).to.have.length(6)
  })

  it('tells members what they need to decide: the content, the price, the weights, quorum, and what time is left', () => {
    expect(result.stdout)
      .to.match(/^about +bafy\w+, [\d,]+ B: 2 replicas for 180 days at least, for 0\.\d+ FIL of the treasury at most/m)
      .and.match(
        /^looked +a member fetched all \d+ blocks from \/ip4\/127\.0\.0\.1\/tcp\/\S+: they are what the CID says/m,
      )
      .and.match(/^to vote .*up to epoch \d+, 20 epochs .*2 of 5 for it or abstaining/m)
    expect(result.stdout.match(/^voted .*(quorum 1 of 2|quorum reached); \d+ epochs \(.*\) left/gm)).to.have.length(5)
    expect(result.stdout).to.include('3 for, 1 against, 1 abstaining; quorum reached')
  })

  it('lets the storage provider that proposed not vote, and a member without money vote by a signature', () => {
    expect(result.stdout)
      .to.match(/^refused +a vote of t01000 on what it proposed: ProposerCannotVote/m)
      .and.match(/^voted +for, member 3 by a signature that a stranger carried/m)
  })

  it('lets an executor be the keeper: it queues and executes', () => {
    for (const stage of ['queued', 'executed']) {
      expect(result.stdout).to.match(new RegExp(`^${stage} .*by the executor of operator [123]:?`, 'm'))
    }
  })

  it('holds every equation against the balances', () => {
    const [, holding, all] = /^(\d+) of (\d+) equations hold$/m.exec(result.stdout)!

    expect(holding).to.equal(all)
    expect(result.stdout.match(/^ok {5}/gm)).to.have.length(Number(all))
    expect(Number(all)).to.be.at.least(12)
  })

  context('on the chain that it leaves', () => {
    let chain: Anvil
    let connection: Connection
    let deployment: Deployment
    let dao: Dao

    before(async () => {
      const folder = join(env.MOORING_DATA, 'dao')
      const statePath = join(folder, 'chain.json')
      chain = await startAnvil({ port: await freePort(0), chainId: LOCAL_CHAIN_ID, blockTimeSeconds: 0, statePath })
      connection = await connect('local', { url: chain.url })
      deployment = JSON.parse(readFileSync(join(folder, 'deployment.json'), 'utf8')) as Deployment
      dao = await daoAt(connection, deployment, lastLine(result).dao)
    })
    after(async () => {
      await connection?.close()
      await chain?.stop()
    })

    it('is the proposal executed, by five votes of which one cost its voter nothing', async () => {
      const proposalId = BigInt(lastLine(result).proposalId)
      const votes = await dao.governor.proposalVotes(proposalId)

      expect(PROPOSAL_STATES[Number(await dao.governor.state(proposalId))]).to.equal('Executed')
      expect([votes.againstVotes, votes.forVotes, votes.abstainVotes]).to.deep.equal([1n, 3n, 1n])
      const third = LOCAL_KEYS.members[2].address
      expect(await dao.governor.hasVoted(proposalId, third)).to.equal(true)
      expect(await connection.ethers.provider.getBalance(third)).to.equal(0n)
    })

    it('is the CID in the collection, and stored there', async () => {
      const { proposalId, requestId, cid } = lastLine(result)
      const [[entry], [keeping]] = await dao.collection.entries(0n, 10n)

      expect(entry.proposalId).to.equal(BigInt(proposalId))
      expect(entry.storageId).to.equal(BigInt(requestId))
      expect(entry.providerId).to.equal(1000n)
      expect(entry.cid).to.equal(connection.ethers.hexlify(CID.parse(cid).bytes))
      expect(keeping.stored).to.equal(true)
      expect(keeping.running).to.equal(2n)
    })

    it('is the request the treasury’s own, Stored by the deal of the last line, and paid for to the attoFIL', async () => {
      const { requestId, dealId, cid } = lastLine(result)
      const request = await readRequest(connection, deployment, BigInt(requestId))
      const { deposited, refunded, funded, paid, earmarked } = await dao.treasury.ledger()

      expect(request).to.include({ state: 'Stored', cid, requester: dao.treasury.target })
      expect(request.deals[0].dealId.toString()).to.equal(dealId)
      expect([deposited, refunded, paid, earmarked]).to.deep.equal([10n ** 18n, 0n, 0n, 0n])
      expect(await connection.ethers.provider.getBalance(dao.treasury)).to.equal(deposited - funded)
    })

    it('is every transaction of the last line, in their order', async () => {
      const receipts = await Promise.all(
        lastLine(result).transactions.map((hash) => connection.ethers.provider.getTransactionReceipt(hash)),
      )
      const blocks = receipts.map((receipt) => receipt!.blockNumber)

      expect(receipts.every((receipt) => receipt!.status === 1)).to.equal(true)
      expect(blocks).to.deep.equal([...blocks].sort((a, b) => a - b))
    })
  })
})

interface Outcome {
  state: string
  dao: string
  proposalId: string
  requestId: string
  cid: string
  dealId: string
  transactions: string[]
  seconds: number
}

function lastLine({ stdout }: CommandResult): Outcome {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Outcome
}
