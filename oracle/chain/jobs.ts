import { AbiCoder, ZeroHash, getBytes, hexlify, keccak256 } from 'ethers'
import { FAIL_REASONS, MooringError, PermanentError, type FailReason } from '../errors.ts'
import type { Piece } from '../proofs/piece.ts'

/** Numbers, stages and encodings of contracts/oracle/EdgeJobs.sol. */
export const JOB = { PIN: 1, STORE: 2, STATUS: 3, FETCH: 4, PACK: 5 } as const
/** PINNED is also the only stage of *status* (Reported) and of *fetch* (Fetched). */
export const STAGE = { PINNED: 0, PACKED: 1, STORED: 2 } as const

/** The stage after which a request of this job is answered. That of *store* is not voted: the requester proves and concludes it. */
export function lastStageOf(job: number): number {
  if (job === JOB.STORE) return STAGE.STORED
  return job === JOB.PACK ? STAGE.PACKED : STAGE.PINNED
}

/** A deal as the market actor shows it, in the order of `enum DealState`. */
export const DEAL_STATES = ['Unknown', 'Published', 'Active', 'Ended', 'Removed'] as const
export type DealState = (typeof DEAL_STATES)[number]

export interface PinPayload {
  cid: Uint8Array
  fetchLink: Uint8Array
}

export interface StorePayload extends PinPayload {
  /** Deals with as many different providers. */
  replicas: number
  minTermEpochs: bigint
  allowExistingDeals: boolean
  /** The piece that the requester names: CommP and padded bytes. */
  piece?: { digest: Uint8Array; size: bigint }
}

export interface StatusPayload {
  dealId: bigint
}

export interface FetchPayload {
  /** The http(s) URL, UTF-8 text. */
  url: Uint8Array
  /** The binary CID that the URL's bytes must be. */
  cid: Uint8Array
}

/** Epochs are −1n where the market says so; all but the id is zero where the deal is Unknown or Removed. */
export interface StatusAnswer {
  dealId: bigint
  state: DealState
  providerId: bigint
  pieceDigest: Uint8Array
  pieceSize: bigint
  activatedEpoch: bigint
  startEpoch: bigint
  endEpoch: bigint
}

/** The payload is not what its job asks for. */
export class PayloadInvalid extends PermanentError {
  constructor(job: string, payload: Uint8Array, cause: unknown) {
    const seen = hexlify(payload.subarray(0, 64)) + (payload.length > 64 ? '…' : '')
    super(
      `the payload of a ${job} request must be abi.encode(EdgeJobs.${job}Payload), got ${payload.length} bytes: ${seen}`,
      {
        reason: 'BadContent',
        cause,
        hint: 'build payloads with EdgeProvider',
      },
    )
  }
}

/** What the quorum answered is not an answer of its job. */
export class AnswerInvalid extends MooringError {
  constructor(stage: string, data: Uint8Array, cause: unknown) {
    const seen = hexlify(data.subarray(0, 64)) + (data.length > 64 ? '…' : '')
    super(`expected abi.encode(EdgeJobs.${stage}Answer), got ${data.length} bytes: ${seen}`, { cause })
  }
}

const PIN_PAYLOAD = ['tuple(bytes cid, bytes fetchLink)']
const STORE_PAYLOAD = [
  'tuple(bytes cid, bytes fetchLink, uint16 replicas, uint64 minTermEpochs, bool allowExistingDeals, bytes32 pieceDigest, uint64 pieceSize)',
]
const STATUS_PAYLOAD = ['tuple(uint64 dealId)']
const FETCH_PAYLOAD = ['tuple(bytes url, bytes cid)']
const PINNED_ANSWER = ['tuple(uint64 carBytes)']
const PACKED_ANSWER = ['tuple(bytes32 pieceDigest, uint64 pieceSize, uint64 carBytes)']
const STATUS_ANSWER = [
  'tuple(uint64 dealId, uint8 state, uint64 providerId, bytes32 pieceDigest, uint64 pieceSize, int64 activatedEpoch, int64 startEpoch, int64 endEpoch)',
]

const FETCHED_ANSWER = ['tuple(uint64 sizeBytes)']

const abi = AbiCoder.defaultAbiCoder()

type Read<T> = (fields: Record<string, unknown>) => T

function decode<T>(job: string, types: string[], payload: Uint8Array, read: Read<T>): T {
  try {
    return read(decodeTuple(types, payload))
  } catch (error) {
    throw new PayloadInvalid(job, payload, error)
  }
}

function decodeAnswer<T>(stage: string, types: string[], data: Uint8Array, read: Read<T>): T {
  try {
    return read(decodeTuple(types, data))
  } catch (error) {
    throw new AnswerInvalid(stage, data, error)
  }
}

function decodeTuple(types: string[], bytes: Uint8Array): Record<string, unknown> {
  const values = abi.decode(types, bytes)
  // The decoder cuts numbers to their type's width and allows bytes to spare; Solidity's encoder leaves neither.
  if (abi.encode(types, values) !== hexlify(bytes)) throw new Error('not the canonical encoding')
  const [fields] = values as unknown as [{ toObject(): Record<string, unknown> }]
  return fields.toObject()
}

/** @throws PayloadInvalid */
export function decodePinPayload(payload: Uint8Array): PinPayload {
  return decode('Pin', PIN_PAYLOAD, payload, (fields) => ({
    cid: getBytes(fields.cid as string),
    fetchLink: getBytes(fields.fetchLink as string),
  }))
}

/** The fields of *pack* are those of *pin*. @throws PayloadInvalid */
export function decodePackPayload(payload: Uint8Array): PinPayload {
  return decode('Pack', PIN_PAYLOAD, payload, (fields) => ({
    cid: getBytes(fields.cid as string),
    fetchLink: getBytes(fields.fetchLink as string),
  }))
}

