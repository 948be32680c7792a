import { existsSync } from 'node:fs'
import { CID } from 'multiformats/cid'
import { readRevert } from './revert.ts'
import type { Perpetual } from '../chain/perpetual.ts'
import { slotLabel } from '../chain/slot-id.ts'
import type { Context } from '../context.ts'
import type { SlotDeal, SlotDealMove } from '../db/slot-deal.ts'
import { minerId } from '../db/replica.ts'
import type { StorageOrder } from '../db/storage-order.ts'
import type { EdgeClient, EdgeStatus } from '../edge/client.ts'
import { EdgeContentUnknown, EdgeRefused } from '../edge/errors.ts'
import { RetryableError } from '../errors.ts'
import { pieceToCid } from '../proofs/piece-cid.ts'
import { proveSlotCall, proveSlotKey } from './prove-call.ts'
import { tellRepair } from './tell.ts'

export type SlotDealContext = Pick<
  Context,
  'config' | 'log' | 'chain' | 'sender' | 'edges' | 'orders' | 'slots' | 'pieces'
> & {
  perpetual: Pick<Perpetual, 'address' | 'slotView'>
  /** CBOR of where a deal's sector is now, hex; nothing while it is in none that can be shown. */
  locateDeal(dealId: bigint): Promise<string | undefined>
}

/** After so many failed attempts with one Edge node the next one is asked. */
const ATTEMPTS_PER_NODE = 3

/** Answers of the contract that no waiting changes. All others may: the deal is not active yet, an actor was unclear, … */
const NEVER = new Set([
  ...['WrongPiece', 'WrongAggregate', 'WrongProvider', 'DealRemoved', 'BadDealTerm'],
  ...['StartsTooLate', 'SlotTermTooShort', 'ReplicaAlreadyPaid'],
])

/** Does what is next for the deal of a claimed slot. Safe to run twice, and after a crash at any moment. */
export async function advance(ctx: SlotDealContext, deal: SlotDeal): Promise<SlotDealMove> {
  const believed = await ctx.slots.get(deal.slot)
  if (believed === undefined || believed.nonce !== deal.nonce || believed.state !== 'Claimed') {
    const ours = believed?.nonce === deal.nonce && believed.state === 'Active' && believed.dealId === deal.dealId
    return { state: ours ? 'proven' : 'over', dueInMs: 0, error: null }
  }
  const now = await ctx.perpetual.slotView(deal.slot)
  // The head says otherwise: once that is believed, the row says so too.
  if (now.nonce !== deal.nonce || now.state !== 'Claimed') return waitFor(ctx, deal)
  if ((await ctx.chain.blockNumber()) > now.claimBy)
    return waitFor(ctx, deal, `its time ended with epoch ${now.claimBy}`)

  const order = await ctx.orders.get(deal.orderId)
  if (order === undefined) return waitFor(ctx, deal, 'its order is not known')
  if (deal.state === 'asked') return ask(ctx, deal, order)
  if (deal.state === 'dealing' || deal.state === 'published') return follow(ctx, deal, order)
  if (deal.state === 'proving') return checkProof(ctx, deal)
  return waitFor(ctx, deal, deal.error)
}

/** Gives the piece to an Edge node, unless it has it: from before a crash, or from another operator under the same key. */
async function ask(ctx: SlotDealContext, deal: SlotDeal, order: StorageOrder): Promise<SlotDealMove> {
  const piece = await ctx.pieces.get(pieceToCid(order.pieceDigest))
  if (piece?.state !== 'kept' || !existsSync(piece.carPath!)) {
    return waitFor(ctx, deal, `its piece is not here${piece?.error ? `: ${piece.error}` : ''}`)
  }
  const edge = ctx.edges.find(({ url }) => url === deal.edgeUrl)
  if (edge === undefined) return nextNode(ctx, deal, `${deal.edgeUrl} is not in MOORING_EDGE_URLS any more`)
  if (deal.attempts > 0 && deal.attempts % ATTEMPTS_PER_NODE === 0 && ctx.edges.length > 1) {
    const at = ctx.edges.indexOf(edge)
    const { url } = ctx.edges[(at + 1) % ctx.edges.length]!
    return { state: 'asked', dueInMs: 0, edgeUrl: url, attempts: deal.attempts + 1 }
  }

  try {
    const contentId =
      (await lookUp(edge, deal, CID.decode(order.payloadCid).toString())) ?? (await upload(edge, deal, piece.carPath!))
    tellRepair(ctx.log, 'slot-deal-asked', { ...nameOf(deal), edgeUrl: edge.url, contentId })
    return { state: 'dealing', dueInMs: ctx.config.dealPollMs, contentId, error: null }
  } catch (error) {
    if (!(error instanceof EdgeRefused)) throw error
    return nextNode(ctx, deal, error.message)
  }
}

async function lookUp(edge: EdgeClient, deal: SlotDeal, payloadCid: string): Promise<string | undefined> {
  const contents = await edge.findByCid(payloadCid)
  const isOurs = ({ name, miner, state }: EdgeStatus) =>
    name === deal.uploadName && miner !== '' && minerId(miner) === deal.provider && state !== 'failed'
  return contents.find(isOurs)?.contentId
}

async function upload(edge: EdgeClient, { slot, nonce, miner, uploadName }: SlotDeal, file: string): Promise<string> {
  const contents = await edge.addCar(file, uploadName, { miners: [miner], label: slotLabel(slot, nonce) })
  const content = contents.find((one) => one.miner !== '' && minerId(one.miner) === minerId(miner))
  if (content) return content.contentId
  throw new RetryableError(`${edge.url} took ${uploadName} but tells no content for ${miner}`)
}

