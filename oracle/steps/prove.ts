import { completeCall, completionKey, type WantedCall } from '../chain/calls.ts'
import { describeContractError, readContractError, type ContractError } from '../chain/contracts.ts'
import { CallReverted } from '../chain/rpc.ts'
import type { Context } from '../context.ts'
import type { Replica } from '../db/replica.ts'
import type { Claimed } from '../db/request.ts'
import type { EdgeStatus } from '../edge/client.ts'
import { PermanentError } from '../errors.ts'
import { tell } from '../logger.ts'
import { verifyInclusion } from '../proofs/inclusion.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'

export type ProveContext = Pick<Context, 'config' | 'log' | 'contracts' | 'sender' | 'replicas' | 'chain'>

/** The contract will never count this deal for this request. */
export class DealUnfit extends PermanentError {
  constructor(dealId: bigint, why: string) {
    super(`deal ${dealId} does not fit: ${why}`, { reason: 'DealFailed' })
  }
}

/** Answers of `complete` that no waiting changes. All others may change: the deal is not active yet, a reader was unclear, … */
const NEVER = new Set([
  'WrongMarketActor',
  'WrongPiece',
  'WrongAggregate',
  'WrongProvider',
  'DealRemoved',
  'DealExpired',
  'DealTooOld',
  'TermTooShort',
])

/**
 * Shows an active deal to the contract: checks the inclusion proof here and everything else by running `complete` without
 * sending it, which asks the market actor; then hands it to the sender.
 * @throws InclusionInvalid; DealUnfit
 */
export async function prove(ctx: ProveContext, request: Claimed, replica: Replica, status: EdgeStatus): Promise<void> {
  const piece = request.piece!
  const { dealId } = status.deal!
  const providerId = replica.providerId!
  const inclusion = status.inclusion ?? null
  const aggregate = inclusion ? verifyInclusion(piece, inclusion) : piece
  const call = completeCall(ctx.contracts, request.id, replica.miner, { dealId, providerId, piece, inclusion })

  const refusal = await simulate(ctx, call)
  if (refusal) {
    const words = describeContractError(refusal)
    // Without a proof the deal must hold the piece itself; that it holds another may mean that the proof is still to come.
    const proofMayCome = refusal.name === 'WrongAggregate' && inclusion === null
    if (NEVER.has(refusal.name) && !proofMayCome) throw new DealUnfit(dealId, words)
    await ctx.replicas.set(request.id, replica.miner, { error: words })
    return
  }

  await ctx.replicas.set(request.id, replica.miner, { state: 'proving', dealId, aggregate, inclusion, error: null })
  await ctx.sender.submit(call)
  tell(ctx.log, 'proof-verified', request.id, {
    miner: replica.miner,
    dealId: dealId.toString(),
    providerId: providerId.toString(),
    aggregatePieceCid: pieceToCid(aggregate.digest),
  })
}

/** What becomes of a `complete` that was handed over; the contract's own event ends a good one. */
export async function checkProving(ctx: ProveContext, replica: Replica): Promise<void> {
  const status = await ctx.sender.status(completionKey(replica.requestId, replica.miner))
  if (status && status.state !== 'refused' && status.state !== 'failed') return

  const name = status?.error?.name ?? ''
  // Someone else showed it: the event that says so marks the replica.
  if (name === 'DealAlreadyCounted' || name === 'ProviderAlreadyCounted') return
  const error = status?.error?.message ?? 'never handed over'
  await ctx.replicas.set(replica.requestId, replica.miner, { state: NEVER.has(name) ? 'failed' : 'published', error })
}

async function simulate({ chain, sender }: ProveContext, { to, data }: WantedCall): Promise<ContractError | undefined> {
  try {
    await chain.call({ from: sender.address, to, data })
    return undefined
  } catch (error) {
    if (!(error instanceof CallReverted)) throw error
    return readContractError(error.data) ?? { name: 'UnknownRevert', args: [error.data] }
  }
}
