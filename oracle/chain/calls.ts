import { toBeHex } from 'ethers'
import { FAIL_REASONS, type FailReason } from '../errors.ts'
import type { Inclusion } from '../proofs/inclusion.ts'
import { pieceCidBytes } from '../proofs/piece-cid.ts'
import type { Piece } from '../proofs/piece.ts'
import { pinningAbi, registryAbi, type Addresses } from './contracts.ts'

/** The storage market actor's id. */
export const MARKET_ACTOR_ID = 5n

/** A transaction that is wanted, and the event that shows that it did its work. */
export interface WantedCall {
  /** Idempotency key. */
  key: string
  to: string
  /** Calldata, hex. */
  data: string
  expectEvent: { address: string; topics: (string | null)[] }
}

/** A deal that is shown to PinningRequests. Without `inclusion` the deal's data is the piece itself. */
export interface ShownDeal {
  dealId: bigint
  providerId: bigint
  piece: Piece
  inclusion: Inclusion | null
}

/** A number as an event's topic. */
export const word = (value: bigint | string | number): string => toBeHex(value, 32)

/** A proof of inclusion as the contracts take it. */
export const inclusionProof = ({ subtree, entry }: Inclusion) => ({ proofSubtree: subtree, proofIndex: entry })

export const voteKey = (id: string, stage: number) => `report:${id}:${stage}`
export const failureKey = (id: string, stage: number) => `fail:${id}:${stage}`
export const completionKey = (id: string, miner: string) => `complete:${id}:${miner}`
export const deliveryKey = (id: string, stage: number) => `deliver:${id}:${stage}`
export const challengeKey = (id: string, stage: number) => `challenge:${id}:${stage}`
export const resolveKey = (id: string, stage: number) => `resolve:${id}:${stage}`
export const refuteKey = (id: string, stage: number) => `refute:${id}:${stage}`
export const orderKey = (id: string, attempt: number) => `order:${id}:${attempt}`
export const syncKey = (id: string, stage: number) => `sync:${id}:${stage}`

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
        inclusionProof(inclusion),
        [pieceCidBytes(piece.digest), piece.size],
      ])
    : pinningAbi.encodeFunctionData('onchain_complete', shown)
  const topics = [pinningAbi.getEvent('ReplicaProven')!.topicHash, word(id), word(dealId), word(providerId)]
  return { key: completionKey(id, miner), to: pinning, data, expectEvent: { address: pinning, topics } }
}

/** Opens the order that a request for perpetual storage goes on as. */
export function openOrderCall({ pinning }: Pick<Addresses, 'pinning'>, id: string): Omit<WantedCall, 'key'> {
  const topics = [pinningAbi.getEvent('Ordered')!.topicHash, word(id)]
  return {
    to: pinning,
    data: pinningAbi.encodeFunctionData('openOrder', [id]),
    expectEvent: { address: pinning, topics },
  }
}

/** Has a final answer's callback made, and its operators paid. `data` is the answer, as its event told it. */
export function deliverCall({ registry }: Addresses, id: string, stage: number, data: Uint8Array): WantedCall {
  return {
    key: deliveryKey(id, stage),
    to: registry,
    data: registryAbi.encodeFunctionData('deliver', [id, stage, data]),
    expectEvent: stageEvent(registry, 'Delivered', id, stage),
  }
}

/** Has the operators of a final answer paid whose callback was made before. */
export function syncCall({ registry }: Addresses, id: string, stage: number): WantedCall {
  return {
    key: syncKey(id, stage),
    to: registry,
    data: registryAbi.encodeFunctionData('sync', [id]),
    expectEvent: stageEvent(registry, 'StageSettled', id, stage),
  }
}

/** Challenges an answer. `bond`, attoFIL, goes with it. */
export function challengeCall(
  { registry }: Addresses,
  challenger: string,
  id: string,
  stage: number,
  evidence: Uint8Array,
  bond: bigint,
): WantedCall & { value: bigint } {
  const { address, topics } = stageEvent(registry, 'Challenged', id, stage)
  return {
    key: challengeKey(id, stage),
    to: registry,
    data: registryAbi.encodeFunctionData('challenge', [id, stage, evidence]),
    value: bond,
    expectEvent: { address, topics: [...topics, word(challenger)] },
  }
}

/** Closes a request's open challenge, which is of `stage`, by the arbiter's ruling or its silence. */
export function resolveCall({ registry }: Addresses, id: string, stage: number): WantedCall {
  return {
    key: resolveKey(id, stage),
    to: registry,
    data: registryAbi.encodeFunctionData('resolve', [id]),
    expectEvent: stageEvent(registry, 'ChallengeClosed', id, stage),
  }
}

/** Has the chain itself refute an answer, which is `data`. */
export function refuteCall({ registry }: Addresses, id: string, stage: number, data: Uint8Array): WantedCall {
  return {
    key: refuteKey(id, stage),
    to: registry,
    data: registryAbi.encodeFunctionData('refute', [id, stage, data]),
    expectEvent: stageEvent(registry, 'Refuted', id, stage),
  }
}

function stageEvent(registry: string, name: string, id: string, stage: number): WantedCall['expectEvent'] {
  return { address: registry, topics: [registryAbi.getEvent(name)!.topicHash, word(id), word(stage)] }
}

function votedEvent(registry: string, operatorId: bigint, id: string, stage: number): WantedCall['expectEvent'] {
  return {
    address: registry,
    topics: [registryAbi.getEvent('Voted')!.topicHash, word(id), word(stage), word(operatorId)],
  }
}
