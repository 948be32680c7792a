import { deliverCall, syncCall } from '../chain/calls.ts'
import type { AnswerView } from '../chain/contracts.ts'
import { createLoop } from '../chain/loop.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../db/answer.ts'

export type DelivererContext = Pick<Context, 'log' | 'chain' | 'contracts' | 'answers' | 'sender' | 'operatorId'>

export interface Deliverer {
  start(): void
  /** Stops after the answer in hand. */
  stop(): Promise<void>
  /** Looks after every answer whose time has come, now. */
  processAll(): Promise<void>
}

/** Answers per pass. */
const BATCH = 100
/** The operator that agreed first delivers at once, each next one so many epochs later: usually one transaction is sent. */
export const TURN_EPOCHS = 5n
/** When an answer is looked at again that something else holds up: a transaction on its way, a challenge. */
export const AGAIN_EPOCHS = 10n
/** How long after a callback failed it is made again, for each time it did: an hour, a day; then it is left to the requester. */
export const RETRY_EPOCHS = [120n, 2_880n]

/**
 * Has final answers delivered: the requester called back, the operators paid and their stake unlocked. Only answers that this
 * operator agreed to, failures included. Everything is decided by what the registry says at the head: run twice, or by
 * several operators at once, it does no harm.
 */
export function createDeliverer(ctx: DelivererContext, { everyMs }: { everyMs: number }): Deliverer {
  let owner: string | undefined
  const loop = createLoop({ name: 'deliver', pass, everyMs, log: ctx.log })

  async function pass(stopping: AbortSignal): Promise<void> {
    const head = await ctx.chain.blockNumber()
    for (const answer of await ctx.answers.due(head, BATCH)) {
      if (stopping.aborted) return
      owner ??= await ctx.contracts.ownerOf(ctx.operatorId)
      try {
        const again = await lookAfter(ctx, answer, owner, head)
        await ctx.answers.lookAgain(answer.requestId, answer.stage, again)
      } catch (error) {
        const { requestId, stage } = answer
        ctx.log.warn({ err: error, requestId, stage }, 'answer not looked after: the next pass will')
      }
    }
  }

  return { start: loop.start, stop: loop.stop, processAll: loop.runNow }
}

/** Does what an answer needs, if it is this operator's turn. @returns When it is to be looked at again; null: never. */
async function lookAfter(ctx: DelivererContext, answer: Answer, owner: string, head: bigint): Promise<bigint | null> {
  const { requestId, stage } = answer
  const later = head + AGAIN_EPOCHS
  const view = await ctx.contracts.answerView(requestId, stage)
  if (view.standing === 'Challengeable') return view.matureEpoch + 1n
  if (view.standing !== 'Final') return later // its event is on the way, or the end of the challenge

  const place = (await ctx.contracts.agreeing(requestId, stage)).indexOf(owner)
  if (place < 0) return null
  const turn = view.matureEpoch + 1n + BigInt(place) * TURN_EPOCHS
  if (head < turn) return turn

  switch (await needOf(ctx, answer, view)) {
    case 'callback': {
      const retryAt = retryEpoch(answer)
      if (retryAt !== null && head < retryAt + BigInt(place) * TURN_EPOCHS) return retryAt + BigInt(place) * TURN_EPOCHS
      await ctx.sender.submit(deliverCall(ctx.contracts, requestId, stage, answer.data))
      return later
    }
    case 'pay':
      await ctx.sender.submit(syncCall(ctx.contracts, requestId, stage))
      return later
    case 'its turn':
      return head + 1n
    case 'nothing':
      return later
    case 'never':
      ctx.log.warn(
        { requestId, stage, failures: answer.deliveryFailures },
        'the requester’s callback fails: left to it',
      )
      return null
  }
}

/** What a final answer still needs on-chain. */
async function needOf(
  { contracts }: DelivererContext,
  { requestId, stage, deliveryFailures }: Answer,
  { delivery }: AnswerView,
): Promise<'callback' | 'its turn' | 'pay' | 'nothing' | 'never'> {
  const settled = (await contracts.requestView(requestId)).settled > stage
  const givenUp = delivery === 'Failed' && deliveryFailures > RETRY_EPOCHS.length
  if ((delivery === 'Due' || delivery === 'Failed') && !givenUp) {
    // Callbacks come in order, each with the pay of all that is final: one that fails holds up the next, but not its pay.
    const before = stage === 0 ? 'Done' : (await contracts.answerView(requestId, stage - 1)).delivery
    if (before === 'Done') return 'callback'
    if (before === 'Due') return 'its turn'
  }
  if (!settled) return 'pay'
  return givenUp ? 'never' : 'nothing'
}

/** When a callback that failed is made again; null while none did. */
function retryEpoch({ deliveryFailures, deliveryFailedBlock }: Answer): bigint | null {
  if (deliveryFailures === 0 || deliveryFailedBlock === null) return null
  return deliveryFailedBlock + RETRY_EPOCHS[Math.min(deliveryFailures, RETRY_EPOCHS.length) - 1]!
}
