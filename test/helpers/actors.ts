import { artifacts } from 'hardhat'
import type { AddressLike, ContractTransactionReceipt } from 'ethers'
import {
  ACTOR_ADDRESSES,
  createMiners,
  DEFAULT_MINER_IDS,
  installActors as install,
  maskedIdAddress,
  setActorCode,
  type Rpc,
} from '../../scripts/local/actors.ts'
import type { ILocalMarket, LocalMarket, LocalMiner, ScriptedActor } from '../../types/ethers-contracts/index.js'
import { connect } from './network.ts'

/** A proposal with all fields; `publishDeal` fills in what a test does not care about. */
export type Proposal = ILocalMarket.ProposalStruct

/** 180 days, the shortest term of a deal, in epochs. */
export const MIN_DURATION = 518_400n

/** How many epochs after its publication a deal starts, unless told otherwise. */
export const START_DELAY = 100n

/** The simulated network as the actors' installer wants it. */
export async function rpc(): Promise<Rpc> {
  const { provider } = await connect()
  return { send: (method, params) => provider.request({ method, params }) }
}

/** Owner and worker of the three default miners: the third account. */
export async function storageProvider() {
  const { ethers } = await connect()
  return (await ethers.getSigners())[2]
}

/** Installs the stand-in actors with the miners 1000, 1001 and 1002 on the shared simulated network; for a fixture. */
export async function installActors(): Promise<void> {
  const { address } = await storageProvider()
  await install(await rpc(), artifacts)
  await createMiners(
    await rpc(),
    artifacts,
    DEFAULT_MINER_IDS.map((id) => ({ id, owner: address, worker: address })),
  )
}

/** The market's handle for controls, by the storage provider's account. */
export async function localMarket(): Promise<LocalMarket> {
  const { ethers } = await connect()
  return ethers.getContractAt('LocalMarket', ACTOR_ADDRESSES.market, await storageProvider())
}

/** The handle of miner `id` for controls, by the storage provider's account. */
export async function localMiner(id: bigint): Promise<LocalMiner> {
  const { ethers } = await connect()
  return ethers.getContractAt('LocalMiner', maskedIdAddress(id), await storageProvider())
}

/** Puts a {ScriptedActor} over actor `id` (5 = market, 4 = power, a miner's id …) and gives a handle to script it. */
export async function scriptActor(id: bigint | number): Promise<ScriptedActor> {
  const { ethers } = await connect()
  const address = maskedIdAddress(id)
  await setActorCode(await rpc(), artifacts, address, 'ScriptedActor')
  return ethers.getContractAt('ScriptedActor', address)
}

/** A whole proposal out of what matters: by default 32 GiB for 180 days at miner 1000, free of charge, for the provider's
 * own account, starting `START_DELAY` epochs from now. Without an end it ends `MIN_DURATION` after its start. */
export async function proposal(given: Partial<Proposal> & { client?: AddressLike } = {}): Promise<Proposal> {
  const { ethers } = await connect()
  const startEpoch = BigInt(given.startEpoch ?? BigInt(await ethers.provider.getBlockNumber()) + START_DELAY)
  return {
    pieceDigest: '0x' + 'ab'.repeat(32),
    pieceSize: 32n << 30n,
    verified: false,
    client: (await storageProvider()).address,
    providerId: DEFAULT_MINER_IDS[0],
    label: ethers.toUtf8Bytes('hello'),
    endEpoch: startEpoch + MIN_DURATION,
    pricePerEpoch: 0n,
    providerCollateral: 0n,
    clientCollateral: 0n,
    ...given,
    startEpoch,
  }
}

/** Publishes one deal, by default as `proposal` has it, and returns its id. */
export async function publishDeal(given: Parameters<typeof proposal>[0] = {}): Promise<bigint> {
  const market = await localMarket()
  const receipt = await (await market.publish([await proposal(given)])).wait()
  return publishedIds(market, receipt!)[0]
}

/** The ids of the deals that a transaction published. */
export function publishedIds(market: LocalMarket, receipt: ContractTransactionReceipt): bigint[] {
  return receipt.logs.flatMap((log) => {
    const event = market.interface.parseLog(log)
    return event?.name === 'DealPublished' ? [event.args.dealId as bigint] : []
  })
}

/** Puts a published deal into `sector` of its provider. */
export async function activateDeal(dealId: bigint, sector: bigint = dealId): Promise<void> {
  await (await (await localMarket()).activate(dealId, sector)).wait()
}
