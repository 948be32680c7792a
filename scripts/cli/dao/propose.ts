import { fil } from '../../lib/amounts.ts'
import { withMargin } from '../../lib/dao/create.ts'
import { proposeCid, quoteTerms } from '../../lib/dao/propose.ts'
import type { Dao } from '../../lib/dao/contracts.ts'
import { termsWords, type StorageTerms } from '../../lib/dao/terms.ts'
import { pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { confirm } from '../confirm.ts'
import type { CliContext } from '../context.ts'
import { clockOf, describeRows } from '../perpetual.ts'
import { bringToVote, type Brought } from './bring.ts'
import { daoOf, type DaoOption } from './dao.ts'
import { madeWords, numberOf } from './made.ts'
import { serveWhileNeeded } from './serve.ts'
import { parseWish, termsOf, type ProposeOptions } from './terms.ts'

/** `dao propose PATH|CID`: puts it to the vote, with the terms on which it is stored if it passes. */
export async function propose(context: CliContext, what: string, options: ProposeOptions & DaoOption): Promise<void> {
  const wish = parseWish(options)
  const dao = await daoOf(context, options)
  const brought = await bringToVote(context, what, wish, options)
  try {
    const { cid, size } = brought
    const asked = termsOf(wish, brought.piece, brought.seed)
    const quote = await quoteTerms(dao, cid, size, asked)
    const budget = wish.budget ?? (asked.kind === 'Request' ? withMargin(quote) : asked.budget)
    const terms = { ...asked, budget }
    const free = await dao.treasury.free()
    context.note(quoteWords(dao, brought, terms, { quote, free }))
    await confirm(context, `Put ${cid.toString()} to the vote of ${dao.name}?`, options.yes)

    const description = options.description ?? `Keep ${cid.toString()}`
    const made = await proposeCid(dao, { cid, size, terms, description, providerId: wish.providerId })
    context.note(`made: proposal ${made.proposalId}, by transaction ${made.transaction}`)
    const number = await numberOf(dao, made)
    if (brought.stop) {
      const words = `proposal ${number} is made; serving its data at ${brought.seed} until it is stored or the vote fails`
      context.note(`${words} (Ctrl-C ends that)`)
      await serveWhileNeeded(context, dao, made.proposalId, cid)
    }
    context.say(madeWords(context, dao, { ...made, number }, await clockOf(context)), {
      ...{ dao: dao.address, number, ...made, cid: cid.toString(), size, quote, free, budget },
      ...{ kind: terms.kind, seed: brought.seed, car: brought.car ?? null, providerId: wish.providerId },
    })
  } finally {
    await brought.stop?.()
  }
}

function quoteWords(
  dao: Dao,
  { cid, size, piece, car, seed }: Brought,
  terms: StorageTerms,
  { quote, free }: { quote: bigint; free: bigint },
): string {
  const short = terms.budget > free ? `, ${fil(terms.budget - free)} less than this may take` : ''
  return describeRows(`for the vote of ${dao.name}`, [
    ['cid', `${cid.toString()}, a CAR of ${car ? '' : 'at most '}${size} B`],
    ...(car ? [['packed', car] as [string, string]] : []),
    ['seed', seed || 'not said: it must be found on IPFS'],
    [
      'terms',
      termsWords({ ...terms, pieceCid: piece ? pieceToCid(piece.digest) : null, pieceSize: piece?.size ?? 0n }),
    ],
    ['costs', `${fil(quote)} now`],
    ['treasury', `${fil(free)} free${short}`],
  ])
}
