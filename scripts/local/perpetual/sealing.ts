import { getBytes, toUtf8Bytes } from 'ethers'
import { EPOCHS_PER_DAY } from '../../../oracle/chain/epochs.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import type { Connection } from '../../lib/hardhat.ts'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../actors.ts'
import type { Provider } from './cast.ts'

/** From a deal's publication to its start, in which it is sealed. */
const SEALING_EPOCHS = EPOCHS_PER_DAY

/** A deal as its two parties agree on it. */
export interface DealTerms {
  /** The deal's client, which may be a contract: it is asked first and told after. */
  client: string
  /** What names the slot. */
  label: string
  epochs: bigint
}

/** Publishes a free deal of the piece through the market actor, as a provider's node does. Gives its id. */
export async function publishDeal(
  { ethers }: Connection,
  { id, worker }: Provider,
  { digest, size }: Piece,
  { client, label, epochs }: DealTerms,
): Promise<bigint> {
  const market = await ethers.getContractAt('ILocalMarket', ACTOR_ADDRESSES.market, worker)
  const startEpoch = BigInt(await ethers.provider.getBlockNumber()) + SEALING_EPOCHS
  const published = await market.publish([
    {
      pieceDigest: digest,
      pieceSize: size,
      verified: false,
      client,
      providerId: id,
      label: toUtf8Bytes(label),
      startEpoch,
      endEpoch: startEpoch + epochs,
      pricePerEpoch: 0n,
      providerCollateral: 0n,
      clientCollateral: 0n,
    },
  ])
  for (const log of (await published.wait())!.logs) {
    const event = market.interface.parseLog(log)
    if (event?.name === 'DealPublished') return event.args.dealId as bigint
  }
  throw new Error(`the deal with ${id} labelled ${label} was not published`)
}

/** Proves the sector that the deal was sealed into. */
export async function activateDeal({ ethers }: Connection, { worker }: Provider, dealId: bigint, sector: bigint) {
  const market = await ethers.getContractAt('ILocalMarket', ACTOR_ADDRESSES.market, worker)
  await (await market.activate(dealId, sector)).wait()
}

/** Seals the piece without a deal and has the miner actor tell `receiver` (direct data onboarding, FIP-0109). */
export async function sealDirectly(
  { ethers }: Connection,
  { id, worker }: Provider,
  { digest, size }: Piece,
  { sector, epochs, label, receiver }: { sector: bigint; epochs: bigint; label: string; receiver: string },
): Promise<void> {
  const miner = await ethers.getContractAt('ILocalMiner', maskedIdAddress(id), worker)
  const expiration = BigInt(await ethers.provider.getBlockNumber()) + epochs
  const piece = { digest: getBytes(digest), size, payload: toUtf8Bytes(label) }
  await (await miner.commitPieces(sector, expiration, [piece], receiver)).wait()
}

/** Moves an active sector's expiration out. */
export async function extendSector({ ethers }: Connection, { id, worker }: Provider, sector: bigint, to: bigint) {
  const miner = await ethers.getContractAt('ILocalMiner', maskedIdAddress(id), worker)
  await (await miner.commitSector(sector, to)).wait()
}

/** Ends a sector early, as a provider that lost its disks must. */
export async function terminateSector({ ethers }: Connection, { id, worker }: Provider, sector: bigint) {
  const miner = await ethers.getContractAt('ILocalMiner', maskedIdAddress(id), worker)
  await (await miner.terminateSector(sector)).wait()
}
