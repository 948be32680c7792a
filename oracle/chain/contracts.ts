import { Interface, type Result, getAddress, toBeHex } from 'ethers'
import { FAIL_REASONS, type FailReason } from '../errors.ts'
import type { Inclusion, ProofData } from '../proofs/inclusion.ts'
import { pieceCidBytes } from '../proofs/piece-cid.ts'
import type { Piece } from '../proofs/piece.ts'
import { EDGE_PROVIDER_ABI, ORACLE_REGISTRY_ABI, PINNING_REQUESTS_ABI } from './abi.ts'
import type { ChainLog } from './answers.ts'
import type { ChainClient } from './client.ts'
import { DEAL_STATES, type StatusAnswer } from './jobs.ts'

/** The storage market actor's id. */
const MARKET_ACTOR_ID = 5n

export const registryAbi = new Interface(ORACLE_REGISTRY_ABI)
export const pinningAbi = new Interface(PINNING_REQUESTS_ABI)
const edgeProviderAbi = new Interface(EDGE_PROVIDER_ABI)

/** Where a request stands, in the order of the registry's `enum RequestState`. */
export const REQUEST_STATES = ['None', 'Open', 'Answered', 'Failed', 'Cancelled', 'Expired'] as const

/** What the registry says about a request. */
export interface RequestView {
  /** The asking contract. */
  requester: string
  state: (typeof REQUEST_STATES)[number]
  /** The stage that is awaited while Open. */
  stage: number
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
] as const

/** A transaction that is wanted, and the event that shows that it did its work. */
export interface WantedCall {
  /** Idempotency key. */
  key: string
  to: string
  /** Calldata, hex. */
  data: string
  expectEvent: { address: string; topics: (string | null)[] }
}

/** A custom error of one of the contracts. */
export interface ContractError {
  name: string
  args: unknown[]
}

/** A deal that is shown to PinningRequests. Without `inclusion` the deal's data is the piece itself. */
export interface ShownDeal {
  dealId: bigint
  providerId: bigint
  piece: Piece
  inclusion: Inclusion | null
}

export interface Addresses {
  registry: string
  pinning: string
  edgeProvider: string
}

export interface Contracts extends Addresses {
  requestView(id: string): Promise<RequestView>
  /** The active operator that a key votes for; 0n if none. */
  operatorOf(reporter: string): Promise<bigint>
  providerOf(operatorId: bigint): Promise<bigint>
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
  const { registry, edgeProvider } = addresses

  return {
    ...addresses,

    async requestView(id) {
      const [view] = (await read(registry, registryAbi, 'getRequest', [id])) as unknown as [Result]
      const { requester, state, stage } = view.toObject() as { requester: string; state: bigint; stage: bigint }
      return { requester, state: REQUEST_STATES[Number(state)]!, stage: Number(stage) }
    },

    async operatorOf(reporter) {
      return (await read(registry, registryAbi, 'operatorOf', [reporter]))[0] as bigint
    },

    async providerOf(operatorId) {
      const [operator] = (await read(registry, registryAbi, 'getOperator', [operatorId])) as unknown as [Result]
      return operator.getValue('providerId') as bigint
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

const word = (value: bigint | string | number) => toBeHex(value, 32)

export const voteKey = (id: string, stage: number) => `report:${id}:${stage}`
export const failureKey = (id: string, stage: number) => `fail:${id}:${stage}`
export const completionKey = (id: string, miner: string) => `complete:${id}:${miner}`

/** This operator's vote for an answer. */
export function reportCall(
  { registry }: Addresses,
  operatorId: bigint,
  id: string,
  stage: number,
  data: Uint8Array,
): WantedCall {
  return {
    key: voteKey(id, stage),
    to: registry,
    data: registryAbi.encodeFunctionData('report', [id, stage, data]),
    expectEvent: votedEvent(registry, operatorId, id, stage),
  }
}

/** This operator's vote that a request cannot be served. */
export function failureCall(
  { registry }: Addresses,
  operatorId: bigint,
  id: string,
  stage: number,
  reason: FailReason,
): WantedCall {
  return {
    key: failureKey(id, stage),
    to: registry,
    data: registryAbi.encodeFunctionData('reportFailure', [id, stage, FAIL_REASONS.indexOf(reason)]),
    expectEvent: votedEvent(registry, operatorId, id, stage),
  }
}

/** Shows a replica's deal. */
export function completeCall({ pinning }: Addresses, id: string, miner: string, deal: ShownDeal): WantedCall {
  const { dealId, providerId, piece, inclusion } = deal
  const shown = [id, MARKET_ACTOR_ID, dealId, providerId]
  const data = inclusion
    ? pinningAbi.encodeFunctionData('complete', [
        ...shown,
        [proofTuple(inclusion.subtree), proofTuple(inclusion.entry)],
        [pieceCidBytes(piece.digest), piece.size],
      ])
    : pinningAbi.encodeFunctionData('onchain_complete', shown)
  const topics = [pinningAbi.getEvent('ReplicaProven')!.topicHash, word(id), word(dealId), word(providerId)]
  return { key: completionKey(id, miner), to: pinning, data, expectEvent: { address: pinning, topics } }
}

function votedEvent(registry: string, operatorId: bigint, id: string, stage: number): WantedCall['expectEvent'] {
  return {
    address: registry,
    topics: [registryAbi.getEvent('Voted')!.topicHash, word(id), word(stage), word(operatorId)],
  }
}

function proofTuple({ index, path }: ProofData): [bigint, Uint8Array[]] {
  return [index, path]
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
