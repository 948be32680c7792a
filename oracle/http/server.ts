import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import type { FastifyError } from 'fastify'
import type { ListenAddress } from '../config-variable.ts'
import type { KeptPieceStore } from '../db/kept-piece.ts'
import { ConfigError, wordsOf } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { Offer } from '../repair/offer-book.ts'
import { addPieceRoutes } from './pieces.ts'
import { sendProblem } from './problem.ts'
import { createFileStreams } from './streams.ts'

export interface HttpOptions {
  listen: ListenAddress
  /** Pieces served at the same time. */
  maxStreams: number
  pieces: Pick<KeptPieceStore, 'get' | 'lost' | 'count'>
  /** Slots that can be claimed now, and whose piece is served here; none unless given. */
  offers?: () => Offer[]
  log: Logger
}

export interface HttpServer {
  /** Where it listens: `http://host:port`. */
  url: string
  /** Breaks off what is being served and closes the port. */
  stop(): Promise<void>
}

/** A client has so long for its request's head, milliseconds. */
const REQUEST_MS = 30_000

/** Starts the executor's HTTP server: `/piece/:pieceCid`, `/offers`, and `/health` for whoever watches over the process. */
export async function startHttp({
  listen,
  maxStreams,
  pieces,
  offers = () => [],
  log,
}: HttpOptions): Promise<HttpServer> {
  const app = fastify({ logger: false, forceCloseConnections: true, requestTimeout: REQUEST_MS })
  const streams = createFileStreams(maxStreams)

  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, {
      ...{ status: 404, title: 'No such page', code: 'RouteUnknown' },
      detail: `${request.method} ${request.url.slice(0, 200)}: there are /piece/PIECE_CID, /offers and /health`,
    }),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500)
      return sendProblem(reply, { status, title: 'Bad request', code: error.code, detail: error.message })
    log.error({ err: error, url: request.url }, 'request failed')
    const detail = 'the executor failed at it; its log says why'
    return sendProblem(reply, { status, title: 'Internal error', code: 'Internal', detail })
  })
  app.get('/health', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'ok', pieces: await pieces.count(), streams: streams.open }
  })
  app.get('/offers', (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { offers: offers() }
  })
  addPieceRoutes(app, { pieces, streams })

  try {
    await app.listen(listen)
  } catch (cause) {
    throw new ConfigError(
      [
        `MOORING_HTTP: expected an address to listen at, got ${listen.host}:${listen.port}: ${wordsOf(cause)}. Choose another.`,
      ],
      { cause },
    )
  }
  const { address, family, port } = app.server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  log.info({ url }, 'pieces are served')
  return {
    url,
    async stop() {
      streams.close()
      await app.close()
    },
  }
}
