import { getBytes, hexlify, toUtf8Bytes } from 'ethers'
import { pieceCidBytes, pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { aboutFil, fil } from '../amounts.ts'
import { lengthWords } from '../perpetual/clock.ts'
import { seedText } from '../perpetual/order.ts'
import { perGibYear } from '../perpetual/rates.ts'
import { numberOf, STORAGE_KINDS, type StorageKind } from './names.ts'

/** On which terms a CID is to be stored, as StorageTerms.sol explains them. Amounts in attoFIL, times in epochs. */
export interface StorageTerms {
  kind: StorageKind
  replicas: number
  /** undefined: a request's operators find it. */
  piece?: Piece
  /** Request: what each deal must still run. Order: how long it goes on; 0: for ever. */
  termEpochs: bigint
  /** Of a request, from its execution; 0 for an order. */
  deadlineEpochs: bigint
  /** Request: reward per replica. Order: pay per replica and epoch. */
  price: bigint
  budget: bigint
  /** Where to fetch the data; public. */
  seed: string
}

/** The terms as the contracts take them. */
export function encodeTerms({ kind, piece, seed, ...numbers }: StorageTerms) {
  return {
    ...numbers,
    kind: numberOf(STORAGE_KINDS, kind),
    pieceCid: piece ? hexlify(pieceCidBytes(piece.digest)) : '0x',
    pieceSize: piece?.size ?? 0n,
    seed: toUtf8Bytes(seed),
  }
}

/** The terms as the contracts give them, decoded. */
export interface RawTerms {
  kind: bigint
  replicas: bigint
  pieceSize: bigint
  termEpochs: bigint
  deadlineEpochs: bigint
  price: bigint
  budget: bigint
  pieceCid: string
  seed: string
}

/** Terms as people and programs read them. */
export interface TermsFacts extends Omit<StorageTerms, 'piece'> {
  /** null where it is left to the operators. */
  pieceCid: string | null
  pieceSize: bigint
}

/** Commitment of a piece: what its CID (39 bytes) ends in. */
const DIGEST_BYTES = 32

export function readTerms(raw: RawTerms): TermsFacts {
  return {
    ...{ termEpochs: raw.termEpochs, deadlineEpochs: raw.deadlineEpochs, price: raw.price, budget: raw.budget },
    ...{ pieceSize: raw.pieceSize, kind: STORAGE_KINDS[Number(raw.kind)]!, replicas: Number(raw.replicas) },
    pieceCid: raw.pieceCid === '0x' ? null : pieceToCid(getBytes(raw.pieceCid).slice(-DIGEST_BYTES)),
    seed: seedText(raw.seed),
  }
}

/** What is bought, in the words of who votes. */
export function termsWords(terms: TermsFacts): string {
  const { kind, replicas, termEpochs, deadlineEpochs, price, budget, pieceSize } = terms
  const what = `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`
  if (kind === 'Request') {
    return `a request: ${what} for ${lengthWords(termEpochs)} at least, ${fil(price)} each, stored within ${lengthWords(deadlineEpochs)}; ${fil(budget)} at most`
  }
  const how = termEpochs === 0n ? 'for as long as its money lasts' : `for ${lengthWords(termEpochs)}`
  return `an order: ${what} ${how}, ${aboutFil(perGibYear(price, pieceSize))} for a GiB a year; it begins with ${fil(budget)}`
}
