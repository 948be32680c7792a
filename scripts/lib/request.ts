import { getBytes } from 'ethers'
import { CID } from 'multiformats/cid'
import { PINNING_STATES } from '../../oracle/chain/contracts.ts'
import { FAIL_REASONS, type FailReason } from '../../oracle/errors.ts'
import { pieceToCid } from '../../oracle/proofs/piece-cid.ts'
import type { Deployment } from '../deploy/deployments.ts'
import type { Connection } from './hardhat.ts'

export type RequestState = (typeof PINNING_STATES)[number]

/** States in which nothing more happens by itself. */
export const OVER: readonly RequestState[] = [
  ...(['Stored', 'Ordered'] as const),
  ...(['Failed', 'Expired', 'Cancelled', 'Refuted', 'Undecided'] as const),
]

export interface DealFacts {
  dealId: bigint
  providerId: bigint
  /** First epoch at which the deal is over. */
  endEpoch: bigint
  aggregatePieceCid: string
  /** What the market actor says now. */
  running: boolean
}

/** A request as the chain tells it. Amounts in attoFIL, sizes in bytes. */
export interface RequestFacts {
  id: bigint
  state: RequestState
  failReason: FailReason | null
  requester: string
  cid: string
  replicas: number
  carBytes: bigint
  pieceCid: string | null
  pieceSize: bigint
  requestedEpoch: bigint
  deadlineEpoch: bigint
  /** Reward that still rests in the contract. */
  reward: bigint
  deals: DealFacts[]
}

/** Reads a request from PinningRequests, and each deal's state from the market actor through it. */
export async function readRequest(connection: Connection, deployment: Deployment, id: bigint): Promise<RequestFacts> {
  const pinning = await connection.ethers.getContractAt('PinningRequests', deployment.contracts.PinningRequests.address)
  const request = await pinning.getFunction('getRequest').staticCall(id)
  const state = PINNING_STATES[Number(request.state)]!
  const [deals, active] = await Promise.all([
    pinning.getFunction('dealsOf').staticCall(id),
    pinning.getFunction('getActiveDeals').staticCall(request.cid),
  ])
  const running = new Set(active.map(({ dealId }) => dealId))
  const known = BigInt(request.pieceSize) > 0n
  return {
    id,
    state,
    failReason: state === 'Failed' ? FAIL_REASONS[Number(request.failReason)]! : null,
    requester: request.requester,
    cid: CID.decode(getBytes(request.cid)).toString(),
    replicas: Number(request.replicas),
    carBytes: request.carBytes,
    pieceCid: known ? pieceToCid(getBytes(request.pieceDigest)) : null,
    pieceSize: request.pieceSize,
    requestedEpoch: request.requestedEpoch,
    deadlineEpoch: request.deadlineEpoch,
    reward: request.reward,
    deals: deals.map((deal) => ({
      dealId: deal.dealId,
      providerId: deal.providerId,
      endEpoch: deal.endEpoch,
      aggregatePieceCid: pieceToCid(getBytes(deal.aggregateDigest)),
      running: running.has(deal.dealId),
    })),
  }
}
