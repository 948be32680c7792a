import { hexlify, toUtf8Bytes, type Result } from 'ethers'
import type { CID } from 'multiformats/cid'
import { readTerms, type OrderTerms, type RawTerms } from '../../../oracle/chain/perpetual.ts'
import { pieceCidBytes } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import type { Perpetual } from './contract.ts'
import { ACCESSES, LIVENESSES, numberOf } from './names.ts'
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
  terms: OrderTerms
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
export async function readDefaultTerms(perpetual: Perpetual, price: bigint): Promise<OrderTerms> {
  const terms = (await perpetual.defaultTerms(price)) as unknown as Result
  return readTerms(terms.toObject() as RawTerms)
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
