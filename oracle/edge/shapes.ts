import { z } from 'zod'
import { verifyInclusion } from '../proofs/inclusion.ts'
import type { Inclusion, ProofData } from '../proofs/inclusion.ts'
import { parsePieceCid } from '../proofs/piece-cid.ts'
import { samePiece } from '../proofs/piece.ts'
import type { Piece } from '../proofs/piece.ts'
import { toEdgeState } from './deal-status.ts'
import type { EdgeState } from './deal-status.ts'
import { EdgeContentUnknown, EdgeRefused, EdgeShapeUnknown } from './errors.ts'

/** A content as an upload answers it: one per miner. */
export interface EdgeContent {
  contentId: string
  cid: string
  miner: string
}

/** What an Edge node says about one content. Nothing of it is proven but the inclusion, which leads from `piece` to `aggregate`. */
export interface EdgeStatus {
  contentId: string
  /** Payload CID. */
  cid: string
  /** The provider as the node writes it (`t01000`), empty if it does not say. */
  miner: string
  /** The file name of the upload, empty if it does not say. */
  name: string
  /** Piece CID v1 of the content's own piece. */
  pieceCid?: string
  /** `active` only with a deal id, where the node's API shows deal ids at all. */
  state: EdgeState
  /** The status in the node's own words. */
  stateText: string
  message?: string
  /** The deal, once the node knows its id. The market actor has not been asked. */
  deal?: { dealId: bigint; uuid: string }
  piece?: Piece
  inclusion?: Inclusion
  /** Where the verified inclusion leads. */
  aggregate?: Piece
}

// Go writes null for an empty slice and leaves out what is marked omitempty.
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const count = z
  .number()
  .int()
  .nonnegative()
  .nullish()
  .transform((value) => BigInt(value ?? 0))
const id = z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String)

const contentRow = z
  .object({
    ID: id.optional(),
    id: id.optional(),
    cid: text,
    miner: text,
    name: text,
    status: text,
    last_message: text,
    deal_id: count,
    deal_uuid: text,
  })
  .refine((row) => row.ID !== undefined || row.id !== undefined, 'ID or id is missing')
  .transform((row) => ({ ...row, contentId: (row.ID ?? row.id)! }))

type ContentRow = z.infer<typeof contentRow>

const hexIndex = z
  .string()
  .regex(/^(0x[0-9a-f]{1,16})?$/i)
  .nullish()
  .transform((value) => value ?? '')
const proofData = z
  .object({ index: hexIndex, path: z.array(z.string().regex(/^0x[0-9a-f]{64}$/i)).nullish() })
  .transform(({ index, path }): ProofData | undefined =>
    index === '' ? undefined : { index: BigInt(index), path: (path ?? []).map(fromHex) },
  )

const verifierData = z.union([
  z.object({ commPc: z.string(), sizePc: count }),
  z
    .object({ CommPc: z.object({ '/': z.string() }), SizePc: count })
    .transform(({ CommPc, SizePc }) => ({ commPc: CommPc['/'], sizePc: SizePc })),
])

/** `StatusCheck` of the deal-making Edge (api/open_status_check.go). */
const statusCheck = z.object({
  content_info: z.object({ cid: text, miner: text, name: text }),
  sub_piece_info: z.object({
    piece_cid: text,
    comm_pa: text,
    size_pa: count,
    status: text,
    inclusion_proof: z.object({ proofIndex: proofData, proofSubtree: proofData }),
    verifier_data: verifierData,
  }),
  deal_info: z.object({ deal_uuid: text, deal_id: count, status: text }),
  message: text,
})

type StatusCheck = z.infer<typeof statusCheck>

const statusBody = z.union([
  z.object({ data: statusCheck, message: text }).transform(({ data }) => ({ data })),
  z.object({ content: contentRow }),
])
const addedBody = z.object({ contents: z.array(contentRow) })
const rowsBody = z.union([
  z.object({ contents: z.array(contentRow).nullable(), total: count }),
  z.object({ cids: z.array(contentRow).nullable() }).transform(({ cids }) => ({ contents: cids, total: 0n })),
])
const checksBody = z.object({ data: z.array(z.unknown()).nullable() })

/** The contents in the answer to add, add-car and fetch-pin. @throws {EdgeShapeUnknown} */
export function parseAdded(body: unknown): EdgeContent[] {
  return parse(addedBody, body, 'an upload').contents.map(({ contentId, cid, miner }) => ({ contentId, cid, miner }))
}

