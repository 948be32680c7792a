import { ANSWER_STANDINGS, DELIVERIES, REQUEST_STATES, RULINGS } from '../../oracle/chain/contracts.ts'
import type { Deployment } from '../deploy/deployments.ts'
import type { Connection } from './hardhat.ts'

export interface AnswerFacts {
  stage: number
  standing: (typeof ANSWER_STANDINGS)[number]
  /** False: the operators agreed that the request cannot be served. */
  ok: boolean
  answeredEpoch: bigint
  /** The last epoch at which it can be challenged. */
  matureEpoch: bigint
  delivery: (typeof DELIVERIES)[number]
  /** Owners of the operators that agreed. */
  agreeing: string[]
}

export interface ChallengeFacts {
  stage: number
  open: boolean
  ruling: (typeof RULINGS)[number]
  challenger: string
  openedEpoch: bigint
  /** The last epoch at which a ruling counts. */
  deadlineEpoch: bigint
  /** attoFIL */
  bond: bigint
}

/** What the operators have answered, as the registry tells it. */
export interface OracleFacts {
  state: (typeof REQUEST_STATES)[number]
  job: number
  version: number
  quorum: number
  /** The operator whose turn it is to spend on the request; 0 if nobody may vote on it. */
  assignee: bigint
  answers: AnswerFacts[]
  /** The last challenge; null if there was none. */
  challenge: ChallengeFacts | null
}

export async function readAnswers(connection: Connection, deployment: Deployment, id: bigint): Promise<OracleFacts> {
  const registry = await connection.ethers.getContractAt('OracleRegistry', deployment.contracts.OracleRegistry.address)
  const request = await registry.getRequest(id)
  const [assignee, challenge] = await Promise.all([registry.assigneeOf(id), registry.getChallenge(id)])
  const answers: AnswerFacts[] = []
  for (let stage = 0; stage < Number(request.stageCount); stage++) {
    const answer = await registry.getAnswer(id, stage)
    const standing = ANSWER_STANDINGS[Number(answer.standing)]!
    if (standing === 'None') continue
    answers.push({
      stage,
      standing,
      ok: answer.ok,
      answeredEpoch: answer.answeredEpoch,
      matureEpoch: answer.matureEpoch,
      delivery: DELIVERIES[Number(answer.delivery)]!,
      agreeing: [...(await registry.agreeing(id, stage))],
    })
  }
  return {
    state: REQUEST_STATES[Number(request.state)]!,
    job: Number(request.job),
    version: Number(request.version),
    quorum: Number(request.quorum),
    assignee,
    answers,
    challenge:
      challenge.openedEpoch === 0n
        ? null
        : {
            stage: Number(challenge.stage),
            open: challenge.open,
            ruling: RULINGS[Number(challenge.ruling)]!,
            challenger: challenge.challenger,
            openedEpoch: challenge.openedEpoch,
            deadlineEpoch: challenge.deadlineEpoch,
            bond: challenge.bond,
          },
  }
}
