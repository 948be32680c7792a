import type { OrderTerms } from '../../../oracle/chain/perpetual.ts'
import { aboutFil, fil } from '../../lib/amounts.ts'
import { readAnswers } from '../../lib/answers.ts'
import { bytesWords } from '../../lib/numbers.ts'
import { lengthWords } from '../../lib/perpetual/clock.ts'
import { continueRequest, outlookOf, readContinuation, type Continuation } from '../../lib/perpetual/continuation.ts'
import { readDefaultTerms } from '../../lib/perpetual/open-order.ts'
import { perGibYear } from '../../lib/perpetual/rates.ts'
import { pinningAt } from '../../lib/pinning.ts'
import { readRequest, type RequestFacts } from '../../lib/request.ts'
import { confirm } from '../confirm.ts'
import { parseRequestId, type CliContext } from '../context.ts'
import { clockOf, describeRows, perpetualOf } from '../perpetual.ts'

/** `storage continue REQUEST`: opens the order that a request of `storage ask` goes on as. Anyone may; operators do it by themselves. */
export async function continueAsOrder(
  context: CliContext,
  idText: string,
  { yes }: { yes?: boolean } = {},
): Promise<void> {
  const { connection, deployment, signer, network } = context
  const pinning = await pinningAt(connection, deployment, signer)
  const facts = await readRequest(connection, deployment, parseRequestId(idText))
  const order = await readContinuation(pinning, facts)
  if (order === null) {
    throw Object.assign(new Error(`request #${facts.id} asks for deals: no order comes of it`), {
      hint: `npm run mooring -- status ${facts.id} --network ${network} shows them; npm run mooring -- storage open opens an order.`,
    })
  }
  const oracle = await readAnswers(connection, deployment, facts.id)
  const { ready, words, next } = outlookOf(facts, order, oracle, await clockOf(context), network)
  if (!ready) throw Object.assign(new Error(`request #${facts.id} ${words}`), { hint: next })

  context.note(orderWords(facts, order, await readDefaultTerms(await perpetualOf(context), order.price)))
  await confirm(context, `Open the order of request #${facts.id}?`, yes)
  const { orderId, deposit, transaction } = await continueRequest(pinning, facts.id)
  context.say(
    `request #${facts.id} is open as order ${orderId} with ${fil(deposit)}; follow it: npm run mooring -- storage show ${orderId} --network ${network}`,
    {
      ...{ id: facts.id, orderId, transaction, deposit, client: facts.requester },
      ...{ replicas: order.replicas, price: order.price, ceiling: order.ceiling },
      ...{ pieceCid: facts.pieceCid, pieceSize: facts.pieceSize, cid: facts.cid, seed: order.seed },
    },
  )
}

/** What the order will be, in the words of whose money it is. */
function orderWords(facts: RequestFacts, order: Continuation, defaults: OrderTerms): string {
  const { replicas, price, ceiling, evictEpochs, renewalEpochs, seed } = order
  const { maxTermEpochs, claimEpochs, collateral } = defaults
  const rate = (of: bigint) => aboutFil(perGibYear(of, facts.pieceSize))
  return describeRows(`request #${facts.id} goes on as an order`, [
    ['client', `${facts.requester}, who asked`],
    ['piece', `${facts.pieceCid}, ${bytesWords(facts.pieceSize)} padded`],
    ['replicas', `${replicas}, of as many owners, for terms of at most ${lengthWords(maxTermEpochs)}, for ever`],
    ['price', `${rate(price)} for a GiB a year: ${price} attoFIL an epoch for each replica`],
    ['ceiling', `${rate(ceiling)} for a GiB a year, to which it rises for a successor near a term's end`],
    ['money', `${fil(facts.reward)} move from the request into the order; you pay the gas alone`],
    ['reserved', `${aboutFil(price * BigInt(replicas) * maxTermEpochs)} by the first claims`],
    [
      'providers',
      `put down ${fil(collateral)} for each replica, prove it within ${lengthWords(claimEpochs)}, lose it when faulty for ${lengthWords(evictEpochs)}; its successor is sought ${lengthWords(renewalEpochs)} before its end`,
    ],
    ['seed', seed || 'not said'],
  ])
}
