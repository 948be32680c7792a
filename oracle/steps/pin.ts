import { CID } from 'multiformats/cid'
import {
  JOB,
  STAGE,
  decodePackPayload,
  decodePinPayload,
  decodeStorePayload,
  encodePinnedAnswer,
} from '../chain/jobs.ts'
import type { PinPayload, StorePayload } from '../chain/jobs.ts'
import type { Context } from '../context.ts'
import { parseFetchLink } from '../ipfs/fetch-link.ts'
import { tell } from '../logger.ts'
import { isPieceSize } from '../proofs/piece.ts'
import { vote } from './report.ts'
import { RequestInvalid, fetchTimeoutOf, moveTo, type Step, type Work } from './step.ts'

type PinContext = Pick<Context, 'config' | 'contracts' | 'sender' | 'operatorId' | 'ipfs' | 'log'>

/** At most so often is progress told, milliseconds. */
const PROGRESS_MS = 250

/** On a `pin` nudge: check what is asked, bring every block under the CID here, vote *Pinned* with the CAR's size. */
export const pin: Step<PinContext> = async (ctx, work) => {
  const { request, signal } = work
  const { cid, fetchLink, replicas } = readTerms(ctx, work)
  const link = parseFetchLink(fetchLink)
  const { maxBlocks, maxDepth } = ctx.config
  const timeoutMs = fetchTimeoutOf(ctx.config, work)
  const maxBytes = request.maxBytes < ctx.config.maxBytes ? request.maxBytes : ctx.config.maxBytes

  let toldAt = 0
  const stats = await ctx.ipfs.fetchDag(
    cid,
    link,
    { maxBytes, maxBlocks, maxDepth, timeoutMs },
    ({ blocks, known, bytes }) => {
      if (Date.now() - toldAt < PROGRESS_MS) return
      toldAt = Date.now()
      tell(ctx.log, 'fetching', request.id, { blocks, known, bytes: bytes.toString() })
    },
    signal,
  )
  tell(ctx.log, 'pinned', request.id, {
    cid: cid.toString(),
    blocks: stats.blocks,
    bytes: stats.bytes.toString(),
    carBytes: stats.carBytes.toString(),
  })

  await vote(ctx, work, STAGE.PINNED, encodePinnedAnswer(stats.carBytes))
  return moveTo(request.job === JOB.PIN ? 'reported' : 'pinned', {
    cid: cid.toString(),
    fetchLink,
    carBytes: stats.carBytes,
    ...(replicas !== undefined && { replicas }),
  })
}

interface PinTerms {
  cid: CID
  fetchLink: Uint8Array
  replicas?: number
}

function readTerms(ctx: PinContext, { request, view }: Work): PinTerms {
  if (request.job === JOB.PIN) return readPin(decodePinPayload(request.payload))
  if (request.job === JOB.PACK) return readPin(decodePackPayload(request.payload))

  if (view.requester !== ctx.contracts.pinning) {
    throw new RequestInvalid(
      `deals are shown to PinningRequests ${ctx.contracts.pinning} only, not to ${view.requester}`,
      {
        hint: 'ask through PinningRequests',
      },
    )
  }
  const terms = decodeStorePayload(request.payload)
  checkStore(terms)
  return { ...readPin(terms), replicas: terms.replicas }
}

function readPin({ cid, fetchLink }: PinPayload): PinTerms {
  try {
    return { cid: CID.decode(cid), fetchLink }
  } catch (cause) {
    throw new RequestInvalid(`expected a binary CID, got 0x${Buffer.from(cid.subarray(0, 64)).toString('hex')}`, {
      cause,
    })
  }
}

function checkStore({ replicas, piece }: StorePayload): void {
  if (replicas < 1) throw new RequestInvalid('expected 1 replica or more, got 0')
  if (piece && !isPieceSize(piece.size)) {
    throw new RequestInvalid(`expected a power of two of at least 128 as the piece's size, got ${piece.size}`)
  }
}
