import { stat } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { KeptPiece, KeptPieceStore } from '../db/kept-piece.ts'
import { PieceCidInvalid, parsePieceCid, pieceToCid } from '../proofs/piece-cid.ts'
import { sendProblem, type Problem } from './problem.ts'
import { parseRange } from './range.ts'
import type { FileStreams } from './streams.ts'

export interface PiecesContext {
  pieces: Pick<KeptPieceStore, 'get' | 'lost'>
  streams: FileStreams
}

interface PieceRequest {
  Params: { pieceCid: string }
}

/** Who finds no place is asked to come again after so many seconds. */
const RETRY_AFTER_S = 30

/** A piece is its CID: its bytes never change. */
const FOR_EVER = 'public, max-age=31536000, immutable'

/**
 * GET and HEAD /piece/:pieceCid: the CAR whose piece it is, byte for byte what is to be sealed, before its zero padding. One range
 * at a time (RFC 9110); the entity tag is the piece CID. Problems say why there is nothing.
 */
export function addPieceRoutes(app: FastifyInstance, { pieces, streams }: PiecesContext): void {
  app.route<PieceRequest>({ method: ['GET', 'HEAD'], url: '/piece/:pieceCid', handler: serve })

  async function serve(request: FastifyRequest<PieceRequest>, reply: FastifyReply): Promise<FastifyReply> {
    const pieceCid = readPieceCid(request.params.pieceCid)
    if (pieceCid === undefined) return sendProblem(reply, notAPiece(request.params.pieceCid))
    const piece = await pieces.get(pieceCid)
    if (piece?.state !== 'kept' || piece.carPath === null) return sendProblem(reply, notKept(pieceCid, piece))
    const bytes = await sizeOf(piece.carPath)
    if (bytes === undefined) {
      await pieces.lost(pieceCid)
      return sendProblem(reply, fileLost(pieceCid))
    }
    return serveFile(request, reply, { pieceCid, file: piece.carPath, bytes })
  }

  function serveFile(
    request: FastifyRequest,
    reply: FastifyReply,
    { pieceCid, file, bytes }: { pieceCid: string; file: string; bytes: number },
  ): FastifyReply {
    const etag = `"${pieceCid}"`
    reply.header('etag', etag).header('accept-ranges', 'bytes').header('cache-control', FOR_EVER)
    if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) return reply.code(304).send()

    const { range: wanted, 'if-range': condition } = request.headers
    const range = condition === undefined || condition === etag ? parseRange(wanted, bytes) : undefined
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${bytes}`)
      return sendProblem(reply, beyondTheEnd(wanted!, bytes))
    }
    const { start, end } = range ?? { start: 0, end: bytes - 1 }
    if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`)
    reply.type('application/vnd.ipld.car; version=1').header('content-length', end - start + 1)
    if (request.method === 'HEAD') return reply.send()
    const sent = streams.send(reply, file, { start, end })
    if (sent) return sent

    for (const name of ['content-length', 'content-range', 'etag', 'accept-ranges']) reply.removeHeader(name)
    return sendProblem(reply.header('retry-after', RETRY_AFTER_S), tooMany(streams.open))
  }
}

/** The piece CID v1 that a v1 or a v2 names; nothing where it is neither. */
function readPieceCid(text: string): string | undefined {
  try {
    return pieceToCid(parsePieceCid(text).digest)
  } catch (error) {
    if (error instanceof PieceCidInvalid) return undefined
    throw error
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const notAPiece = (text: string): Problem => ({
  ...{ status: 400, title: 'Not a piece CID', code: 'PieceCidInvalid' },
  detail: `expected a piece CID, v1 (baga6ea4seaq…) or v2 (bafkzcib…), got ${text.slice(0, 80)}`,
})

function notKept(pieceCid: string, piece: KeptPiece | undefined): Problem {
  const problem = { status: 404, title: 'Piece not kept here' }
  if (piece === undefined) {
    return { ...problem, code: 'PieceUnknown', detail: `no storage order that is known here wants ${pieceCid}` }
  }
  const why = piece.error ? `: ${piece.error}` : ''
  if (piece.state === 'wanted') {
    return { ...problem, code: 'PieceNotYet', detail: `${pieceCid} is wanted, and not here yet${why}` }
  }
  return { ...problem, code: 'PieceRefused', detail: `${pieceCid} cannot be kept here${why}` }
}

const fileLost = (pieceCid: string): Problem => ({
  ...{ status: 404, title: 'Piece not kept here', code: 'PieceNotYet' },
  detail: `${pieceCid} is not on the disk any more, and is made again`,
})

const beyondTheEnd = (range: string, bytes: number): Problem => ({
  ...{ status: 416, title: 'Range not satisfiable', code: 'RangeInvalid' },
  detail: `the piece has ${bytes} bytes, ${range.slice(0, 80)} begins after them`,
})

const tooMany = (open: number): Problem => ({
  ...{ status: 503, title: 'Too many downloads', code: 'TooManyStreams' },
  detail: `${open} pieces are being served; come again in ${RETRY_AFTER_S} s`,
})
