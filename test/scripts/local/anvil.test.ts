import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { Contract, ContractFactory, JsonRpcProvider, type InterfaceAbi } from 'ethers'
import hre from 'hardhat'
import { after, afterEach, before, describe, it } from 'mocha'
import {
  ACTOR_ADDRESSES,
  createMiners,
  FIRST_DEAL_ID,
  installActors,
  maskedIdAddress,
} from '../../../scripts/local/actors.ts'
import { anvilBinary, startAnvil, type Anvil } from '../../../scripts/local/anvil.ts'
import { build } from '../../../scripts/lib/hardhat.ts'
import type { ActorCaller, ILocalMarket } from '../../../types/ethers-contracts/index.js'
import { decodeActorReply, encodeActorCall } from '../../helpers/actor-call.ts'

const CHAIN_ID = 31415926
const ACTIVATION = 2567238399n

describe('startAnvil', function () {
  this.timeout(60_000)

  const dir = mkdtempSync(join(tmpdir(), 'mooring-anvil-'))
  const running: Anvil[] = []
  const providers: JsonRpcProvider[] = []

  before(() => build())
  afterEach(async () => {
    for (const provider of providers.splice(0)) provider.destroy()
    for (const anvil of running.splice(0)) await anvil.stop()
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  async function start(options: Partial<Parameters<typeof startAnvil>[0]> = {}) {
    const anvil = await startAnvil({ port: await freePort(), chainId: CHAIN_ID, blockTimeSeconds: 0, ...options })
    running.push(anvil)
    const provider = new JsonRpcProvider(anvil.url, CHAIN_ID, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: 50,
    })
    providers.push(provider)
    return { anvil, provider }
  }

  it('answers with the chain id once it has started, and is gone once it has stopped', async () => {
    const { anvil, provider } = await start()
    expect(await provider.send('eth_chainId', [])).to.equal('0x' + CHAIN_ID.toString(16))
    expect(anvil.pid).to.be.greaterThan(0)
    await anvil.stop()
    expect(() => process.kill(anvil.pid, 0)).to.throw('ESRCH')
    await anvil.stop()
  })

  it('makes blocks by itself, and its finalized block trails by two', async () => {
    const { provider } = await start({ blockTimeSeconds: 0.1 })
    while ((await provider.getBlockNumber()) < 4) await delay(20)
    await provider.send('evm_setIntervalMining', [0])
    const head = await provider.getBlockNumber()
    const finalized = (await provider.send('eth_getBlockByNumber', ['finalized', false])) as { number: string }
    expect(head - Number(finalized.number)).to.equal(2)
  })

  it('keeps the chain over a restart', async () => {
    const statePath = join(dir, 'chain.json')
    const first = await start({ statePath })
    await first.provider.send('anvil_mine', ['0x5'])
    const head = await first.provider.getBlock('latest')
    await first.anvil.stop()
    expect(existsSync(statePath)).to.equal(true)

    const second = await start({ statePath })
    expect(await second.provider.getBlock('latest')).to.include({ number: 5, hash: head!.hash })
  })

  it('writes its output to the log file', async () => {
    const logFile = join(dir, 'anvil.log')
    const { anvil } = await start({ logFile })
    await anvil.stop()
    expect(readFileSync(logFile, 'utf8')).to.include('Listening on 127.0.0.1')
  })

  it('refuses a port on which something answers, and names it', async () => {
    const { anvil } = await start()
    const port = Number(new URL(anvil.url).port)
    const error = await rejection(startAnvil({ port, chainId: CHAIN_ID, blockTimeSeconds: 0 }))
    expect(error.message).to.equal(`port ${port} is busy: something answers there already`)
  })

  it('says so when the process ends before it answers', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    server.on('connection', (socket) => socket.destroy())
    const logFile = join(dir, 'busy.log')
    const error = await rejection(startAnvil({ port, chainId: CHAIN_ID, blockTimeSeconds: 0, logFile }))
    server.close()
    expect(error.message).to.equal(`anvil on port ${port} did not come up: exit code 1; see ${logFile}`)
  })

  describe('with the actors installed', () => {
    async function withActors(options: Partial<Parameters<typeof startAnvil>[0]> = {}) {
      const world = await start(options)
      const sp = await world.provider.getSigner(2)
      const miners = [{ id: 1000n, owner: sp.address, worker: sp.address }]
      const install = async () => {
        await installActors(world.provider, hre.artifacts)
        await createMiners(world.provider, hre.artifacts, miners)
      }
      await install()
      const { abi } = await hre.artifacts.readArtifact('ILocalMarket')
      const market = new Contract(ACTOR_ADDRESSES.market, abi as InterfaceAbi, sp) as unknown as ILocalMarket
      const publish = async () => {
        const startEpoch = (await world.provider.getBlockNumber()) + 50
        const proposal = {
          pieceDigest: '0x' + 'ab'.repeat(32),
          pieceSize: 128,
          verified: false,
          client: sp.address,
          providerId: 1000,
          label: '0x6d',
          startEpoch,
          endEpoch: startEpoch + 518_400,
          pricePerEpoch: 0,
          providerCollateral: 0,
          clientCollateral: 0,
        }
        const receipt = await (await market.publish([proposal])).wait()
        return market.interface.parseLog(receipt!.logs[0])!.args.dealId as bigint
      }
      return { ...world, sp, market, publish, install }
    }

    it('publishes and activates a deal, which contracts read through the precompile', async () => {
      const { provider, sp, market, publish } = await withActors({ blockTimeSeconds: 0.2 })
      const dealId = await publish()
      expect(dealId).to.equal(FIRST_DEAL_ID)
      const activation = await (await market.activate(dealId, 1n)).wait()
      expect(market.interface.parseLog(activation!.logs[0])!.args.dealId).to.equal(dealId)

      const { abi, bytecode } = await hre.artifacts.readArtifact('ActorCaller')
      const deployed = await new ContractFactory(abi as InterfaceAbi, bytecode, sp).deploy()
      await deployed.waitForDeployment()
      const caller = deployed as unknown as ActorCaller
      const [success, output] = await caller.callActorId.staticCall(
        encodeActorCall({ id: 5n, method: ACTIVATION, params: '0x01' }),
      )
      expect(success).to.equal(true)
      expect(decodeActorReply(output).data).to.match(/^0x82(18..|19....|[01].)20$/)
      expect(await provider.getCode(maskedIdAddress(1000n))).not.to.equal('0x')
    })

    it('may have them installed again, and keeps what they knew', async () => {
      const statePath = join(dir, 'actors.json')
      const first = await withActors({ statePath })
      expect(await first.publish()).to.equal(1n)
      await first.install()
      expect(await first.publish()).to.equal(2n)
      await first.anvil.stop()

      const second = await withActors({ statePath })
      expect(await second.publish()).to.equal(3n)
    })
  })
})

describe('anvilBinary', () => {
  it('is the binary that npm installed for this platform, or one on PATH', () => {
    expect(anvilBinary()).to.match(/anvil(\.exe)?$/)
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a rejection')
}
