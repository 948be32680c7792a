import { challengeCall, challengeKey, refuteCall, resolveCall, type WantedCall } from '../chain/calls.ts'
import type { AnswerView } from '../chain/contracts.ts'
import { CallReverted } from '../chain/rpc.ts'
import { JOB } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import type { Dispute } from '../db/dispute.ts'
import { commandFor, evidenceOf } from './evidence.ts'

export type PursueContext = Pick<
  Context,
  'config' | 'requests' | 'answers' | 'disputes' | 'contracts' | 'chain' | 'sender' | 'operatorId' | 'log'
>

/** Challenges that the chain refused before it is left to people. */
const MAX_ATTEMPTS = 5

/** Filecoin's finality: what the market actor shows this many epochs after an answer was there when it was given. */
const FINALITY_EPOCHS = 900n

/** Gas that has to be paid for beside the bond: more than a challenge takes. */
const GAS_RESERVE = 100_000_000n

/** Does what is next for a dispute. Safe to run twice, and after a crash at any moment. */
export async function pursue(ctx: PursueContext, dispute: Dispute, head: bigint): Promise<void> {
  const { requestId, stage } = dispute
  const view = await ctx.contracts.answerView(requestId, stage)
  // The chain knows it otherwise by now; the event that says how is on its way.
  if (view.answerHash !== dispute.answerHash) return
  if (view.standing !== 'Challengeable' && view.standing !== 'Challenged') return

  if (await refuteByChain(ctx, dispute, view, head)) return
  if (dispute.state === 'found') await consider(ctx, dispute, view, head)
  else if (dispute.state === 'challenging') await follow(ctx, dispute)
  else await closeChallenge(ctx, dispute)
}

/** Whether to challenge, and if not, what its people are told. */
async function consider(ctx: PursueContext, dispute: Dispute, view: AnswerView, head: bigint): Promise<void> {
  const { requestId, stage } = dispute
  const { challenge: mode, challengeCap, chainId, gasCap } = ctx.config
  if (view.standing === 'Challenged') return adopt(ctx, dispute)
  if (mode === 'off') return
  // A challenge is mined in a later block than the head.
  if (head >= view.matureEpoch) return notice(ctx, dispute, `its window closed with epoch ${view.matureEpoch}`)
  const owner = await ctx.contracts.ownerOf(ctx.operatorId)
  const agreed = await ctx.contracts.agreeing(requestId, stage)
  if (agreed.includes(owner)) return notice(ctx, dispute, 'this operator voted for it itself: it does not challenge it')

  const ask = `until epoch ${view.matureEpoch}: ${commandFor('challenge', dispute, chainId)}`
  if (mode === 'ask') return notice(ctx, dispute, `challenge it, if you agree, ${ask}`)
  if (!dispute.sure) return notice(ctx, dispute, `others may have been served something else; challenge it ${ask}`)
  if (dispute.attempts >= MAX_ATTEMPTS) return notice(ctx, dispute, `its challenge was refused too often; do it ${ask}`)

  const bond = await ctx.contracts.bondFor(requestId, stage)
  const out = await ctx.disputes.bondsOut()
  if (out + bond > challengeCap) {
    return notice(
      ctx,
      dispute,
      `bonds of ${out} attoFIL are out, ${bond} more exceed MOORING_CHALLENGE_CAP; do it ${ask}`,
    )
  }
  const needed = bond + gasCap * GAS_RESERVE
  const balance = await ctx.chain.getBalance(ctx.sender.address)
  if (balance < needed) {
    return notice(
      ctx,
      dispute,
      `bond and gas need up to ${needed} attoFIL, ${ctx.sender.address} has less; do it ${ask}`,
    )
  }

  // The bond counts as out before anything is sent.
  await ctx.disputes.set(requestId, stage, { state: 'challenging', bond, told: null })
  await submit(ctx, { ...dispute, bond })
}

async function submit(ctx: PursueContext, dispute: Dispute): Promise<void> {
  const { requestId, stage, bond } = dispute
  const evidence = evidenceOf(dispute, ctx.operatorId)
  await ctx.sender.submit(challengeCall(ctx.contracts, ctx.sender.address, requestId, stage, evidence, bond!))
  ctx.log.warn({ requestId, stage, bond: bond!.toString() }, 'challenge handed over')
}

/** A challenge that was posted by hand with this operator's key is looked after like its own. */
async function adopt(ctx: PursueContext, { requestId, stage }: Dispute): Promise<void> {
  const { open, stage: challenged, challenger, bond } = await ctx.contracts.challengeView(requestId)
  if (!open || challenged !== stage || challenger !== ctx.sender.address) return
  await ctx.disputes.set(requestId, stage, { state: 'challenged', bond, told: null })
}

/** What became of a challenge that was handed over. */
async function follow(ctx: PursueContext, dispute: Dispute): Promise<void> {
  const { requestId, stage, attempts } = dispute
  const status = await ctx.sender.status(challengeKey(requestId, stage))
  if (status === undefined) return submit(ctx, dispute) // this process died in between
  if (status.state === 'confirmed') return ctx.disputes.set(requestId, stage, { state: 'challenged' })
  if (status.state !== 'refused' && status.state !== 'failed') return

  await ctx.disputes.set(requestId, stage, { state: 'found', bond: null, attempts: attempts + 1 })
  await notice(ctx, dispute, `the challenge was ${status.state}: ${status.error?.message ?? 'no words'}`)
}

/** Closes this operator's challenge as soon as the registry would: its arbiter ruled, or the time to rule is over. */
async function closeChallenge(ctx: PursueContext, { requestId, stage }: Dispute): Promise<void> {
  const { open, stage: challenged } = await ctx.contracts.challengeView(requestId)
  if (!open || challenged !== stage) return // closed: the event that says how is on its way
  const call = resolveCall(ctx.contracts, requestId, stage)
  if (await wouldPass(ctx, call)) await ctx.sender.submit(call)
}

/** A *status* answer of a certain age can be refuted by the market actor alone: no bond, no arbiter. False when it is not. */
async function refuteByChain(ctx: PursueContext, dispute: Dispute, view: AnswerView, head: bigint): Promise<boolean> {
  const { challenge: mode, chainId } = ctx.config
  if (mode === 'off' || head < view.answeredEpoch + FINALITY_EPOCHS) return false
  const { requestId, stage } = dispute
  const [request, answer] = [await ctx.requests.get(requestId), await ctx.answers.get(requestId, stage)]
  if (request?.job !== JOB.STATUS || !answer?.ok) return false

  const call = refuteCall(ctx.contracts, requestId, stage, answer.data)
  if (!(await wouldPass(ctx, call))) return false
  if (mode === 'auto') await ctx.sender.submit(call)
  else await notice(ctx, dispute, `the chain refutes it now, without a bond: ${commandFor('refute', dispute, chainId)}`)
  return true
}

async function wouldPass({ chain, sender }: PursueContext, { to, data }: WantedCall): Promise<boolean> {
  try {
    await chain.call({ from: sender.address, to, data })
    return true
  } catch (error) {
    if (error instanceof CallReverted) return false
    throw error
  }
}

/** Tells people, once for each news. */
async function notice(ctx: PursueContext, dispute: Dispute, words: string): Promise<void> {
  if (dispute.told === words) return
  const { requestId, stage, answered, found } = dispute
  await ctx.disputes.set(requestId, stage, { told: words })
  dispute.told = words
  ctx.log.warn({ requestId, stage, answered, found }, `answer in dispute: ${words}`)
}
