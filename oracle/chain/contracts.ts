import { Interface, type Result, getAddress } from 'ethers'
import { EDGE_PROVIDER_ABI, ORACLE_REGISTRY_ABI, PINNING_REQUESTS_ABI } from './abi.ts'
import type { ChainLog } from './answers.ts'
import type { ChainClient } from './client.ts'
import { DEAL_STATES, type StatusAnswer } from './jobs.ts'

export const registryAbi = new Interface(ORACLE_REGISTRY_ABI)
export const pinningAbi = new Interface(PINNING_REQUESTS_ABI)
const edgeProviderAbi = new Interface(EDGE_PROVIDER_ABI)

/** Where a request stands, in the order of the registry's `enum RequestState`. */
export const REQUEST_STATES = [
  'None',
  'Open',
  'Answered',
  'Failed',
  'Cancelled',
  'Expired',
  'Refuted',
  'Undecided',
] as const

/** How an answer stands, in the order of the registry's `enum AnswerStanding`. */
export const ANSWER_STANDINGS = ['None', 'Challengeable', 'Challenged', 'Final', 'Undone'] as const

/** Whether a stage's callback was made, in the order of the registry's `enum Delivery`. */
export const DELIVERIES = ['None', 'Due', 'Done', 'Failed'] as const

/** How a challenge ended, in the order of the registry's `enum Ruling`; None while it is open. */
export const RULINGS = ['None', 'Upheld', 'Rejected', 'Silent'] as const

/** What the registry says about a request. */
export interface RequestView {
  /** The asking contract. */
  requester: string
  state: (typeof REQUEST_STATES)[number]
  /** The stage that is awaited while Open; otherwise the number of answers that stand, a failure not counted. */
  stage: number
  /** Answers whose operators were paid; a failure counts. */
  settled: number
  /** Whether a challenge is open: nothing is voted, refunded or matures meanwhile, and the deadline may move. */
  challenged: boolean
  /** The last epoch, inclusive, at which a vote is accepted; a rejected challenge moves it. */
  deadlineEpoch: bigint
}

/** What the registry says about the answer to one stage. */
export interface AnswerView {
  /** keccak256(abi.encode(ok, data)), hex; zero while there is none. */
  answerHash: string
  answeredEpoch: bigint
  /** The last epoch, inclusive, at which it can be challenged; a rejected challenge moves it. */
  matureEpoch: bigint
  /** False for a failure. */
  ok: boolean
  standing: (typeof ANSWER_STANDINGS)[number]
  delivery: (typeof DELIVERIES)[number]
}

/** The last challenge of a request, as the registry shows it. */
export interface ChallengeView {
  challenger: string
  stage: number
  open: boolean
  ruling: (typeof RULINGS)[number]
  /** The last epoch, inclusive, at which a ruling counts. */
  deadlineEpoch: bigint
  /** attoFIL. */
  bond: bigint
}

/** Where a pinning request stands, in the order of `enum State` in IPinningRequests. */
export const PINNING_STATES = [
  'None',
  'Requested',
  'Pinned',
  'Packed',
  'Storing',
  'Stored',
  'Failed',
  'Expired',
  'Cancelled',
  'Refuted',
  'Undecided',
  'Ordered',
] as const

/** What PinningRequests says about a request. */
export interface PinningView {
  state: (typeof PINNING_STATES)[number]
  /** What rests there for its replicas or its order, attoFIL. */
  reward: bigint
}

/** A custom error of one of the contracts. */
export interface ContractError {
  name: string
  args: unknown[]
}

export interface Addresses {
  registry: string
  pinning: string
  edgeProvider: string
}

export interface Contracts extends Addresses {
  requestView(id: string): Promise<RequestView>
  answerView(id: string, stage: number): Promise<AnswerView>
  /** @throws CallReverted where PinningRequests does not know it. */
  pinningView(id: string): Promise<PinningView>
  /** Owners of the operators whose vote made the stage's answer, in the order they voted; empty until it is answered. */
  agreeing(id: string, stage: number): Promise<string[]>
  /** The last challenge of a request; of nobody if there was none. */
  challengeView(id: string): Promise<ChallengeView>
  /** The least bond to challenge a stage's answer now, attoFIL. */
  bondFor(id: string, stage: number): Promise<bigint>
  /** The operator whose turn it is to spend on a request; 0n if nobody can vote on it. */
  assigneeOf(id: string): Promise<bigint>
  /** The active operator that a key votes for; 0n if none. */
  operatorOf(reporter: string): Promise<bigint>
  providerOf(operatorId: bigint): Promise<bigint>
  ownerOf(operatorId: bigint): Promise<string>
  /** When the operator became active under the rules it agreed to last: it votes on requests of later epochs. 0n before. */
  joinedEpochOf(operatorId: bigint): Promise<bigint>
  hasVoted(id: string, stage: number, operatorId: bigint): Promise<boolean>
  /** A deal as the market actor shows it now. */
  dealStatus(dealId: bigint): Promise<StatusAnswer>
}

