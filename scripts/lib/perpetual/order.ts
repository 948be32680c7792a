import { getBytes, toUtf8String } from 'ethers'
import { CID } from 'multiformats/cid'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Perpetual } from './contract.ts'
import { ACCESSES, LIVENESSES, ORDER_STATUSES, type Access, type Liveness, type OrderStatus } from './names.ts'

/** Rules of an order that never change. Epochs, attoFIL, bytes. */
export interface TermsFacts {
  minTermEpochs: bigint
  maxTermEpochs: bigint
  claimEpochs: bigint
  fetchEpochs: bigint
  gapEpochs: bigint
  renewalEpochs: bigint
  evictEpochs: bigint
  collateral: bigint
  minPower: bigint
  liveness: Liveness
  access: Access
}

/** An order as the chain tells it. Amounts in attoFIL, prices per replica and epoch, sizes in bytes. */
export interface OrderFacts {
  id: bigint
  client: string
  status: OrderStatus
  version: bigint
  replicas: number
  price: bigint
  ceiling: bigint
  /** No slot runs beyond it; 0: for ever. */
  endEpoch: bigint
  openedEpoch: bigint
  pieceCid: string
  pieceSize: bigint
  /** The CID that was packed into the piece; null where the order names none. */
  payloadCid: string | null
  /** Where to fetch the piece; empty where nobody said. */
  seed: string
  free: bigint
  reserved: bigint
  terms: TermsFacts
}

type OrderView = Awaited<ReturnType<Perpetual['getOrder']>>

/** @throws the contract's UnknownOrder */
export async function readOrder(perpetual: Perpetual, id: bigint): Promise<OrderFacts> {
  return toOrder(id, await perpetual.getOrder(id))
}

function toOrder(id: bigint, view: OrderView): OrderFacts {
  const { minTermEpochs, maxTermEpochs, claimEpochs, fetchEpochs, gapEpochs, renewalEpochs, evictEpochs } = view.terms
  return {
    id,
    client: view.client,
    status: ORDER_STATUSES[Number(view.status)]!,
    version: view.version,
    replicas: Number(view.replicas),
    price: view.price,
    ceiling: view.ceiling,
    endEpoch: view.endEpoch,
    openedEpoch: view.openedEpoch,
    pieceCid: pieceToCid(getBytes(view.pieceDigest)),
    pieceSize: view.pieceSize,
    payloadCid: view.payloadCid === '0x' ? null : cidText(view.payloadCid),
    seed: seedText(view.seed),
    free: view.free,
    reserved: view.reserved,
    terms: {
      ...{ minTermEpochs, maxTermEpochs, claimEpochs, fetchEpochs, gapEpochs, renewalEpochs, evictEpochs },
      collateral: view.terms.collateral,
      minPower: view.terms.minPower,
      liveness: LIVENESSES[Number(view.terms.liveness)]!,
      access: ACCESSES[Number(view.terms.access)]!,
    },
  }
}

/** Where to fetch, as text; a seed that is no text is shown in hex. */
export function seedText(seed: string): string {
  try {
    return toUtf8String(seed)
  } catch {
    return seed // any bytes may stand there: the contract bounds their length alone
  }
}

function cidText(bytes: string): string {
  return CID.decode(getBytes(bytes)).toString()
}
