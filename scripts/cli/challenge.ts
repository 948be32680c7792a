import { toUtf8Bytes } from 'ethers'
import { fil, parseFil } from '../lib/amounts.ts'
import { readAnswers, type AnswerFacts, type OracleFacts } from '../lib/answers.ts'
import { inEpochs } from '../lib/epochs.ts'
import { parseStage, stageName } from '../lib/stages.ts'
import { parseRequestId, type CliContext } from './context.ts'
import { dataOf } from './deliver.ts'
import { registryOf } from './registry.ts'

/** `challenge ID STAGE`: posts a bond against an answer; the provider's arbiter rules. Anyone may, until the answer is mature. */
export async function challenge(
  context: CliContext,
  idText: string,
  stageText: string,
  options: { evidence: string; bond?: string },
): Promise<void> {
  const id = parseRequestId(idText)
  const registry = await registryOf(context)
  const facts = await readAnswers(context.connection, context.deployment, id)
  const { stage } = answerOf(facts, id, stageText)
  const required = await registry.bondFor(id, stage)
  const bond = options.bond === undefined ? required : parseFil('--bond', options.bond)
  if (bond < required) {
    throw new Error(
      `--bond expects at least ${fil(required)} for this answer, got ${fil(bond)}; leave it out to post just that`,
    )
  }
  context.note(
    `challenging ${stageName(stage, facts.job)} of request #${id} with a bond of ${fil(bond)}, which is lost if the answer was true`,
  )
  const sent = await registry.challenge(id, stage, toUtf8Bytes(options.evidence), { value: bond })
  const receipt = await sent.wait()
  const { deadlineEpoch } = await registry.getChallenge(id)
  const left = deadlineEpoch - BigInt(receipt!.blockNumber)
  context.say(
    `challenged: the arbiter rules until epoch ${deadlineEpoch}, within ${inEpochs(left)}; then anyone closes it: npm run mooring -- resolve ${id} --network ${context.network}`,
    { id, stage, bond, deadlineEpoch, transaction: sent.hash },
  )
}

/** `resolve ID`: closes the open challenge by the arbiter's ruling, or by its silence after the deadline. Anyone may. */
export async function resolve(context: CliContext, idText: string): Promise<void> {
  const id = parseRequestId(idText)
  const registry = await registryOf(context)
  const sent = await registry.resolve(id)
  await sent.wait()
  const { challenge, state, job } = await readAnswers(context.connection, context.deployment, id)
  const { ruling, stage } = challenge!
  context.say(
    `the challenge of ${stageName(stage, job)} is ${ruling.toLowerCase()}: ${OUTCOME[ruling]}; request #${id} is ${state}`,
    {
      ...{ id, stage, ruling, state, transaction: sent.hash },
    },
  )
}

const OUTCOME = {
  None: 'nothing has changed',
  Upheld: 'the answer was false, those that voted for it are slashed and the bond goes back',
  Rejected: 'the answer stands, and the bond goes to those that voted for it',
  Silent: 'nobody ruled; fees and escrow go back to the requester, nobody is slashed',
} as const

/** `refute ID STAGE`: has the chain itself refute an answer; no bond. Anyone may, and gets half of what is slashed. */
export async function refute(context: CliContext, idText: string, stageText: string): Promise<void> {
  const id = parseRequestId(idText)
  const registry = await registryOf(context)
  const facts = await readAnswers(context.connection, context.deployment, id)
  const answer = answerOf(facts, id, stageText)
  const sent = await registry.refute(id, answer.stage, await dataOf(context, registry, id, answer))
  await sent.wait()
  const { state } = await readAnswers(context.connection, context.deployment, id)
  context.say(
    `the chain refutes ${stageName(answer.stage, facts.job)}: request #${id} is ${state}; fetch your half of the slash: npm run mooring -- withdraw --network ${context.network}`,
    { id, stage: answer.stage, state, transaction: sent.hash },
  )
}

/** The answer that a person means. @throws Error when there is none, or none that can be undone. */
function answerOf({ answers, job }: OracleFacts, id: bigint, stageText: string): AnswerFacts {
  const stage = parseStage(stageText)
  const answer = answers.find((each) => each.stage === stage)
  if (answer?.standing === 'Final') {
    throw new Error(
      `${stageName(stage, job)} of request #${id} is final since epoch ${answer.matureEpoch + 1n}: nothing can undo it any more`,
    )
  }
  if (answer) return answer
  const given = answers.map((each) => stageName(each.stage, job)).join(', ') || 'none so far'
  throw new Error(`${stageName(stage, job)} of request #${id} is not answered (answered: ${given})`)
}
