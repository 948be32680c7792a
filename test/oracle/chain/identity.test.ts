import { expect } from 'chai'
import { getAddress, keccak256 } from 'ethers'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { type ChainClient, createChainClient } from '../../../oracle/chain/client.ts'
import { checkIdentity, ContractMissing, DeploymentMismatch, GenesisMissing } from '../../../oracle/chain/identity.ts'
import { createDeploymentStore, type DeploymentStore } from '../../../oracle/db/deployment.ts'
import { type Database, openDatabase } from '../../../oracle/db/open.ts'
import { EMITTER, silent as log, startChain, type TestChain, until } from '../../helpers/chain.ts'
import { startRpcProxy } from '../../helpers/rpc-proxy.ts'

const OTHER = '0x00000000000000000000000000000000000e1118'

describe('chain/identity', () => {
  let chain: TestChain
  let db: Database
  let deployments: DeploymentStore
  let client: ChainClient
  const contracts = { registry: EMITTER }
  const check = (over = {}) => checkIdentity({ client, deployments, contracts, log, ...over })

  beforeEach(async () => {
    chain = await startChain()
    db = await openDatabase(':memory:')
    deployments = createDeploymentStore(db)
    client = createChainClient({ urls: [chain.url], log })
  })
  afterEach(async () => {
    await db.destroy()
    await chain.stop()
  })

  it('records chain id, block 0 and the contracts on a new database, and finds them again', async () => {
    const code = await chain.rpc<string>('eth_getCode', [EMITTER, 'latest'])
    const genesis = await chain.rpc<{ hash: string }>('eth_getBlockByNumber', ['0x0', false])
    const expected = {
      chainId: 31415926n,
      genesisHash: genesis.hash,
      contracts: { registry: { address: getAddress(EMITTER), codeHash: keccak256(code) } },
    }

    expect(await check()).to.deep.equal(expected)
    expect(await deployments.read()).to.deep.equal(expected)
    expect(await check()).to.deep.equal(expected)
  })

  it('takes a contract that is new to the database once it is adopted, and records it then', async () => {
    await check()
    const both = { registry: EMITTER, storage: OTHER }
    await chain.rpc('anvil_setCode', [OTHER, '0x00'])
    const refused = await check({ contracts: both }).catch((e: unknown) => e)
    expect((refused as DeploymentMismatch).differences).to.deep.equal([
      `storage: expected address none, found ${getAddress(OTHER)}`,
    ])

    const failing = () => Promise.reject(new Error('the node is away'))
    await check({ contracts: both, adopt: failing }).catch((e: unknown) => e)
    expect(Object.keys((await deployments.read())!.contracts)).to.deep.equal(['registry'])

    const adopted: string[][] = []
    const adopt = (names: string[]) => Promise.resolve(void adopted.push(names))
    await check({ contracts: both, adopt })
    await check({ contracts: both, adopt })
    expect(adopted).to.deep.equal([['storage']])
    expect(Object.keys((await deployments.read())!.contracts)).to.deep.equal(['registry', 'storage'])
  })

  it('still refuses to lose a contract that it has rows of', async () => {
    await chain.rpc('anvil_setCode', [OTHER, '0x00'])
    await check({ contracts: { registry: EMITTER, storage: OTHER } })
    const error = await check({ adopt: () => Promise.resolve() }).catch((e: unknown) => e)
    expect((error as DeploymentMismatch).differences).to.deep.equal([
      `storage: expected address ${getAddress(OTHER)}, found none`,
    ])
  })

  it('lets go of a contract that may be left, and adopts it anew when it is back', async () => {
    await chain.rpc('anvil_setCode', [OTHER, '0x00'])
    const both = { registry: EMITTER, 'DataDAO 1': OTHER }
    await check({ contracts: both })
    const adopted: string[][] = []
    const adopt = (names: string[]) => Promise.resolve(void adopted.push(names))
    const mayLeave = (name: string) => name.startsWith('DataDAO ')

    await check({ adopt, mayLeave })
    expect(Object.keys((await deployments.read())!.contracts)).to.deep.equal(['registry'])
    await check({ contracts: both, adopt, mayLeave })

    expect(adopted).to.deep.equal([['DataDAO 1']])
    expect(Object.keys((await deployments.read())!.contracts)).to.deep.equal(['registry', 'DataDAO 1'])
    const error = await check({ contracts: { 'DataDAO 1': OTHER }, adopt, mayLeave }).catch((e: unknown) => e)
    expect((error as DeploymentMismatch).differences).to.deep.equal([
      `registry: expected address ${getAddress(EMITTER)}, found none`,
    ])
  })

  it('refuses a new chain under an old database, naming block 0', async () => {
    const { genesisHash } = await check()
    // The local chain's block 0 differs by its second only.
    const { timestamp } = await chain.rpc<{ timestamp: string }>('eth_getBlockByNumber', ['0x0', false])
    await until(() => Math.floor(Date.now() / 1_000) > Number(timestamp))
    const other = await startChain()
    try {
      client = createChainClient({ urls: [other.url], log })
      const error = await check().catch((e: unknown) => e)
      expect(error).to.be.instanceOf(DeploymentMismatch)
      expect((error as DeploymentMismatch).differences).to.have.length(1)
      expect((error as DeploymentMismatch).message).to.contain(`block 0: expected ${genesisHash}, found 0x`)
      expect((error as DeploymentMismatch).hint).to.match(/empty data folder/)
    } finally {
      await other.stop()
    }
  })

  it('knows the same chain again after its process was restarted', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'mooring-chain-'))
    const statePath = join(dir, 'state.json')
    try {
      const before = await startChain({ statePath })
      await before.mine(3)
      client = createChainClient({ urls: [before.url], log })
      const recorded = await check()
      const { timestamp } = await before.rpc<{ timestamp: string }>('eth_getBlockByNumber', ['0x0', false])
      await before.stop()

      await until(() => Math.floor(Date.now() / 1_000) > Number(timestamp))
      const after = await startChain({ statePath })
      client = createChainClient({ urls: [after.url], log })
      expect(await client.blockNumber()).to.equal(3n)
      expect(await check()).to.deep.equal(recorded)
      await after.stop()
    } finally {
      rmSync(dir, { recursive: true })
    }
  })

  it('refuses another chain id', async () => {
    await check()
    await deployments.write({ ...(await deployments.read())!, chainId: 314n })
    await expectMismatch(['chain id: expected 314, found 31415926'])
  })

  it('lists every contract that differs: changed code, another address, a new name', async () => {
    const second = '0x00000000000000000000000000000000000e1118'
    await chain.rpc('anvil_setCode', [second, '0x00'])
    const recorded = await check({ contracts: { registry: EMITTER, pinning: EMITTER } })
    await chain.rpc('anvil_setCode', [EMITTER, '0x5f'])

    await expectMismatch(
      [
        `registry at ${getAddress(EMITTER)}: expected code ${recorded.contracts.registry.codeHash}, found ${keccak256('0x5f')}`,
        `pinning: expected address ${getAddress(EMITTER)}, found ${getAddress(second)}`,
        `dao: expected address none, found ${getAddress(second)}`,
      ],
      { registry: EMITTER, pinning: second, dao: second },
    )
  })

  it('refuses when a recorded contract has no code any more', async () => {
    const recorded = await check()
    await chain.rpc('anvil_setCode', [EMITTER, '0x'])
    const { address, codeHash } = recorded.contracts.registry
    await expectMismatch([`registry: expected code ${codeHash} at ${address}, found none`])
  })

  it('records nothing where there is no contract', async () => {
    const error = await check({ contracts: { registry: `0x${'12'.repeat(20)}` } }).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(ContractMissing)
    expect((error as Error).message).to.match(/registry: there is no contract at 0x1212.* on chain 31415926/)
    expect(await deployments.read()).to.equal(undefined)
  })

  context('where the node does not serve block 0', () => {
    const dialect = (chainId?: string) =>
      startRpcProxy(chain.url, ({ method, params }, forward) => {
        if (method === 'eth_chainId' && chainId) return { result: chainId }
        if (method === 'eth_getBlockByNumber' && params[0] === '0x0') {
          return { error: { code: 1, message: 'bad tipset height: lookbacks of more than 24h0m0s are disallowed' } }
        }
        return forward()
      })

    it('does without on a public network, and records it once a node serves it', async () => {
      const gateway = await dialect('0x4cb2f')
      const archive = await startRpcProxy(chain.url, ({ method }, forward) =>
        method === 'eth_chainId' ? { result: '0x4cb2f' } : forward(),
      )
      client = createChainClient({ urls: [gateway.url], log })
      expect(await check()).to.include({ chainId: 314159n, genesisHash: null })

      client = createChainClient({ urls: [archive.url], log })
      const { genesisHash } = await check()
      expect(genesisHash).to.match(/^0x[0-9a-f]{64}$/)
      expect(await deployments.read()).to.include({ genesisHash })
      await Promise.all([gateway.stop(), archive.stop()])
    })

    it('refuses on the local chain', async () => {
      const gateway = await dialect()
      client = createChainClient({ urls: [gateway.url], log })
      expect(await check().catch((e: unknown) => e)).to.be.instanceOf(GenesisMissing)
      await gateway.stop()
    })
  })

  async function expectMismatch(differences: string[], given = contracts as Record<string, string>): Promise<void> {
    const error = await check({ contracts: given }).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(DeploymentMismatch)
    expect((error as DeploymentMismatch).differences).to.deep.equal(differences)
  }
})
