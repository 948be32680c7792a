import { createReadStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Contract, ContractFactory, hexlify, parseEther, type JsonRpcProvider, type Signer } from 'ethers'
import hre from 'hardhat'
import type { PerpetualSettings } from '../../../../../oracle/edge/dev-node/config.ts'
import { createLocalChain } from '../../../../../oracle/edge/dev-node/local-chain.ts'
import { createLocalMarket } from '../../../../../oracle/edge/dev-node/local-market.ts'
import { createPerpetualContract } from '../../../../../oracle/edge/dev-node/perpetual/contract.ts'
import { createPieceStore } from '../../../../../oracle/edge/dev-node/perpetual/piece-store.ts'
import { createStorageProviders } from '../../../../../oracle/edge/dev-node/perpetual/storage-providers.ts'
import { openStore } from '../../../../../oracle/edge/dev-node/store.ts'
import { computePiece } from '../../../../../oracle/proofs/commP.ts'
import { pieceCidBytes, pieceToCid } from '../../../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../../../oracle/proofs/piece.ts'
import { createMiners } from '../../../../../scripts/local/actors.ts'
import { LOCAL_KEYS } from '../../../../../scripts/local/keys.ts'
import { SILENT, makeCar } from '../world.ts'

type Cleanups = (() => Promise<unknown>)[]

export const SP = LOCAL_KEYS.storageProviders
/** f099, the burn actor. */
const SINK = '0xff00000000000000000000000000000000000063'
export const MINERS = [1000n, 1001n, 1002n]
export const PRICE = 10n ** 9n

/** PerpetualStorage on a chain that has the actors; each miner with an owner of its own, all with one worker. */
export async function deployPerpetual(provider: JsonRpcProvider, client: Signer): Promise<Contract> {
  const owners = [LOCAL_KEYS.operators[1].owner, LOCAL_KEYS.operators[2].owner, LOCAL_KEYS.council[0]]
  const miners = MINERS.map((id, i) => ({ id, owner: owners[i].address, worker: SP.address }))
  await createMiners(provider, hre.artifacts, miners)

  const deploy = async (name: string, args: unknown[]) => {
    const { abi, bytecode } = await hre.artifacts.readArtifact(name)
    const contract = await new ContractFactory(abi, bytecode, client).deploy(...args)
    return (await contract.waitForDeployment()).getAddress()
  }
  const parts = [await deploy('OrdersExtension', [SINK]), await deploy('ProofsExtension', [SINK])]
  const address = await deploy('PerpetualStorage', parts)
  return new Contract(address, (await hre.artifacts.readArtifact('IPerpetualStorage')).abi, client)
}

export interface TestPiece {
  car: Buffer
  piece: Piece
  pieceCid: string
  payloadCid: Uint8Array
}

export async function makePiece(dir: string, seed: string): Promise<TestPiece> {
  await mkdir(dir, { recursive: true })
  const { file, root } = await makeCar(dir, seed, 5_000)
  const { digest, size } = await computePiece(createReadStream(file))
  return { car: await readFile(file), piece: { digest, size }, pieceCid: pieceToCid(digest), payloadCid: root.bytes }
}

/** A server of bytes by path, which counts what it is asked. */
export async function serve(cleanups: Cleanups, files: Record<string, Buffer>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const bytes = files[request.url!]
    if (bytes) response.end(bytes)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  cleanups.unshift(() => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** Opens an order of the client's; its id. */
export async function openOrder(perpetual: Contract, made: TestPiece, replicas: bigint, seed: string): Promise<bigint> {
  const { piece, payloadCid } = made
  const args = [pieceCidBytes(piece.digest), piece.size, replicas, PRICE, payloadCid, hexlify(Buffer.from(seed))]
  await (await perpetual.getFunction('open').send(...args, { value: parseEther('100') })).wait()
  return perpetual.getFunction('orderCount').staticCall() as Promise<bigint>
}

/** The node's miners at work, on a store of their own in `dir`. */
export function startProviders(
  cleanups: Cleanups,
  {
    url,
    perpetual,
    dir,
    settings = {},
  }: { url: string; perpetual: Contract; dir: string; settings?: Partial<PerpetualSettings> },
) {
  const store = openStore(dir)
  const chain = createLocalChain({ rpcUrl: url, spKey: SP.privateKey, store })
  const address = perpetual.target as string
  const all = {
    ...{ address, miners: MINERS, minPrice: 1n, maxPieceBytes: 2n ** 35n, pieceUrls: [], sealAfterMs: 0, pollMs: 50 },
    ...settings,
  }
  const fetched: string[] = []
  const pinner = {
    fetchCar: (_root: unknown, seed: string) => {
      fetched.push(seed)
      return Promise.reject(new Error('no IPFS in this test'))
    },
  }
  const keptBytes: number[] = []
  const keep = async (car: AsyncIterable<Uint8Array>) => {
    let bytes = 0
    for await (const chunk of car) bytes += chunk.length
    keptBytes.push(bytes)
  }
  const clock = { now: 1_000_000 }
  const providers = createStorageProviders({
    ...{ settings: all, store, chain, log: SILENT, clock: () => clock.now },
    deals: createLocalMarket({ chain, startEpochs: 240 }),
    contract: createPerpetualContract(chain.provider, address),
    pieces: createPieceStore({ dataDir: dir, pieceUrls: all.pieceUrls, pinner, keep }),
  })
  const stop = async () => {
    chain.stop()
    await providers.stop()
    store.close()
  }
  let stopped: Promise<void> | undefined
  const stopOnce = () => (stopped ??= stop())
  cleanups.unshift(stopOnce)
  return { ...providers, stop: stopOnce, store, clock, fetched, keptBytes }
}

export interface SlotOf {
  slot: bigint
  nonce: bigint
  state: bigint
  provider: bigint
  dealId: bigint
  sector: bigint
  start: bigint
  end: bigint
}

export async function slotsOf(perpetual: Contract, orderId: bigint): Promise<SlotOf[]> {
  return [...((await perpetual.getFunction('slotsOf').staticCall(orderId)) as SlotOf[])]
}

export const pieceDir = (dir: string) => join(dir, 'pieces')
export const CLAIMED = 1n
export const ACTIVE = 2n
