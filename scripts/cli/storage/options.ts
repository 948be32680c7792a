import { EPOCHS_PER_YEAR } from '../../../oracle/chain/epochs.ts'
import { MAX_REPLICAS, MAX_TERM, MIN_TERM } from '../../../oracle/chain/perpetual-rules.ts'
import type { OrderTerms } from '../../../oracle/chain/perpetual.ts'
import { parsePieceCid, PieceCidInvalid } from '../../../oracle/proofs/piece-cid.ts'
import { isPieceSize, type Piece } from '../../../oracle/proofs/piece.ts'
import { fil, parseFil } from '../../lib/amounts.ts'
import { parseBytes, parseDays, parseMiner, parseWhole, parseYears } from '../../lib/numbers.ts'
import type { Liveness } from '../../lib/perpetual/names.ts'
import { planOrder, type Plan } from '../../lib/perpetual/plan.ts'
import { priceOfRate } from '../../lib/perpetual/rates.ts'

const MAX_YEARS_EPOCHS = 100n * EPOCHS_PER_YEAR

export interface OpenOptions {
  replicas: string
  years: string
  price?: string
  maxCost?: string
  ceiling?: string
  term?: string
  collateral?: string
  minPower?: string
  only?: string
  except?: string
  liveness: string
  pieceSize?: string
  seed?: string
  serve?: string
  link?: string
  car?: string
  wait: boolean
  yes?: boolean
}

/** What the options say, before the piece is known. Amounts in attoFIL, rates for a GiB kept a year, times in epochs. */
export interface OrderWish {
  replicas: number
  epochs: bigint
  money: { rate: bigint } | { maxCost: bigint }
  ceilingRate?: bigint
  termEpochs?: bigint
  terms: Partial<OrderTerms>
  providers: bigint[]
}

/** @throws Error that names the option and what it expects */
export function parseWish(options: OpenOptions): OrderWish {
  const { only, except } = options
  if (only !== undefined && except !== undefined)
    throw new Error('name those who may claim (--only) or those who may not (--except)')
  const listed = only ?? except
  return {
    replicas: Number(parseWhole('--replicas', options.replicas, 1n, MAX_REPLICAS)),
    epochs: parseEpochs(options.years),
    money: parseMoney(options),
    ...(options.ceiling !== undefined && { ceilingRate: parseFil('--ceiling', options.ceiling) }),
    ...(options.term !== undefined && { termEpochs: parseTerm(options.term) }),
    terms: {
      liveness: parseLiveness(options.liveness),
      ...(options.collateral !== undefined && { collateral: parseFil('--collateral', options.collateral) }),
      ...(options.minPower !== undefined && { minPower: parseBytes('--min-power', options.minPower) }),
      access: only !== undefined ? 'Listed' : except !== undefined ? 'NotListed' : 'Everyone',
    },
    providers:
      listed === undefined ? [] : listed.split(',').map((id) => parseMiner(only ? '--only' : '--except', id.trim())),
  }
}

/** The order for a wish and a piece, with the ceiling of its price. @throws Error where the money pays nothing */
export function planWish(wish: OrderWish, { size }: Piece): { plan: Plan; ceiling: bigint } {
  const plan = planOrder({
    ...{ pieceSize: size, replicas: wish.replicas, epochs: wish.epochs, termEpochs: wish.termEpochs },
    ...('rate' in wish.money ? { price: priceOfRate(wish.money.rate, size) } : { maxCost: wish.money.maxCost }),
  })
  const ceiling = wish.ceilingRate === undefined ? 2n * plan.price : priceOfRate(wish.ceilingRate, size)
  if (ceiling < plan.price) {
    throw new Error(
      `--ceiling is below the price: expected at least ${fil(plan.payPerGibYear)}, got ${fil(wish.ceilingRate!)}`,
    )
  }
  return { plan, ceiling }
}

/** A piece that is named instead of packed; undefined where the text names none. @throws Error where its size is missing */
export function parsePiece(text: string, pieceSize: string | undefined): Piece | undefined {
  let parsed: ReturnType<typeof parsePieceCid>
  try {
    parsed = parsePieceCid(text)
  } catch (error) {
    if (error instanceof PieceCidInvalid) return undefined
    throw error
  }
  const size = pieceSize === undefined ? parsed.size : parseBytes('--piece-size', pieceSize)
  if (size === undefined) throw new Error(`${text} says no size: give the piece's padded size, as --piece-size 32GiB`)
  if (!isPieceSize(size)) throw new Error(`--piece-size expects a power of two of at least 128 B, got ${size}`)
  return { digest: parsed.digest, size }
}

function parseMoney({ price, maxCost }: OpenOptions): OrderWish['money'] {
  if ((price === undefined) === (maxCost === undefined)) {
    throw Object.assign(
      new Error('say what it may cost: --price for a GiB kept a year, or --max-cost for everything'),
      {
        hint: 'npm run mooring -- slots list shows what others pay.',
      },
    )
  }
  return price !== undefined ? { rate: parseFil('--price', price) } : { maxCost: parseFil('--max-cost', maxCost!) }
}

function parseEpochs(text: string): bigint {
  const epochs = parseYears('--years', text)
  if (epochs <= MAX_YEARS_EPOCHS) return epochs
  throw new Error(`--years expects at most 100, got '${text}'; an order goes on for ever while it is topped up`)
}

function parseTerm(text: string): bigint {
  const epochs = parseDays('--term', text)
  if (epochs >= MIN_TERM && epochs <= MAX_TERM) return epochs
  throw new Error(`--term expects 180 to 1278 days, what the market takes, got '${text}'`)
}

function parseLiveness(text: string): Liveness {
  if (text === 'sector') return 'Sector'
  if (text === 'deal') return 'Deal'
  throw new Error(`--liveness expects sector or deal, got '${text}'`)
}
