import { DEFAULT_MAX_TERM } from '../../../oracle/chain/perpetual-rules.ts'
import type { Piece } from '../../../oracle/proofs/piece.ts'
import { fil, parseFil } from '../../lib/amounts.ts'
import type { StorageKind } from '../../lib/dao/names.ts'
import type { StorageTerms } from '../../lib/dao/terms.ts'
import { parseDays, parseMiner, parseWhole } from '../../lib/numbers.ts'
import { priceOfRate } from '../../lib/perpetual/rates.ts'
import { parsePiece } from '../storage/options.ts'

const MAX_REPLICAS = 16n

export interface ProposeOptions {
  kind: string
  replicas: string
  days?: string
  deadline: string
  reward?: string
  price?: string
  budget?: string
  provider?: string
  description?: string
  seed?: string
  serve?: string
  link?: string
  car?: string
  maxBytes?: string
  piece?: string
  pieceSize?: string
  wait: boolean
  yes?: boolean
}

/** What the options say, before the data is known. Amounts in attoFIL, times in epochs. */
export interface Wish {
  kind: StorageKind
  replicas: number
  termEpochs: bigint
  deadlineEpochs: bigint
  /** Request: the reward per replica. Order: the rate for a GiB kept a year. */
  money: bigint
  /** undefined: what it costs now, and a margin where it may rise. */
  budget?: bigint
  providerId: bigint
  /** A piece that is named instead of computed. */
  piece?: Piece
  /** Of a CAR that is not made here, bytes. */
  maxBytes?: bigint
}

/** @throws Error that names the option and what it expects */
export function parseWish(options: ProposeOptions): Wish {
  const kind = parseKind(options.kind)
  const { days, budget, provider, piece, maxBytes } = options
  const termEpochs = days === 'forever' ? 0n : parseDays('--days', days ?? (kind === 'Request' ? '180' : '360'))
  if (termEpochs === 0n && kind === 'Request') throw new Error('--days: a request’s deals run for a number of days')
  if (termEpochs === 0n && budget === undefined) throw new Error('--days forever: say with how much, --budget')
  return {
    ...{ kind, termEpochs, money: parseMoney(kind, options) },
    replicas: Number(parseWhole('--replicas', options.replicas, 1n, MAX_REPLICAS)),
    deadlineEpochs: kind === 'Request' ? parseWhole('--deadline', options.deadline) : 0n,
    providerId: provider === undefined ? 0n : parseMiner('--provider', provider),
    ...(budget !== undefined && { budget: parseFil('--budget', budget) }),
    ...(piece !== undefined && { piece: namedPiece(piece, options.pieceSize) }),
    ...(maxBytes !== undefined && { maxBytes: parseWhole('--max-bytes', maxBytes) }),
  }
}

/** The terms for a wish and a piece; the budget is what the wish says, or what an order's replicas are paid in all. */
export function termsOf(wish: Wish, piece: Piece | undefined, seed: string): StorageTerms {
  const { kind, replicas, termEpochs, deadlineEpochs, money } = wish
  if (kind === 'Request') {
    const named = wish.piece && { piece: wish.piece } // else the operators find it
    return { kind, replicas, ...named, termEpochs, deadlineEpochs, price: money, budget: wish.budget ?? 0n, seed }
  }
  if (!piece) throw new Error('an order is about a piece: name it (--piece), or a PATH or CID that is packed here')
  const price = priceOfRate(money, piece.size)
  if (price === 0n) throw new Error(`--price ${fil(money)} pays less than 1 attoFIL an epoch for ${piece.size} B`)
  const paid = termEpochs > DEFAULT_MAX_TERM ? termEpochs : DEFAULT_MAX_TERM // what the first claims reserve
  const budget = wish.budget ?? price * BigInt(replicas) * paid
  return { kind, replicas, piece, termEpochs, deadlineEpochs, price, budget, seed }
}

function parseKind(text: string): StorageKind {
  if (text === 'request') return 'Request'
  if (text === 'order') return 'Order'
  throw new Error(`--kind expects request or order, got '${text}'`)
}

function parseMoney(kind: StorageKind, { reward, price }: ProposeOptions): bigint {
  if (kind === 'Request') {
    if (price !== undefined) throw new Error('--price is an order’s: a request has --reward, FIL per replica')
    return parseFil('--reward', reward ?? '0.05')
  }
  if (reward !== undefined) throw new Error('--reward is a request’s: an order has --price, FIL for a GiB kept a year')
  if (price !== undefined) return parseFil('--price', price)
  throw Object.assign(new Error('say what a GiB kept a year may cost: --price FIL'), {
    hint: 'npm run mooring -- slots list shows what others pay.',
  })
}

function namedPiece(text: string, size: string | undefined): Piece {
  const piece = parsePiece(text, size)
  if (piece) return piece
  throw new Error(`--piece expects a piece CID, as baga6ea4seaq…, got '${text}'`)
}