/** @throws PayloadInvalid */
export function decodeStorePayload(payload: Uint8Array): StorePayload {
  return decode('Store', STORE_PAYLOAD, payload, (fields) => {
    const named = fields.pieceDigest !== ZeroHash || fields.pieceSize !== 0n
    return {
      cid: getBytes(fields.cid as string),
      fetchLink: getBytes(fields.fetchLink as string),
      replicas: Number(fields.replicas),
      minTermEpochs: fields.minTermEpochs as bigint,
      allowExistingDeals: fields.allowExistingDeals as boolean,
      ...(named && { piece: { digest: getBytes(fields.pieceDigest as string), size: fields.pieceSize as bigint } }),
    }
  })
}

/** @throws PayloadInvalid */
export function decodeStatusPayload(payload: Uint8Array): StatusPayload {
  return decode('Status', STATUS_PAYLOAD, payload, (fields) => ({ dealId: fields.dealId as bigint }))
}

/** @throws PayloadInvalid */
export function decodeFetchPayload(payload: Uint8Array): FetchPayload {
  return decode('Fetch', FETCH_PAYLOAD, payload, (fields) => ({
    url: getBytes(fields.url as string),
    cid: getBytes(fields.cid as string),
  }))
}

export function encodePinPayload({ cid, fetchLink }: PinPayload): Uint8Array {
  return getBytes(abi.encode(PIN_PAYLOAD, [[cid, fetchLink]]))
}

export const encodePackPayload = encodePinPayload

export function encodeStorePayload(payload: StorePayload): Uint8Array {
  const { cid, fetchLink, replicas, minTermEpochs, allowExistingDeals, piece } = payload
  const named = [piece?.digest ?? ZeroHash, piece?.size ?? 0n]
  return getBytes(abi.encode(STORE_PAYLOAD, [[cid, fetchLink, replicas, minTermEpochs, allowExistingDeals, ...named]]))
}

export function encodeStatusPayload({ dealId }: StatusPayload): Uint8Array {
  return getBytes(abi.encode(STATUS_PAYLOAD, [[dealId]]))
}

export function encodeFetchPayload({ url, cid }: FetchPayload): Uint8Array {
  return getBytes(abi.encode(FETCH_PAYLOAD, [[url, cid]]))
}

/** @param sizeBytes What the URL served. */
export function encodeFetchedAnswer(sizeBytes: bigint): Uint8Array {
  return getBytes(abi.encode(FETCHED_ANSWER, [[sizeBytes]]))
}

/** @param carBytes Size of the canonical CAR. */
export function encodePinnedAnswer(carBytes: bigint): Uint8Array {
  return getBytes(abi.encode(PINNED_ANSWER, [[carBytes]]))
}

/** @param piece CommP of the canonical CAR and its padded bytes. */
export function encodePackedAnswer(piece: { digest: Uint8Array; size: bigint }, carBytes: bigint): Uint8Array {
  return getBytes(abi.encode(PACKED_ANSWER, [[piece.digest, piece.size, carBytes]]))
}

/** @throws AnswerInvalid when `data` is not the canonical encoding of the job's answer. */
export const decodePinnedAnswer = (data: Uint8Array): { carBytes: bigint } =>
  decodeAnswer('Pinned', PINNED_ANSWER, data, (fields) => ({ carBytes: fields.carBytes as bigint }))

/** @throws AnswerInvalid */
export const decodeFetchedAnswer = (data: Uint8Array): { sizeBytes: bigint } =>
  decodeAnswer('Fetched', FETCHED_ANSWER, data, (fields) => ({ sizeBytes: fields.sizeBytes as bigint }))

/** @throws AnswerInvalid */
export const decodePackedAnswer = (data: Uint8Array): { piece: Piece; carBytes: bigint } =>
  decodeAnswer('Packed', PACKED_ANSWER, data, (fields) => ({
    piece: { digest: getBytes(fields.pieceDigest as string), size: fields.pieceSize as bigint },
    carBytes: fields.carBytes as bigint,
  }))

/** @throws AnswerInvalid */
export const decodeStatusAnswer = (data: Uint8Array): StatusAnswer =>
  decodeAnswer('Status', STATUS_ANSWER, data, ({ state, pieceDigest, ...fields }) => {
    const dealState = DEAL_STATES[Number(state)]
    if (dealState === undefined) throw new Error(`there is no deal state ${String(state)}`)
    return {
      ...(fields as Pick<StatusAnswer, 'dealId' | 'providerId' | 'pieceSize'>),
      ...(fields as Pick<StatusAnswer, 'activatedEpoch' | 'startEpoch' | 'endEpoch'>),
      state: dealState,
      pieceDigest: getBytes(pieceDigest as string),
    }
  })

export function encodeStatusAnswer(answer: StatusAnswer): Uint8Array {
  const { dealId, state, providerId, pieceDigest, pieceSize, activatedEpoch, startEpoch, endEpoch } = answer
  const fields = [
    dealId,
    DEAL_STATES.indexOf(state),
    providerId,
    pieceDigest,
    pieceSize,
    activatedEpoch,
    startEpoch,
    endEpoch,
  ]
  return getBytes(abi.encode(STATUS_ANSWER, [fields]))
}

/** The data of a failure, as the registry hashes and delivers it. */
export function encodeFailure(reason: FailReason): Uint8Array {
  return getBytes(abi.encode(['uint8'], [FAIL_REASONS.indexOf(reason)]))
}

/** What operators agree on: the registry compares votes by it. */
export function answerHash(ok: boolean, data: Uint8Array): string {
  return keccak256(abi.encode(['bool', 'bytes'], [ok, data]))
}