function nextNode(ctx: SlotDealContext, deal: SlotDeal, why: string): SlotDealMove {
  const at = ctx.edges.findIndex(({ url }) => url === deal.edgeUrl)
  const next = ctx.edges[at + 1]
  return next
    ? { state: 'asked', dueInMs: 0, edgeUrl: next.url, error: why }
    : leave(ctx, deal, `no Edge node makes the deal: ${why}`)
}

/** Asks the Edge node how the deal stands, and shows it once it is active. */
async function follow(ctx: SlotDealContext, deal: SlotDeal, order: StorageOrder): Promise<SlotDealMove> {
  const edge = ctx.edges.find(({ url }) => url === deal.edgeUrl)
  if (edge === undefined) throw new RetryableError(`Edge node ${deal.edgeUrl} is not in MOORING_EDGE_URLS any more`)
  let status: EdgeStatus
  try {
    status = await edge.status(deal.contentId!)
  } catch (error) {
    if (!(error instanceof EdgeContentUnknown)) throw error
    return { state: 'asked', dueInMs: 0, contentId: null, error: error.message }
  }
  const { stateText: statusText, pieceCid } = status
  const ordered = pieceToCid(order.pieceDigest)
  if (pieceCid && pieceCid !== ordered) {
    return fail(ctx, deal, `${edge.url} made piece ${pieceCid} of the CAR that is ${ordered}`)
  }
  if (status.state === 'failed') return fail(ctx, deal, `${statusText}: ${status.message ?? 'no words'}`)

  if (statusText !== deal.statusText) tellRepair(ctx.log, 'slot-deal-status', { ...nameOf(deal), statusText })
  const dealId = status.deal?.dealId ?? null
  if (dealId !== null && dealId !== deal.dealId) {
    tellRepair(ctx.log, 'slot-deal-published', { ...nameOf(deal), dealId })
  }
  const seen = { statusText, dealId }
  if (status.state === 'active' && dealId !== null) {
    return { ...(await prove(ctx, deal, order, dealId, status)), ...seen }
  }
  const state = dealId === null ? 'dealing' : 'published'
  return { state, dueInMs: ctx.config.dealPollMs, error: status.message ?? null, ...seen }
}

/** Runs the proof without sending it, which asks the actors; then hands it to the sender. */
async function prove(
  ctx: SlotDealContext,
  deal: SlotDeal,
  order: StorageOrder,
  dealId: bigint,
  { inclusion }: EdgeStatus,
): Promise<SlotDealMove> {
  const again = { state: 'published', dueInMs: ctx.config.dealPollMs } as const
  const location = order.terms.liveness === 'Deal' ? '0x' : await ctx.locateDeal(dealId)
  if (location === undefined) return { ...again, error: `deal ${dealId} is in no sector that can be shown` }

  const call = proveSlotCall(ctx.perpetual.address, deal, dealId, inclusion ?? null, location)
  const refusal = await readRevert(ctx.chain, { from: ctx.sender.address, to: call.to, data: call.data })
  if (refusal?.name === 'NotTheProviders') {
    const answer = `${deal.edgeUrl}/open/status/content/${deal.contentId}`
    const shown = inclusion ? `--proof FILE, with what ${answer} answers` : `--deal ${dealId}`
    const command = `slots prove ${deal.slot} ${shown}`
    return leave(ctx, deal, `deal ${dealId} does not name the slot: ${deal.miner} shows it itself (${command})`)
  }
  // Without a proof the deal must hold the piece itself; that it holds another may mean that the proof is still to come.
  const proofMayCome = refusal?.name === 'WrongAggregate' && inclusion === undefined
  if (refusal && NEVER.has(refusal.name) && !proofMayCome) return fail(ctx, deal, `deal ${dealId}: ${refusal.words}`)
  if (refusal) return { ...again, error: refusal.words }

  await ctx.sender.submit(call)
  tellRepair(ctx.log, 'slot-deal-proving', { ...nameOf(deal), dealId })
  return { ...again, state: 'proving', error: null }
}

/** What becomes of a proof that was handed over; the contract's own event ends a good one. */
async function checkProof(ctx: SlotDealContext, deal: SlotDeal): Promise<SlotDealMove> {
  const status = await ctx.sender.status(proveSlotKey(deal))
  if (status && status.state !== 'refused' && status.state !== 'failed') return waitFor(ctx, deal)
  const error = status?.error?.message ?? 'never handed over'
  return { state: 'published', dueInMs: ctx.config.dealPollMs, error }
}

function waitFor(
  { config }: SlotDealContext,
  { state, attempts }: SlotDeal,
  error: string | null = null,
): SlotDealMove {
  return { state, dueInMs: config.dealPollMs, attempts, error }
}

function leave(ctx: SlotDealContext, deal: SlotDeal, why: string): SlotDealMove {
  tellRepair(ctx.log, 'slot-deal-left', { ...nameOf(deal), why })
  return { state: 'left', dueInMs: ctx.config.dealPollMs, error: why }
}

function fail(ctx: SlotDealContext, deal: SlotDeal, why: string): SlotDealMove {
  tellRepair(ctx.log, 'slot-deal-failed', { ...nameOf(deal), why })
  return { state: 'failed', dueInMs: 0, error: why }
}

const nameOf = ({ slot, nonce, miner }: SlotDeal) => ({ slot, nonce, miner })
