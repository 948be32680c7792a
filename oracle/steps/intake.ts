import { getBytes } from 'ethers'
import type { ChainLog } from '../chain/answers.ts'
import { completionKey, voteKey } from '../chain/calls.ts'
import { RULINGS, readContractEvent, type ContractEvent } from '../chain/contracts.ts'
import {
  JOB,
  answerHash,
  decodeFetchPayload,
  decodePackPayload,
  decodePinPayload,
  decodeStorePayload,
  encodeFailure,
  lastStageOf,
} from '../chain/jobs.ts'
import { CID } from 'multiformats/cid'
import type { Context } from '../context.ts'
import type { DisputeOutcome } from '../db/dispute.ts'
import type { Tx } from '../db/open.ts'
import { isActive, type EndState, type Request } from '../db/request.ts'
import { FAIL_REASONS } from '../errors.ts'
import { tell } from '../logger.ts'
import { topicOf } from './pipeline.ts'

type IntakeContext = Pick<
  Context,
  | 'config'
  | 'contracts'
  | 'requests'
  | 'perpetualRequests'
  | 'replicas'
  | 'answers'
  | 'disputes'
  | 'queue'
  | 'sender'
  | 'operatorId'
  | 'log'
>

export interface Intake {
  /** Writes what confirmed logs say into the rows, inside the watcher's transaction. */
  onLogs(logs: ChainLog[], tx: Tx): Promise<void>
  /** Forgets what stood in blocks above `toBlock`, and has our own transactions there looked after again. */
  onRollback(toBlock: bigint, tx: Tx): Promise<void>
  /** Nudges the requests that the logs are about, once their rows are committed. */
  onCommitted(logs: ChainLog[]): void
}

/** How an undone answer ends a request that was not over before; Rejected undoes nothing. */
const UNDONE: Partial<Record<(typeof RULINGS)[number], EndState>> = { Upheld: 'refuted', Silent: 'undecided' }

const OUTCOMES: Partial<Record<(typeof RULINGS)[number], DisputeOutcome>> = {
  ...{ Upheld: 'upheld', Rejected: 'rejected', Silent: 'silent' },
}