/**
 * The answer to a status request: `{data: StatusCheck}` with either form of verifier_data, or `{content}` of the nodes that show
 * no proofs.
 * @throws {EdgeShapeUnknown} @throws {EdgeContentUnknown} @throws {EdgeRefused} The proof in it does not verify.
 */
export function parseStatus(body: unknown, contentId: string): EdgeStatus {
  const parsed = parse(statusBody, body, 'a status request')
  return 'data' in parsed ? fromStatusCheck(parsed.data, contentId) : fromContentRow(parsed.content)
}

/** A page of content rows (`{total, page, contents}` or `{cids}`): ids and CIDs. @throws {EdgeShapeUnknown} */
export function parseRows(body: unknown): { contents: EdgeContent[]; total: bigint } {
  const { contents, total } = parse(rowsBody, body, 'a list of contents')
  return { contents: (contents ?? []).map(({ contentId, cid, miner }) => ({ contentId, cid, miner })), total }
}

/** How many contents a node has of one CID (`{data: […]}`, null for none). @throws {EdgeShapeUnknown} */
export function parseCheckCount(body: unknown): number {
  return parse(checksBody, body, 'a status request by CID').data?.length ?? 0
}

function fromContentRow(row: ContentRow): EdgeStatus {
  return {
    contentId: row.contentId,
    cid: row.cid,
    miner: row.miner,
    name: row.name,
    state: toEdgeState(row.status),
    stateText: row.status,
    ...(row.last_message && { message: row.last_message }),
    ...(row.deal_id > 0n && { deal: { dealId: row.deal_id, uuid: row.deal_uuid } }),
  }
}

function fromStatusCheck(check: StatusCheck, contentId: string): EdgeStatus {
  // An unknown id is answered 200 with a row of zeros.
  if (check.content_info.cid === '') throw new EdgeContentUnknown(`the Edge node knows no content ${contentId}`)

  const deal = check.deal_info.deal_id > 0n && { dealId: check.deal_info.deal_id, uuid: check.deal_info.deal_uuid }
  const stateText = check.deal_info.status || check.sub_piece_info.status
  const state = toEdgeState(stateText)
  const piece = toPiece(check)
  const inclusion = toInclusion(check)
  return {
    contentId,
    cid: check.content_info.cid,
    miner: check.content_info.miner,
    name: check.content_info.name,
    state: state === 'active' && !deal ? 'dealing' : state, // the row is refreshed after it is answered: the id comes later
    stateText,
    ...(check.message && { message: check.message }),
    ...(check.sub_piece_info.piece_cid && { pieceCid: check.sub_piece_info.piece_cid }),
    ...(deal && { deal }),
    ...(piece && { piece }),
    ...(piece && inclusion && { inclusion, aggregate: toAggregate(check, contentId, piece, inclusion) }),
  }
}

function toPiece({ sub_piece_info: info }: StatusCheck): Piece | undefined {
  const { commPc, sizePc } = info.verifier_data
  if (commPc === '' || sizePc === 0n) return undefined
  return { digest: toDigest(commPc.startsWith('0x') ? fromHex(commPc) : commPc), size: sizePc }
}

function toInclusion({ sub_piece_info: info }: StatusCheck): Inclusion | undefined {
  const { proofSubtree, proofIndex } = info.inclusion_proof
  return proofSubtree && proofIndex && { subtree: proofSubtree, entry: proofIndex }
}

function toAggregate(check: StatusCheck, contentId: string, piece: Piece, inclusion: Inclusion): Piece {
  const { comm_pa, size_pa } = check.sub_piece_info
  let aggregate: Piece
  try {
    aggregate = verifyInclusion(piece, inclusion)
  } catch (cause) {
    throw new EdgeRefused(`the inclusion proof of content ${contentId} is wrong`, { cause })
  }
  if (comm_pa !== '' && !samePiece(aggregate, { digest: toDigest(comm_pa), size: size_pa })) {
    throw new EdgeRefused(`the inclusion proof of content ${contentId} does not lead to ${comm_pa} of ${size_pa} bytes`)
  }
  return aggregate
}

function toDigest(pieceCid: string | Uint8Array): Uint8Array {
  try {
    return parsePieceCid(pieceCid).digest
  } catch (cause) {
    throw new EdgeShapeUnknown('the Edge node names a piece by something else than a piece CID', { cause })
  }
}

function parse<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new EdgeShapeUnknown(`the Edge node's answer to ${what} has an unknown shape: ${excerpt(body)}`, {
    cause: result.error,
  })
}

function excerpt(body: unknown): string {
  const json = JSON.stringify(body) ?? 'nothing'
  return json.length > 200 ? `${json.slice(0, 200)}…` : json
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
}
