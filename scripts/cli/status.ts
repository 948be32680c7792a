import { fil } from '../lib/amounts.ts'
import { readAnswers, type AnswerFacts, type OracleFacts } from '../lib/answers.ts'
import { outlookOf, readContinuation, type Continuation, type Outlook } from '../lib/perpetual/continuation.ts'
import { pinningAt } from '../lib/pinning.ts'
import { OVER, readRequest, type RequestFacts } from '../lib/request.ts'
import { stageName } from '../lib/stages.ts'
import { parseRequestId, type ReadContext } from './context.ts'
import { clockOf } from './perpetual.ts'

/** `status ID`: what the chain knows of a request. */
export async function status(context: ReadContext, idText: string): Promise<void> {
  const { connection, deployment, say, network } = context
  const facts = await readRequest(connection, deployment, parseRequestId(idText))
  const oracle = await readAnswers(connection, deployment, facts.id)
  const order = await readContinuation(await pinningAt(connection, deployment), facts)
  const clock = await clockOf(context)
  const { epoch } = clock
  const { assignee, answers, challenge } = oracle
  const kept = order
    ? orderRows(facts, order, outlookOf(facts, order, oracle, clock, network))
    : dealRows(facts, oracle, epoch)
  say(describe(facts, oracle, epoch, kept), { ...facts, assignee, answers, challenge, order, epoch })
}

/** @param kept How it is kept: by deals, or by the order that it goes on as. */
function describe(facts: RequestFacts, oracle: OracleFacts, epoch: bigint, kept: [string, string][]): string {
  const left = facts.deadlineEpoch - epoch
  const deadline =
    left >= 0n ? `epoch ${facts.deadlineEpoch} (${left} epochs left)` : `epoch ${facts.deadlineEpoch}, passed`
  const rows: [string, string][] = [
    ['state', facts.failReason ? `${facts.state}: ${facts.failReason}` : facts.state],
    ['cid', facts.cid],
    ['requester', facts.requester],
    ['deadline', deadline],
    ...oracle.answers.map((answer): [string, string] => [
      answer.ok ? stageName(answer.stage, oracle.job) : 'failure',
      answerWords(answer, oracle, epoch),
    ]),
    ...challengeRows(facts.id, oracle, epoch),
    [
      'piece',
      facts.pieceCid ? `${facts.pieceCid}, ${facts.pieceSize} B padded, CAR of ${facts.carBytes} B` : 'not packed yet',
    ],
    ...kept,
  ]
  return [`request #${facts.id}`, ...rows.map(([name, words]) => `  ${name.padEnd(12)} ${words}`)].join('\n')
}

/** A request that is kept by deals. */
function dealRows(facts: RequestFacts, { assignee }: OracleFacts, epoch: bigint): [string, string][] {
  const over = OVER.includes(facts.state)
  const refundable = facts.reward > 0n && ((over && facts.state !== 'Stored') || facts.deadlineEpoch < epoch)
  const row = (name: string, words: string): [string, string] => [name, words]
  return [
    ...(over || assignee === 0n ? [] : [row('turn', `operator ${assignee} makes the deals`)]),
    row('replicas', `${facts.deals.length} of ${facts.replicas} proven`),
    ...facts.deals.map(({ dealId, providerId, endEpoch, running }) =>
      row(
        `deal ${dealId}`,
        `provider f0${providerId}, until epoch ${endEpoch}, ${running ? 'running' : 'not running any more'}`,
      ),
    ),
    row('reward left', fil(facts.reward)),
    ...(refundable ? [row('next', `npm run mooring -- refund ${facts.id}`)] : []),
  ]
}

/** A request that goes on as an order. */
function orderRows(
  { replicas, reward }: RequestFacts,
  { price, orderId }: Continuation,
  { words, next }: Outlook,
): [string, string][] {
  return [
    ['replicas', `${replicas}, of an order at ${price} attoFIL an epoch for each`],
    ...(orderId === null ? [['escrow', fil(reward)] as [string, string]] : []),
    ['next', `${words}: ${next}`],
  ]
}

function answerWords({ standing, matureEpoch, agreeing }: AnswerFacts, { quorum }: OracleFacts, epoch: bigint): string {
  const by = `${agreeing.length} operators agree (quorum ${quorum})`
  switch (standing) {
    case 'Challengeable':
      return `${by}; can be challenged until epoch ${matureEpoch} (${matureEpoch - epoch} epochs left)`
    case 'Challenged':
      return `${by}; stands still until the challenge is closed`
    case 'Undone':
      return `${by}; undone`
    default:
      return `${by}; final since epoch ${matureEpoch + 1n}`
  }
}

function challengeRows(id: bigint, { challenge, job }: OracleFacts, epoch: bigint): [string, string][] {
  if (!challenge) return []
  const { stage, open, ruling, challenger, bond, deadlineEpoch } = challenge
  const what = `of ${stageName(stage, job)} by ${challenger} with a bond of ${fil(bond)}`
  if (!open) return [['challenge', `${what}: ${ruling.toLowerCase()}`]]
  const left = deadlineEpoch - epoch
  const when =
    left >= 0n ? `the arbiter rules until epoch ${deadlineEpoch} (${left} epochs left)` : 'the arbiter was silent'
  return [['challenge', `${what}; ${when}; to close it: npm run mooring -- resolve ${id}`]]
}