/** Turns the contracts' events into rows: the only way in. */
export function createIntake(ctx: IntakeContext): Intake {
  async function apply({ contract, name, args }: ContractEvent, log: ChainLog, tx: Tx): Promise<void> {
    const id = String(args.id)
    if (contract === 'pinning') return applyPinning(name, args, log, tx)
    if (name === 'Requested') return insert(id, args, log, tx)

    const request = await ctx.requests.get(id, tx)
    if (request !== undefined) await applyTo(request, name, args, log, tx)
  }

  async function insert(id: string, args: Record<string, unknown>, log: ChainLog, tx: Tx): Promise<void> {
    if (args.providerId !== ctx.config.providerId) return
    const payload = getBytes(args.payload as string)
    await ctx.requests.insert(
      {
        id,
        providerId: args.providerId,
        requester: args.requester as string,
        job: Number(args.job),
        payload,
        maxBytes: args.maxBytes as bigint,
        deadlineEpoch: args.deadlineEpoch as bigint,
        blockNumber: log.blockNumber,
        blockHash: log.blockHash,
        txHash: log.transactionHash,
        logIndex: log.logIndex,
        cid: readCid(Number(args.job), payload),
      },
      tx,
    )
    const { transactionHash: transaction, blockNumber } = log
    tell(ctx.log, 'requested', id, { job: Number(args.job), transaction, blockNumber: blockNumber.toString() })
  }

  async function applyTo(
    request: Request,
    name: string,
    args: Record<string, unknown>,
    log: ChainLog,
    tx: Tx,
  ): Promise<void> {
    const { id } = request
    const { blockNumber, transactionHash: transaction } = log
    const stage = Number(args.stage)
    switch (name) {
      case 'Voted':
        if (args.operatorId === ctx.operatorId) tell(ctx.log, 'reported', id, { key: voteKey(id, stage), transaction })
        return
      case 'StageAnswered':
        await answered(id, stage, true, getBytes(args.data as string), args.matureEpoch as bigint, log, tx)
        if (stage === lastStageOf(request.job)) return end(id, 'answered', log, tx)
        return ctx.requests.wake(id, tx)
      case 'RequestFailed':
        await answered(
          id,
          stage,
          false,
          encodeFailure(FAIL_REASONS[Number(args.reason)]!),
          args.matureEpoch as bigint,
          log,
          tx,
        )
        return end(id, 'failed', log, tx)
      case 'RequestConcluded':
        return end(id, 'stored', log, tx)
      case 'RequestCancelled':
        return end(id, 'cancelled', log, tx)
      case 'RequestExpired':
        return end(id, 'expired', log, tx)
      case 'StageSettled':
        await ctx.answers.settled(id, stage, blockNumber, tx)
        await ctx.disputes.close(id, stage, 'late', blockNumber, tx)
        return tell(ctx.log, 'answered-final', id, { stage, fee: String(args.fee), transaction })
      case 'Delivered':
        await ctx.answers.delivered(id, stage, blockNumber, tx)
        return tell(ctx.log, 'delivered', id, { stage, transaction })
      case 'DeliveryFailed':
        await ctx.answers.deliveryFailed(id, stage, blockNumber, tx)
        return tell(ctx.log, 'delivery-failed', id, { stage, transaction })
      case 'AnswerUndone':
        return undone(request, stage, RULINGS[Number(args.ruling)]!, log, tx)
      case 'Challenged':
        await ctx.requests.wake(id, tx)
        return tell(ctx.log, 'challenged', id, { stage, challenger: String(args.challenger), transaction })
      case 'ChallengeClosed':
        await ctx.requests.wake(id, tx)
        await closeDispute(id, stage, RULINGS[Number(args.ruling)]!, blockNumber, tx)
        return tell(ctx.log, 'challenge-closed', id, { stage, ruling: RULINGS[Number(args.ruling)]!, transaction })
    }
  }

  async function answered(
    requestId: string,
    stage: number,
    ok: boolean,
    data: Uint8Array,
    matureEpoch: bigint,
    log: ChainLog,
    tx: Tx,
  ): Promise<void> {
    const answeredBlock = log.blockNumber
    await ctx.answers.put(
      { requestId, stage, ok, data, matureEpoch, answeredBlock, answerHash: answerHash(ok, data) },
      tx,
    )
  }

  async function closeDispute(
    id: string,
    stage: number,
    ruling: (typeof RULINGS)[number],
    blockNumber: bigint,
    tx: Tx,
  ): Promise<void> {
    const outcome = OUTCOMES[ruling]
    if (outcome !== undefined) await ctx.disputes.close(id, stage, outcome, blockNumber, tx)
  }

  async function undone(
    { id }: Request,
    stage: number,
    ruling: (typeof RULINGS)[number],
    log: ChainLog,
    tx: Tx,
  ): Promise<void> {
    await ctx.answers.undone(id, stage, log.blockNumber, tx)
    await ctx.disputes.undone(id, stage, log.blockNumber, tx)
    const to = UNDONE[ruling]
    if (to !== undefined) await end(id, to, log, tx) // what was cancelled or expired before stays so
  }

  async function applyPinning(name: string, args: Record<string, unknown>, log: ChainLog, tx: Tx): Promise<void> {
    const id = String(args.id)
    if ((await ctx.requests.get(id, tx)) === undefined) return // another provider's
    switch (name) {
      case 'PinningRequested':
        return ctx.requests.setRequester(id, args.requester as string, tx)
      case 'PerpetualRequested':
        await ctx.perpetualRequests.put(id, log.blockNumber, tx)
        return ctx.requests.setRequester(id, args.requester as string, tx)
      case 'ReplicaProven':
        return proven(id, args, log, tx)
      case 'Ordered':
        return ordered(id, args, log, tx)
      case 'Failed':
      case 'Cancelled':
      case 'Expired':
      case 'Refuted':
      case 'Undecided':
        return ctx.perpetualRequests.over(id, log.blockNumber, tx)
    }
  }

  async function ordered(id: string, args: Record<string, unknown>, log: ChainLog, tx: Tx): Promise<void> {
    await ctx.perpetualRequests.ordered(id, args.orderId as bigint, log.blockNumber, tx)
    const { transactionHash: transaction } = log
    tell(ctx.log, 'ordered', id, { orderId: String(args.orderId), deposit: String(args.deposit), transaction })
  }

  async function proven(id: string, args: Record<string, unknown>, log: ChainLog, tx: Tx): Promise<void> {
    const providerId = args.providerId as bigint
    await ctx.replicas.proven(id, providerId, args.dealId as bigint, log.blockNumber, tx)
    await ctx.requests.wake(id, tx)
    tell(ctx.log, 'reported', id, { key: completionKey(id, `f0${providerId}`), transaction: log.transactionHash })
  }

  async function end(id: string, state: EndState, log: ChainLog, tx: Tx): Promise<void> {
    // Every operator finds its own answer, also where the others were quicker: to keep the content, and to tell a false answer.
    const afterOwnAnswer = state === 'stored' || state === 'answered' || state === 'failed'
    if (!(await ctx.requests.end(id, state, log.blockNumber, { afterOwnAnswer }, tx))) return
    if (state === 'stored' || state === 'answered') tell(ctx.log, state, id)
    else tell(ctx.log, 'ended', id, { state })
  }

  async function nudge(id: string): Promise<void> {
    const request = await ctx.requests.get(id)
    if (request && isActive(request.state)) await ctx.queue.publish(topicOf(request.state), id)
  }

  return {
    async onLogs(logs, tx) {
      for (const log of logs) {
        const event = readContractEvent(ctx.contracts, log)
        if (event?.args.id !== undefined) await apply(event, log, tx)
      }
    },
    async onRollback(toBlock, tx) {
      ctx.log.warn({ toBlock: toBlock.toString() }, 'the chain was reorganised')
      await ctx.requests.rollBack(toBlock, tx)
      await ctx.perpetualRequests.rollBack(toBlock, tx)
      await ctx.replicas.rollBack(toBlock, tx)
      await ctx.answers.rollBack(toBlock, tx)
      await ctx.disputes.rollBack(toBlock, tx)
      await ctx.sender.recheckAbove(toBlock, tx)
    },
    onCommitted(logs) {
      const seen = logs.map((log) => readContractEvent(ctx.contracts, log)?.args.id)
      const ids = new Set(seen.filter((id) => typeof id === 'bigint').map(String))
      for (const id of ids) {
        nudge(id).catch((error: unknown) => ctx.log.warn({ err: error, requestId: id }, 'not nudged: the sweeper will'))
      }
    },
  }
}

/** The content that a request asks for; null where its payload cannot be read: the step that reads it next says why. */
function readCid(job: number, payload: Uint8Array): string | null {
  const decode = {
    ...{ [JOB.PIN]: decodePinPayload, [JOB.STORE]: decodeStorePayload },
    ...{ [JOB.FETCH]: decodeFetchPayload, [JOB.PACK]: decodePackPayload },
  }[job]
  if (decode === undefined) return null
  try {
    return CID.decode(decode(payload).cid).toString()
  } catch {
    return null
  }
}
