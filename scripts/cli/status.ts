import { fil } from '../lib/amounts.ts'
import { readAnswers, type AnswerFacts, type OracleFacts } from '../lib/answers.ts'
import { OVER, readRequest, type RequestFacts } from '../lib/request.ts'
import { stageName } from '../lib/stages.ts'
import { parseRequestId, type ReadContext } from './context.ts'

/** `status ID`: what the chain knows of a request. */
export async function status({ connection, deployment, say }: ReadContext, idText: string): Promise<void> {
  const facts = await readRequest(connection, deployment, parseRequestId(idText))
  const oracle = await readAnswers(connection, deployment, facts.id)
  const epoch = BigInt(await connection.ethers.provider.getBlockNumber())
  const { assignee, answers, challenge } = oracle
  say(describe(facts, oracle, epoch), { ...facts, assignee, answers, challenge, epoch })
}

function describe(facts: RequestFacts, oracle: OracleFacts, epoch: bigint): string {
  const left = facts.deadlineEpoch - epoch
  const deadline =
    left >= 0n ? `epoch ${facts.deadlineEpoch} (${left} epochs left)` : `epoch ${facts.deadlineEpoch}, passed`
  const over = OVER.includes(facts.state)
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
    ...(over || oracle.assignee === 0n
      ? []
      : [['turn', `operator ${oracle.assignee} makes the deals`] as [string, string]]),
    [
      'piece',
      facts.pieceCid ? `${facts.pieceCid}, ${facts.pieceSize} B padded, CAR of ${facts.carBytes} B` : 'not packed yet',
    ],
    ['replicas', `${facts.deals.length} of ${facts.replicas} proven`],
    ...facts.deals.map(({ dealId, providerId, endEpoch, running }): [string, string] => [
      `deal ${dealId}`,
      `provider f0${providerId}, until epoch ${endEpoch}, ${running ? 'running' : 'not running any more'}`,
    ]),
    ['reward left', fil(facts.reward)],
  ]
  const refundable = facts.reward > 0n && ((over && facts.state !== 'Stored') || left < 0n)
  if (refundable) rows.push(['next', `npm run mooring -- refund ${facts.id}`])
  return [`request #${facts.id}`, ...rows.map(([name, words]) => `  ${name.padEnd(12)} ${words}`)].join('\n')
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
