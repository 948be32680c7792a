import { completionKey, readContractEvent, voteKey, type ContractEvent } from '../chain/contracts.ts'
import type { ChainLog } from '../chain/answers.ts'
import { JOB, STAGE, decodeFetchPayload, decodePinPayload, decodeStorePayload } from '../chain/jobs.ts'
import { getBytes } from 'ethers'
import { CID } from 'multiformats/cid'
import type { Context } from '../context.ts'
import type { Tx } from '../db/open.ts'
import { isActive, type EndState } from '../db/request.ts'
import { tell } from '../logger.ts'
import { topicOf } from './pipeline.ts'

type IntakeContext = Pick<
  Context,
  'config' | 'contracts' | 'requests' | 'replicas' | 'queue' | 'sender' | 'operatorId' | 'log'
>

export interface Intake {
  /** Writes what confirmed logs say into the rows, inside the watcher's transaction. */
  onLogs(logs: ChainLog[], tx: Tx): Promise<void>
  /** Forgets what stood in blocks above `toBlock`, and has our own transactions there looked after again. */
  onRollback(toBlock: bigint, tx: Tx): Promise<void>
  /** Nudges the requests that the logs are about, once their rows are committed. */
  onCommitted(logs: ChainLog[]): void
}

/** How the contract's events end a request. */
const ENDS: Record<string, EndState> = {
  RequestFailed: 'failed',
  RequestCancelled: 'cancelled',
  RequestExpired: 'expired',
  RequestConcluded: 'stored',
}

/** Turns the contracts' events into rows: the only way in. */
export function createIntake(ctx: IntakeContext): Intake {
  async function apply(event: ContractEvent, log: ChainLog, tx: Tx): Promise<void> {
    const { contract, name, args } = event
    if (contract === 'pinning') return applyPinning(name, args, log, tx)

    const id = String(args.id)
    if (name === 'Requested') {
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
    } else if (name === 'Voted' && args.operatorId === ctx.operatorId) {
      tell(ctx.log, 'reported', id, { key: voteKey(id, Number(args.stage)), transaction: log.transactionHash })
    } else if (name === 'StageAnswered') {
      const request = await ctx.requests.get(id, tx)
      if (request && request.job !== JOB.STORE && Number(args.stage) === STAGE.PINNED)
        await end(id, 'answered', log, tx)
      else await ctx.requests.wake(id, tx)
    } else if (name in ENDS) {
      await end(id, ENDS[name]!, log, tx)
    }
  }

  async function applyPinning(name: string, args: Record<string, unknown>, log: ChainLog, tx: Tx): Promise<void> {
    const id = String(args.id)
    if (name === 'PinningRequested') await ctx.requests.setRequester(id, args.requester as string, tx)
    if (name !== 'ReplicaProven') return
    const providerId = args.providerId as bigint
    await ctx.replicas.proven(id, providerId, args.dealId as bigint, log.blockNumber, tx)
    await ctx.requests.wake(id, tx)
    tell(ctx.log, 'reported', id, { key: completionKey(id, `f0${providerId}`), transaction: log.transactionHash })
  }

  async function end(id: string, state: EndState, log: ChainLog, tx: Tx): Promise<void> {
    if (!(await ctx.requests.end(id, state, log.blockNumber, tx))) return
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
      await ctx.replicas.rollBack(toBlock, tx)
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
  const decode = { [JOB.PIN]: decodePinPayload, [JOB.STORE]: decodeStorePayload, [JOB.FETCH]: decodeFetchPayload }[job]
  if (decode === undefined) return null
  try {
    return CID.decode(decode(payload).cid).toString()
  } catch {
    return null
  }
}
