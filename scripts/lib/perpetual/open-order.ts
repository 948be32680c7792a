import { hexlify, toUtf8Bytes } from 'ethers'
import type { CID } from 'multiformats/cid'
import { pieceCidBytes } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import type { Perpetual } from './contract.ts'
import { ACCESSES, LIVENESSES, numberOf } from './names.ts'
import type { TermsFacts } from './order.ts'
import { done, eventNamed } from './sent.ts'

/** An order to be opened. Amounts in attoFIL, prices per replica and epoch, times in epochs. */
export interface NewOrder {
  piece: Piece
  /** What was packed into the piece, where it is a DAG. */
  payloadCid?: CID
  replicas: number
  price: bigint
  ceiling: bigint
  /** 0: for ever. */
  endEpoch: bigint
  /** Where to fetch the piece; public. */
  seed: string
  terms: TermsFacts
  /** The list for `terms.access`. */
  providers: bigint[]
  /** What it begins with. */
  deposit: bigint
}

export interface Opened {
  orderId: bigint
  deposit: bigint
  transaction: string
}

/** What the contract opens an order of this price with, unless told otherwise. */
export async function readDefaultTerms(perpetual: Perpetual, price: bigint): Promise<TermsFacts> {
  const terms = await perpetual.defaultTerms(price)
  const { minTermEpochs, maxTermEpochs, claimEpochs, fetchEpochs, gapEpochs, renewalEpochs, evictEpochs } = terms
  return {
    ...{ minTermEpochs, maxTermEpochs, claimEpochs, fetchEpochs, gapEpochs, renewalEpochs, evictEpochs },
    ...{ collateral: terms.collateral, minPower: terms.minPower },
    liveness: LIVENESSES[Number(terms.liveness)]!,
    access: ACCESSES[Number(terms.access)]!,
  }
}

/** Opens an order of `client`'s and waits until it is in a block; the signer of `perpetual` pays. */
export async function openOrder(perpetual: Perpetual, client: string, order: NewOrder): Promise<Opened> {
  const { piece, payloadCid, replicas, price, ceiling, endEpoch, seed, terms, providers, deposit } = order
  const args = {
    pieceCid: hexlify(pieceCidBytes(piece.digest)),
    pieceSize: piece.size,
    ...{ replicas, price, ceiling, endEpoch },
    payloadCid: payloadCid ? hexlify(payloadCid.bytes) : '0x',
    seed: toUtf8Bytes(seed),
    terms: {
      ...terms,
      liveness: numberOf(LIVENESSES, terms.liveness),
      access: numberOf(ACCESSES, terms.access),
    },
    providers,
  }
  const result = await done(perpetual, await perpetual.openFor(client, args, { value: deposit }))
  const { orderId } = eventNamed(result, 'OrderOpened').args as unknown as { orderId: bigint }
  return { orderId, deposit, transaction: result.transaction }
}
