import { EPOCHS_PER_YEAR } from '../../../oracle/chain/epochs.ts'
import { aboutFil, fil, parseFil } from '../../lib/amounts.ts'
import { bytesWords, parseMiner } from '../../lib/numbers.ts'
import { claimSlot, quoteClaim, type Claimed, type ClaimQuote } from '../../lib/perpetual/claim.ts'
import { lengthWords, whenWords, type Clock } from '../../lib/perpetual/clock.ts'
import { GIB } from '../../lib/perpetual/rates.ts'
import { parseSlot } from '../../lib/perpetual/slot-id.ts'
import { confirm } from '../confirm.ts'
import type { CliContext } from '../context.ts'
import { clockOf, perpetualOf } from '../perpetual.ts'

export interface ClaimOptions {
  provider: string
  minPrice?: string
  yes?: boolean
}

/** `slots claim SLOT`: says what is put down and what it can earn, then claims exactly that. */
export async function claim(context: CliContext, slotText: string, options: ClaimOptions): Promise<void> {
  const slot = parseSlot(slotText)
  const provider = parseMiner('--provider', options.provider)
  const perpetual = await perpetualOf(context)
  const clock = await clockOf(context)
  const quote = await quoteClaim(perpetual, slot, clock)
  const minPrice = leastPrice(quote, options.minPrice)

  context.note(quoteWords(quote, provider, clock))
  await confirm(
    context,
    `Put down ${fil(quote.open.collateral)} and claim slot ${slot} for f0${provider}?`,
    options.yes,
  )
  const claimed = await claimSlot(perpetual, quote.open, provider, minPrice)
  context.say(claimedWords(claimed, clock, context.network), { ...claimed })
}

/** The least price an epoch for `--min-price`, FIL a GiB-year; the quoted one unless it is given. @throws Error if the slot pays less */
export function leastPrice({ open, order }: ClaimQuote, minPrice: string | undefined): bigint {
  if (minPrice === undefined) return open.price
  const rate = parseFil('--min-price', minPrice)
  const price = (rate * order.pieceSize + EPOCHS_PER_YEAR * GIB - 1n) / (EPOCHS_PER_YEAR * GIB)
  if (open.price >= price) return price
  throw Object.assign(
    new Error(
      `slot ${open.slot} pays ${aboutFil(open.payPerGibYear)} for a GiB a year, --min-price wants ${fil(rate)}`,
    ),
    {
      hint: 'The price of a successor rises while its order’s replica nears its end: look again later, or ask for less.',
    },
  )
}

function quoteWords({ open, order, mostPay, leastPay }: ClaimQuote, provider: bigint, clock: Clock): string {
  const { slot, nonce, orderVersion, price, payPerGibYear, collateral, claimBy, minTermEpochs, maxTermEpochs } = open
  const fetchUntil = clock.epoch + order.terms.fetchEpochs
  return [
    `slot ${slot} for f0${provider}, claim ${nonce}, version ${orderVersion} of order ${order.id}`,
    `  pays        ${price} attoFIL an epoch, ${aboutFil(payPerGibYear)} for a GiB a year`,
    `  in all      ${aboutFil(leastPay)} for ${lengthWords(minTermEpochs)}, at most ${aboutFil(mostPay)} for ${lengthWords(maxTermEpochs)}`,
    `  piece       ${open.pieceCid}, ${bytesWords(open.pieceSize)} padded`,
    `  collateral  ${fil(collateral)}, back at the term's end; burnt if the replica is not proven in time`,
    `  give back   until ${whenWords(clock, fetchUntil)} for a twentieth of it: slots abandon ${slot}`,
    `  prove       by ${whenWords(clock, claimBy)}`,
    `  then show   that it lives at least every ${lengthWords(order.terms.gapEpochs)}: older time is not paid`,
  ].join('\n')
}

function claimedWords(claimed: Claimed, clock: Clock, network: string): string {
  const { slot, label, provider, claimBy, seed, holders } = claimed
  const verb = (words: string) => `npm run mooring -- slots ${words} --network ${network}`
  return [
    `slot ${slot} is f0${provider}'s: prove it by ${whenWords(clock, claimBy)}`,
    `  name it     ${label}, in the deal's label or the sector's notification`,
    `  fetch       ${seed || 'the order does not say where'}${holders.length > 0 ? `; kept by ${holders.map((id) => `f0${id}`).join(', ')}` : ''}`,
    `  next        ${verb(`fetch ${slot} --to FILE`)}`,
    `              ${verb(`prove ${slot}`)}`,
  ].join('\n')
}
