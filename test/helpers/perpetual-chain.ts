import { ZeroAddress } from 'ethers'
import hre from 'hardhat'
import { createChainClient, type ChainClient } from '../../oracle/chain/client.ts'
import { createContracts } from '../../oracle/chain/contracts.ts'
import { createPerpetual, type OrderTerms, type Perpetual as PerpetualReader } from '../../oracle/chain/perpetual.ts'
import { createSectorLocator } from '../../oracle/chain/sector-locator.ts'
import { createWatcher, type Watcher } from '../../oracle/chain/watcher.ts'
import { createCursorStore } from '../../oracle/db/cursor.ts'
import { createPerpetualIntake } from '../../oracle/perpetual/intake.ts'
import { SINK } from '../../scripts/deploy/deploy-mooring.ts'
import { installActors } from '../../scripts/local/actors.ts'
import { castParts, createProviders, type Cast, type Provider } from '../../scripts/local/perpetual/cast.ts'
import { startPlayChain, type PlayChain } from '../../scripts/local/perpetual/chain.ts'
import { createClock, type Clock } from '../../scripts/local/perpetual/clock.ts'
import { activateDeal, publishDeal, sealDirectly } from '../../scripts/local/perpetual/sealing.ts'
import { claimSlot, type Claimed } from '../../scripts/lib/perpetual/claim.ts'
import { locatorAt, perpetualAt, type Perpetual, type SectorLocator } from '../../scripts/lib/perpetual/contract.ts'
import { openOrder, readDefaultTerms, type NewOrder } from '../../scripts/lib/perpetual/open-order.ts'
import { readOpenSlotsOf } from '../../scripts/lib/perpetual/open-slots.ts'
import { proveSlot } from '../../scripts/lib/perpetual/prove.ts'
import { readSlot } from '../../scripts/lib/perpetual/slot.ts'
import { silent } from './chain.ts'
import { createWorld, type World } from './executor.ts'
import { namedPiece } from './podsi.ts'

export const PIECE = namedPiece('piece')
/** attoFIL per replica and epoch. */
export const PRICE = 2_000_000_000_000n
/** What a deal runs for: longer than the longest default term. */
const LONG = 540n * 2_880n

/** A chain on which time can jump, with Filecoin's actors, three storage providers and PerpetualStorage. */
export interface PerpetualChain {
  url: string
  connection: PlayChain['connection']
  clock: Clock
  cast: Cast
  /** Signs as the client. */
  perpetual: Perpetual
  locator: SectorLocator
  addresses: { perpetual: string; locator: string; edgeProvider: string }
  stop(): Promise<void>
}

export async function startPerpetualChain(): Promise<PerpetualChain> {
  const chain = await startPlayChain()
  const { connection, url } = chain
  const cast = await castParts(connection)
  await installActors(connection, hre.artifacts)
  await createProviders(connection, cast)
  const deploy = async (name: string, args: unknown[] = []) => {
    const contract = await connection.ethers.deployContract(name, args)
    return (await contract.waitForDeployment()).getAddress()
  }
  const extensions = [await deploy('OrdersExtension', [SINK]), await deploy('ProofsExtension', [SINK])]
  const addresses = {
    perpetual: await deploy('PerpetualStorage', extensions),
    locator: await deploy('SectorLocator'),
    edgeProvider: await deploy('EdgeProvider', [ZeroAddress, 1n]),
  }
  return {
    ...{ url, connection, cast, addresses },
    clock: createClock(connection),
    perpetual: await perpetualAt(connection, addresses.perpetual, cast.client),
    locator: await locatorAt(connection, addresses.locator),
    stop: () => chain.stop(),
  }
}

export type Opening = Partial<Omit<NewOrder, 'terms'>> & { terms?: Partial<OrderTerms> }

/** The client opens an order, by default for one replica of {@link PIECE}, funded for three claims of the longest term. */
export async function open({ perpetual, cast }: PerpetualChain, { terms, ...changes }: Opening = {}): Promise<bigint> {
  const price = changes.price ?? PRICE
  const all = { ...(await readDefaultTerms(perpetual, price)), ...terms }
  const { orderId } = await openOrder(perpetual, cast.client.address, {
    ...{ piece: PIECE, replicas: 1, price, ceiling: 2n * price, endEpoch: 0n, seed: 'https://seed.example/' },
    ...{ terms: all, providers: [], deposit: 3n * price * all.maxTermEpochs },
    ...changes,
  })
  return orderId
}

/** A provider claims the order's first open slot. */
export async function claim({ perpetual }: PerpetualChain, orderId: bigint, provider: Provider): Promise<Claimed> {
  const own = perpetual.connect(provider.worker)
  const [first] = (await readOpenSlotsOf(own, orderId)).slots
  if (!first) throw new Error(`order ${orderId} has no open slot`)
  return claimSlot(own, first, provider.id)
}

/** Each sector number is used once. */
let sectors = 100n

/** The provider proves a claim by a deal of its own, in a sector of its own; its first paid epoch is passed. Gives the sector. */
export async function proveByDeal(
  { connection, perpetual, locator, clock }: PerpetualChain,
  { slot, label }: Pick<Claimed, 'slot' | 'label'>,
  provider: Provider,
): Promise<{ dealId: bigint; sector: bigint }> {
  const sector = ++sectors
  const deal = { client: provider.owner, label, epochs: LONG }
  const dealId = await publishDeal(connection, provider, PIECE, deal)
  await activateDeal(connection, provider, dealId, sector)
  const own = perpetual.connect(provider.worker)
  const { start } = await proveSlot(own, locator, await readSlot(own, slot), { by: 'deal', dealId })
  await clock.passTo(start)
  return { dealId, sector }
}

/** The provider seals the piece without a deal, and proves the claim by that sector. */
export async function proveBySector(
  chain: PerpetualChain,
  { slot, label }: Pick<Claimed, 'slot' | 'label'>,
  provider: Provider,
): Promise<{ sector: bigint }> {
  const { connection, perpetual, locator, addresses } = chain
  const sector = ++sectors
  await sealDirectly(connection, provider, PIECE, { sector, epochs: LONG, label, receiver: addresses.perpetual })
  const own = perpetual.connect(provider.worker)
  await proveSlot(own, locator, await readSlot(own, slot), { by: 'sector' })
  return { sector }
}

/** An executor's rows of a perpetual chain, kept up to date by a watcher. */
export interface Follower {
  world: World
  client: ChainClient
  reader: PerpetualReader
  watcher: Watcher
}

/** An executor's database and watcher on the chain; nothing is read before `watcher.processAll()`. */
export async function followChain(chain: PerpetualChain, env: Record<string, string> = {}): Promise<Follower> {
  const { perpetual, locator, edgeProvider } = chain.addresses
  const client = createChainClient({ urls: [chain.url], log: silent })
  const reader = createPerpetual(client, perpetual)
  const world = await createWorld(
    { MOORING_PERPETUAL: perpetual, MOORING_SECTOR_LOCATOR: locator, ...env },
    {
      ...{ chain: client, perpetual: reader, locator: createSectorLocator(client, locator) },
      contracts: createContracts(client, { registry: ZeroAddress, pinning: ZeroAddress, edgeProvider }),
    },
  )
  const { orders, slots, log } = world.ctx
  const watcher = createWatcher({
    ...createPerpetualIntake({ address: perpetual, orders, slots, log }),
    ...{ client, cursors: createCursorStore(world.db), addresses: [perpetual] },
    ...{ confirmations: 1, startBlock: 0n, jumps: true, log: silent },
  })
  return { world, client, reader, watcher }
}
