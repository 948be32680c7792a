import { STAGE } from '../../../oracle/chain/jobs.ts'
import type { OracleFacts } from '../answers.ts'
import type { Pinning } from '../pinning.ts'
import { OVER, type RequestFacts } from '../request.ts'
import { whenWords, type Clock } from './clock.ts'
import { seedText } from './order.ts'
import { done, eventNamed } from './sent.ts'

/** The order that a request of `submitRaaS` goes on as. Price and ceiling are attoFIL per replica and epoch, times epochs. */
export interface Continuation {
  replicas: number
  price: bigint
  ceiling: bigint
  /** A replica that is faulty for so long is lost. */
  evictEpochs: bigint
  /** So long before a replica's end its successor is sought. */
  renewalEpochs: bigint
  /** Where providers are to fetch the piece; empty where nobody said. */
  seed: string
  /** Null until it is open. */
  orderId: bigint | null
}

/** Null for a request that asks for deals. */
export async function readContinuation(
  pinning: Pinning,
  { id, replicas }: Pick<RequestFacts, 'id' | 'replicas'>,
): Promise<Continuation | null> {
  const { evictEpochs, renewalEpochs, price, orderId, seed } = await pinning.perpetualTermsOf(id)
  if (price === 0n) return null
  return {
    ...{ replicas, price, ceiling: 2n * price, evictEpochs, renewalEpochs },
    ...{ seed: seedText(seed), orderId: orderId === 0n ? null : orderId },
  }
}

/** Whether the order can be opened now; what is in the way, in words about the request, and what to do about it. */
export interface Outlook {
  ready: boolean
  words: string
  next: string
}

/** @param network For the commands that it names. */
export function outlookOf(
  { id, state, reward, deadlineEpoch }: RequestFacts,
  { orderId }: Continuation,
  { answers }: Pick<OracleFacts, 'answers'>,
  clock: Clock,
  network: string,
): Outlook {
  const verb = (words: string) => `npm run mooring -- ${words} --network ${network}`
  const no = (words: string, next: string): Outlook => ({ ready: false, words, next })
  if (orderId !== null) return no(`is open as order ${orderId}`, verb(`storage show ${orderId}`))
  if (OVER.includes(state)) {
    return no(`is ${state}: no order comes of it`, reward > 0n ? verb(`refund ${id}`) : verb('withdraw'))
  }
  const open = verb(`storage continue ${id}`)
  if (state === 'Packed') {
    return {
      ready: true,
      words: 'can be opened as an order; operators do it by themselves, and anyone may',
      next: open,
    }
  }

  const packed = answers.find(({ stage }) => stage === STAGE.PACKED)
  switch (packed?.standing) {
    case 'Challengeable':
      return no(`is packed, which can be challenged until ${whenWords(clock, packed.matureEpoch)}`, `then ${open}`)
    case 'Challenged':
      return no('is packed, but a challenge of that is open', verb(`status ${id}`))
    case 'Final':
      return no('is packed, but PinningRequests was not told yet', verb(`deliver ${id}`))
    default:
      return no(`is not packed yet: the operators have until ${whenWords(clock, deadlineEpoch)}`, verb(`status ${id}`))
  }
}

/** Opens the order and waits until that is in a block; the signer of `pinning` pays the gas. */
export async function continueRequest(
  pinning: Pinning,
  id: bigint,
): Promise<{ orderId: bigint; deposit: bigint; transaction: string }> {
  const result = await done(pinning, await pinning.openOrder(id))
  const { orderId, deposit } = eventNamed(result, 'Ordered').args as unknown as { orderId: bigint; deposit: bigint }
  return { orderId, deposit, transaction: result.transaction }
}
