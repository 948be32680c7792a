import { parseSome } from '../../lib/amounts.ts'
import { encodeCall } from '../../lib/dao/calls.ts'
import { findEntry } from '../../lib/dao/collection.ts'
import type { Dao } from '../../lib/dao/contracts.ts'
import { readOrder, type OrderFacts } from '../../lib/perpetual/order.ts'
import type { CliContext } from '../context.ts'
import { newPrices, type PriceOptions } from '../storage/change.ts'
import { daoOf } from './dao.ts'
import { putToVote, type VoteOptions } from './put-to-vote.ts'

/** `dao topup ENTRY`: puts it to the vote to add to the order that keeps it, from the treasury. */
export async function topup(
  context: CliContext,
  entry: string,
  options: VoteOptions & { amount: string },
): Promise<void> {
  const amount = parseSome('--amount', options.amount)
  const dao = await daoOf(context, options)
  const { id } = await orderOf(dao, entry)
  await putToVote(context, dao, [encodeCall(dao.storage, 'topUp', [id], amount)], options)
}

/** `dao price ENTRY`: puts it to the vote what future claims of its order are paid. */
export async function price(context: CliContext, entry: string, options: VoteOptions & PriceOptions): Promise<void> {
  const dao = await daoOf(context, options)
  const order = await orderOf(dao, entry)
  const { next, ceiling } = newPrices(order, options)
  await putToVote(context, dao, [encodeCall(dao.storage, 'setPrice', [order.id, next, ceiling])], options)
}

/** `dao suspend ENTRY`: puts it to the vote that nobody claims from its order until that is resumed. */
export async function suspend(context: CliContext, entry: string, options: VoteOptions): Promise<void> {
  const dao = await daoOf(context, options)
  const order = await orderOf(dao, entry)
  if (order.status !== 'Live') throw new Error(`order ${order.id} is ${order.status}: expected it to be Live`)
  await putToVote(context, dao, [encodeCall(dao.storage, 'suspend', [order.id])], options)
}

/** `dao resume ENTRY`: puts it to the vote to open its order for claims again. */
export async function resume(context: CliContext, entry: string, options: VoteOptions): Promise<void> {
  const dao = await daoOf(context, options)
  const order = await orderOf(dao, entry)
  if (order.status !== 'Suspended') throw new Error(`order ${order.id} is ${order.status}: expected it to be Suspended`)
  await putToVote(context, dao, [encodeCall(dao.storage, 'resume', [order.id])], options)
}

/** The order that keeps an entry of the collection, which the DAO can still change. */
async function orderOf(dao: Dao, text: string): Promise<OrderFacts> {
  const { index, cid, kind, storageId, removedEpoch } = await findEntry(dao, text)
  if (kind === 'Request') {
    throw Object.assign(new Error(`entry ${index} is kept by request ${storageId}, not by an order`), {
      hint: `A request is paid once and has nothing to change. For replicas that go on: dao remove ${cid}, then dao propose ${cid} --kind order.`,
    })
  }
  if (removedEpoch !== 0n) {
    throw Object.assign(
      new Error(`entry ${index} was removed at epoch ${removedEpoch}, and order ${storageId} ended`),
      {
        hint: `To keep it again: npm run mooring -- dao propose ${cid} --kind order.`,
      },
    )
  }
  const order = await readOrder(dao.storage, storageId)
  if (order.status !== 'Cancelled') return order
  throw Object.assign(new Error(`order ${storageId} of entry ${index} is cancelled, for good`), {
    hint: `To keep it again: dao remove ${cid}, then dao propose ${cid} --kind order.`,
  })
}