/** Reads of the contracts, at the chain's head. */
export function createContracts(client: Pick<ChainClient, 'call'>, addresses: Addresses): Contracts {
  async function read(to: string, abi: Interface, method: string, args: unknown[]): Promise<Result> {
    const data = await client.call({ to, data: abi.encodeFunctionData(method, args) })
    return abi.decodeFunctionResult(method, data)
  }
  const { registry, pinning, edgeProvider } = addresses

  async function operator(operatorId: bigint): Promise<Result> {
    const [view] = (await read(registry, registryAbi, 'getOperator', [operatorId])) as unknown as [Result]
    return view
  }

  return {
    ...addresses,

    async requestView(id) {
      const [view] = (await read(registry, registryAbi, 'getRequest', [id])) as unknown as [Result]
      const { requester, challenged, ...rest } = view.toObject() as { requester: string; challenged: boolean }
      const { state, stage, settled, deadlineEpoch } = rest as Record<string, bigint>
      return {
        ...{ requester, challenged, deadlineEpoch: deadlineEpoch! },
        ...{ state: REQUEST_STATES[Number(state)]!, stage: Number(stage), settled: Number(settled) },
      }
    },

    async answerView(id, stage) {
      const [view] = (await read(registry, registryAbi, 'getAnswer', [id, stage])) as unknown as [Result]
      const { answerHash, ok, ...rest } = view.toObject() as { answerHash: string; ok: boolean }
      const { answeredEpoch, matureEpoch, standing, delivery } = rest as Record<string, bigint>
      return {
        ...{ answerHash, ok, answeredEpoch: answeredEpoch!, matureEpoch: matureEpoch! },
        ...{ standing: ANSWER_STANDINGS[Number(standing)]!, delivery: DELIVERIES[Number(delivery)]! },
      }
    },

    async pinningView(id) {
      const [view] = (await read(pinning, pinningAbi, 'getRequest', [id])) as unknown as [Result]
      const { state, reward } = view.toObject() as Record<string, bigint>
      return { state: PINNING_STATES[Number(state)]!, reward: reward! }
    },

    async agreeing(id, stage) {
      return [...((await read(registry, registryAbi, 'agreeing', [id, stage]))[0] as Result)] as string[]
    },

    async challengeView(id) {
      const [view] = (await read(registry, registryAbi, 'getChallenge', [id])) as unknown as [Result]
      const { challenger, open, ...rest } = view.toObject() as { challenger: string; open: boolean }
      const { stage, ruling, deadlineEpoch, bond } = rest as Record<string, bigint>
      return {
        ...{ challenger, open, stage: Number(stage), ruling: RULINGS[Number(ruling)]! },
        ...{ deadlineEpoch: deadlineEpoch!, bond: bond! },
      }
    },

    async bondFor(id, stage) {
      return (await read(registry, registryAbi, 'bondFor', [id, stage]))[0] as bigint
    },

    async assigneeOf(id) {
      return (await read(registry, registryAbi, 'assigneeOf', [id]))[0] as bigint
    },

    async operatorOf(reporter) {
      return (await read(registry, registryAbi, 'operatorOf', [reporter]))[0] as bigint
    },

    async providerOf(operatorId) {
      return (await operator(operatorId)).getValue('providerId') as bigint
    },

    async ownerOf(operatorId) {
      return (await operator(operatorId)).getValue('owner') as string
    },

    async joinedEpochOf(operatorId) {
      return (await operator(operatorId)).getValue('joinedEpoch') as bigint
    },

    async hasVoted(id, stage, operatorId) {
      return (await read(registry, registryAbi, 'hasVoted', [id, stage, operatorId]))[0] as boolean
    },

    async dealStatus(dealId) {
      const [answer] = (await read(edgeProvider, edgeProviderAbi, 'dealStatus', [dealId])) as unknown as [Result]
      const fields = answer.toObject() as Record<string, bigint> & { pieceDigest: string }
      return {
        dealId: fields.dealId!,
        state: DEAL_STATES[Number(fields.state)]!,
        providerId: fields.providerId!,
        pieceDigest: Buffer.from(fields.pieceDigest.slice(2), 'hex'),
        pieceSize: fields.pieceSize!,
        activatedEpoch: fields.activatedEpoch!,
        startEpoch: fields.startEpoch!,
        endEpoch: fields.endEpoch!,
      }
    },
  }
}

/** The custom error that a call reverted with; undefined when it is none of the contracts'. */
export function readContractError(data: string): ContractError | undefined {
  for (const abi of [pinningAbi, registryAbi]) {
    try {
      const error = abi.parseError(data)
      if (error) return { name: error.name, args: error.args.toArray() }
    } catch {
      continue // the selector is known here but the arguments are not: not this contract's
    }
  }
  return undefined
}

/** `Name(arg, …)` for people. */
export function describeContractError({ name, args }: ContractError): string {
  return `${name}(${args.map(String).join(', ')})`
}

/** An event of the registry or of PinningRequests. */
export interface ContractEvent {
  contract: 'registry' | 'pinning'
  name: string
  args: Record<string, unknown>
}

/** Reads a log of one of the two contracts; undefined for an event that is not in their ABI. */
export function readContractEvent({ registry, pinning }: Addresses, log: ChainLog): ContractEvent | undefined {
  const address = getAddress(log.address)
  const contract = address === registry ? 'registry' : address === pinning ? 'pinning' : undefined
  if (contract === undefined) return undefined
  const event = (contract === 'registry' ? registryAbi : pinningAbi).parseLog(log)
  return event ? { contract, name: event.name, args: event.args.toObject() } : undefined
}
