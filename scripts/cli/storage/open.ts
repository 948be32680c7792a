import { setTimeout as wait } from 'node:timers/promises'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { aboutFil, fil } from '../../lib/amounts.ts'
import { bytesWords } from '../../lib/numbers.ts'
import { lengthWords } from '../../lib/perpetual/clock.ts'
import type { Perpetual } from '../../lib/perpetual/contract.ts'
import { openOrder, readDefaultTerms, type NewOrder } from '../../lib/perpetual/open-order.ts'
import type { Plan } from '../../lib/perpetual/plan.ts'
import { perGibYear } from '../../lib/perpetual/rates.ts'
import { isLive, readSlotsOf } from '../../lib/perpetual/slot.ts'
import { confirm } from '../confirm.ts'
import type { CliContext, ReadContext } from '../context.ts'
import { perpetualOf } from '../perpetual.ts'
import { bring, serveSeed, type Brought } from './bring.ts'
import { parseWish, planWish, type OpenOptions, type OrderWish } from './options.ts'

/** `storage open PATH|CID`: packs it, says what keeping it costs, and opens an order for its piece. */
export async function open(context: CliContext, what: string, options: OpenOptions): Promise<void> {
  const wish = parseWish(options)
  const brought = await bring(context, what, options)
  const { seed, served } = await serveSeed(context, brought, options)
  try {
    const perpetual = await perpetualOf(context)
    const { order, plan } = await planned(perpetual, wish, brought, seed)
    context.note(quoteWords(order, plan, brought))
    await confirm(context, `Put ${fil(order.deposit)} into the order?`, options.yes)
    const { orderId, transaction } = await openOrder(perpetual, context.signer.address, order)
    const show = `npm run mooring -- storage show ${orderId} --network ${context.network}`
    if (served) {
      context.note(
        `order ${orderId} is open; serving its piece at ${served.url} until ${order.replicas} replicas are proven (Ctrl-C ends that)`,
      )
      await untilProven(context, perpetual, orderId, order.replicas)
    }
    context.say(`order ${orderId} is open with ${fil(order.deposit)}; follow it: ${show}`, {
      ...{ orderId, transaction, deposit: order.deposit, price: order.price, ceiling: order.ceiling },
      ...{ replicas: order.replicas, pieceCid: pieceToCid(order.piece.digest), pieceSize: order.piece.size },
      ...{ cid: brought.packed?.root.toString() ?? null, car: brought.packed?.file ?? null, seed },
    })
  } finally {
    await served?.stop()
  }
}

async function planned(
  perpetual: Perpetual,
  wish: OrderWish,
  { piece, packed }: Brought,
  seed: string,
): Promise<{ order: NewOrder; plan: Plan }> {
  const { plan, ceiling } = planWish(wish, piece)
  const defaults = await readDefaultTerms(perpetual, plan.price)
  const order = {
    ...{ piece, payloadCid: packed?.root, replicas: plan.replicas, price: plan.price, ceiling, endEpoch: 0n, seed },
    terms: { ...defaults, maxTermEpochs: plan.termEpochs, ...wish.terms },
    ...{ providers: wish.providers, deposit: plan.deposit },
  }
  return { order, plan }
}

/** What is bought, in the words of who pays. */
export function quoteWords(order: NewOrder, plan: Plan, { packed }: Brought): string {
  const { piece, replicas, ceiling, terms } = order
  return [
    ...(packed ? [`${packed.file} is ${packed.root.toString()}, ${packed.bytes} B`] : []),
    `  piece       ${pieceToCid(piece.digest)}, ${bytesWords(piece.size)} padded`,
    `  price       ${aboutFil(plan.payPerGibYear)} for a GiB a year: ${plan.price} attoFIL an epoch for each replica`,
    `  ceiling     ${aboutFil(perGibYear(ceiling, piece.size))} for a GiB a year, to which it rises for a successor near a term's end`,
    `  in all      ${fil(plan.deposit)}: ${counted(replicas, 'replica')}, ${counted(plan.terms, 'term')} of ${lengthWords(plan.termEpochs)} each; put in now`,
    `  reserved    ${aboutFil(plan.reservedAtOnce)} by the first claims; what is not reserved you can take back at any time`,
    `  providers   put down ${fil(terms.collateral)} for each replica, ${fil(terms.collateral * BigInt(replicas))} in all`,
  ].join('\n')
}

const counted = (n: number | bigint, what: string) => `${n} ${what}${Number(n) === 1 ? '' : 's'}`

async function untilProven(
  { note }: ReadContext,
  perpetual: Perpetual,
  orderId: bigint,
  replicas: number,
): Promise<void> {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  let told = ''
  while (!interrupted.signal.aborted) {
    const epoch = BigInt(await perpetual.runner!.provider!.getBlockNumber())
    const live = (await readSlotsOf(perpetual, orderId)).filter((slot) => isLive(slot, epoch))
    const active = live.filter(({ state }) => state === 'Active').length
    const words = `${live.length - active} claimed, ${active} of ${replicas} replicas proven`
    if (words !== told) note(words)
    told = words
    if (active >= replicas) return
    await wait(1_000, undefined, { signal: interrupted.signal }).catch(() => undefined) // Ctrl-C ends the wait alone
  }
}
