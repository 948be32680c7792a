import type { ContractTransactionResponse } from 'ethers'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import type { ILocalMiner, LocalMiner } from '../../../types/ethers-contracts/index.js'
import { localMiner, proposal, publishedIds } from '../../helpers/actors.ts'
import { onChain, type Segment } from '../../helpers/podsi.ts'
import {
  claim,
  claimed,
  DAY,
  mineUpTo,
  now,
  open,
  PIECE,
  SAID,
  type Claimed,
  type Opening,
  type World,
} from './world.ts'

/** How long a replica's deal or sector runs, unless told otherwise: longer than the longest term of a claim. */
export const LONG = 540n * DAY

/** A deal that a storage provider made. */
export interface Deal {
  dealId: bigint
  sector: bigint
  /** CBOR of the sector's [deadline, partition]. */
  location: string
  start: bigint
  end: bigint
}

/** How {@link deal} differs from one which stores the order's piece for its provider's own account, labelled with the slot. */
export interface DealTerms {
  piece?: Piece
  label?: string
  client?: string
  miner?: bigint
  /** Epochs from now to the deal's start. */
  startIn?: bigint
  duration?: bigint
  verified?: boolean
  pricePerEpoch?: bigint
  clientCollateral?: bigint
  /** Whether its sector is proven. */
  active?: boolean
  sector?: bigint
}

/** Where the local miner keeps a sector (see {Sectors}), as CBOR: in one of 48 deadlines, in the first partition of that. */
export function locationOf(sector: bigint): string {
  const deadline = (sector % 48n).toString(16).padStart(2, '0')
  return sector % 48n < 24n ? `0x82${deadline}00` : `0x8218${deadline}00`
}

/** The market's proposal for a claim's replica. */
export async function proposalFor({ claim: { label, sp } }: { claim: Claimed }, terms: DealTerms = {}) {
  const { piece = PIECE, startIn = 100n, duration = LONG, miner = sp.miner, client = sp.owner.address } = terms
  const { verified = false, pricePerEpoch = 0n, clientCollateral = 0n } = terms
  const startEpoch = (await now()) + startIn
  const { digest, size } = onChain(piece)
  return proposal({
    ...{ client, verified, pricePerEpoch, clientCollateral, startEpoch, label: terms.label ?? label },
    ...{ pieceDigest: digest, pieceSize: size, providerId: miner, endEpoch: startEpoch + duration },
  })
}

/** The storage provider publishes a deal, and proves its sector, whose number is the deal's id unless told otherwise. */
export async function deal(w: World & { claim: Claimed }, terms: DealTerms = {}): Promise<Deal> {
  const given = await proposalFor(w, terms)
  const sp = w.sps.find(({ miner }) => miner === given.providerId)!
  const published = await (await w.market.connect(sp.owner).publish([given])).wait()
  const dealId = publishedIds(w.market, published!)[0]
  const sector = terms.sector ?? dealId
  if (terms.active ?? true) await w.market.activate(dealId, sector)
  return {
    dealId,
    sector,
    location: locationOf(sector),
    start: BigInt(given.startEpoch),
    end: BigInt(given.endEpoch),
  }
}

/** Shows a deal, by the claim's provider unless told otherwise. */
export function proveDeal(
  { storage, claim: { slot, sp } }: World & { claim: Claimed },
  { dealId, location }: Pick<Deal, 'dealId' | 'location'>,
  from: HardhatEthersSigner = sp.worker,
): Promise<ContractTransactionResponse> {
  return storage.connect(from).proveDeal(slot, dealId, location)
}

/** Shows a deal of an aggregate in which the piece lies. */
export function proveAggregatedDeal(
  { storage, claim: { slot, sp } }: World & { claim: Claimed },
  { dealId, location }: Pick<Deal, 'dealId' | 'location'>,
  { proof }: Pick<Segment, 'proof'>,
  from: HardhatEthersSigner = sp.worker,
): Promise<ContractTransactionResponse> {
  return storage.connect(from).proveAggregatedDeal(slot, dealId, proof, location)
}

/** A sector that a storage provider committed. */
export interface Sector {
  number: bigint
  location: string
  commitment: bigint
}

/** How {@link sector} differs from one with the order's piece alone, of which the contract is told with the slot's label. */
export interface SectorTerms {
  number?: bigint
  miner?: bigint
  /** Epochs from now. */
  committedFor?: bigint
  pieces?: ILocalMiner.PieceStruct[]
}

export const pieceOf = (piece: Piece, payload: string): ILocalMiner.PieceStruct => ({ ...onChain(piece), payload })

/** The miner actor of the claim's provider, for controls. */
export const minerOf = ({ claim: { sp } }: { claim: Claimed }): Promise<LocalMiner> => localMiner(sp.miner)

/** The storage provider proves a sector with direct data, of which its miner tells the contract. */
export async function sector(w: World & { claim: Claimed }, terms: SectorTerms = {}): Promise<Sector> {
  const { number = 7n, miner = w.claim.sp.miner, committedFor = LONG } = terms
  const commitment = (await now()) + committedFor
  const pieces = terms.pieces ?? [pieceOf(PIECE, w.claim.label)]
  await (await localMiner(miner)).commitPieces(number, commitment, pieces, w.storage)
  return { number, location: locationOf(number), commitment }
}

/** Shows the bound sector, by nobody in particular unless told otherwise. */
export function proveSector(
  { storage, stranger, claim: { slot } }: World & { claim: Claimed },
  { location }: Pick<Sector, 'location'>,
  from: HardhatEthersSigner = stranger,
): Promise<ContractTransactionResponse> {
  return storage.connect(from).proveSector(slot, location)
}

/** Shows that the sector of the provider's replica before was extended, by the claim's provider unless told otherwise. */
export function proveExtension(
  { storage, claim: { slot, sp } }: World & { claim: Claimed },
  location: string,
  from: HardhatEthersSigner = sp.worker,
): Promise<ContractTransactionResponse> {
  return storage.connect(from).proveExtension(slot, location)
}

/** Brings a slot up to date, by nobody in particular unless told otherwise. */
export function settle(
  { storage, stranger, claim: { slot } }: World & { claim: Claimed },
  { location }: { location: string },
  said: bigint = SAID.Active,
  from: HardhatEthersSigner = stranger,
): Promise<ContractTransactionResponse> {
  return storage.connect(from).settle(slot, said, location)
}

/** A replica in a deal that begins when this returns. */
export async function activeByDeal() {
  const w = await claimed()
  const made = await deal(w, { startIn: 10n })
  await proveDeal(w, made)
  await mineUpTo(made.start)
  return { ...w, deal: made }
}

/** A replica in a sector of direct data. */
export async function activeBySector() {
  const w = await claimed()
  const made = await sector(w)
  await proveSector(w, made)
  return { ...w, sector: made }
}

/** Opens one more order, of which `sp` claims the first slot. */
export async function anotherClaim<W extends World>(w: W, sp = w.sps[0], changes: Opening = {}) {
  return { ...w, claim: await claim(w, await open(w, changes), { sp }) }
}
