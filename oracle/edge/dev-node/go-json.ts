import { pieceCidBytes, pieceToCid } from '../../proofs/piece-cid.ts'
import { contentStatus, isWithDelta } from './bucket-walk.ts'
import { decodeInclusion, toProofJson } from './inclusion-json.ts'
import type { BucketRow, ContentRow } from './store.ts'

/** Content, Bucket and StatusCheck with the keys, the order and the zero values of Edge's Go structs. API keys are never shown. */

export function toContentJson(content: ContentRow, bucket: BucketRow | undefined) {
  const deal = dealOf(bucket)
  return {
    ID: content.id,
    name: content.name,
    size: content.bytes,
    cid: content.cid,
    selective_car_cid: content.cid,
    delta_content_id: deltaContentId(bucket),
    delta_node_url: '',
    bucket_uuid: content.bucket_uuid ?? '',
    status: contentStatus(bucket?.status),
    piece_cid: pieceCid(content.piece_digest),
    piece_size: content.piece_size ?? 0,
    inclusion_proof: null,
    verifier_data: null,
    deal_id: deal.id,
    deal_uuid: deal.uuid,
    last_message: bucket?.last_message ?? '',
    miner: content.miner,
    make_deal: content.make_deal === 1,
    ...times(content),
  }
}

export function toBucketJson(bucket: BucketRow) {
  const deal = dealOf(bucket)
  return {
    id: bucket.id,
    uuid: bucket.uuid,
    name: bucket.uuid,
    size: bucket.bytes,
    delta_content_id: deltaContentId(bucket),
    delta_node_url: '',
    miner: `t0${bucket.provider_id}`,
    piece_cid: pieceCid(bucket.aggregate_digest),
    piece_size: bucket.aggregate_size ?? 0,
    file_c_piece_cid: '',
    file_c_piece_size: 0,
    cid: '',
    deal_id: deal.id,
    deal_uuid: deal.uuid,
    status: bucket.status,
    last_message: bucket.last_message,
    ...times(bucket),
  }
}

/** The answer to a status request; of an unknown content, a row of zeros. */
export function toStatusCheckJson(content: ContentRow | undefined, bucket: BucketRow | undefined) {
  const inclusion = content?.inclusion ? decodeInclusion(content.inclusion) : undefined
  const packed = inclusion && content?.piece_digest ? { piece: content, aggregate: bucket } : undefined
  const status = content ? contentStatus(bucket?.status) : ''
  const deal = dealOf(bucket)
  return {
    content_info: {
      cid: content?.cid ?? '',
      selective_car_cid: content?.cid ?? '',
      name: content?.name ?? '',
      size: content?.bytes ?? 0,
      miner: content?.miner ?? '',
      delta_content_id: deltaContentId(bucket),
    },
    sub_piece_info: {
      piece_cid: pieceCid(packed?.piece.piece_digest),
      size: packed?.piece.piece_size ?? 0,
      comm_pa: pieceCid(packed?.aggregate?.aggregate_digest),
      size_pa: packed?.aggregate?.aggregate_size ?? 0,
      comm_pc: pieceCid(packed?.piece.piece_digest),
      size_pc: packed?.piece.piece_size ?? 0,
      status: packed ? status : '',
      inclusion_proof: { proofIndex: toProofJson(inclusion?.entry), proofSubtree: toProofJson(inclusion?.subtree) },
      verifier_data: { commPc: commPcHex(packed?.piece.piece_digest), sizePc: packed?.piece.piece_size ?? 0 },
    },
    deal_info: { deal_uuid: deal.uuid, deal_id: deal.id, status, delta_node: '' },
    ...(bucket?.last_message && { message: bucket.last_message }),
  }
}

function dealOf(bucket: BucketRow | undefined): { id: number; uuid: string } {
  return bucket ? { id: bucket.deal_id, uuid: bucket.deal_uuid } : { id: 0, uuid: '' }
}

function deltaContentId(bucket: BucketRow | undefined): number {
  return bucket && isWithDelta(bucket.status) ? bucket.id : 0
}

function pieceCid(digest: Uint8Array | null | undefined): string {
  return digest ? pieceToCid(digest) : ''
}

function commPcHex(digest: Uint8Array | null | undefined): string {
  return digest ? `0x${Buffer.from(pieceCidBytes(digest)).toString('hex')}` : ''
}

function times({ created_at, updated_at }: { created_at: number; updated_at: number }) {
  return { created_at: new Date(created_at).toISOString(), updated_at: new Date(updated_at).toISOString() }
}
