import type { SectorLocator } from '../chain/sector-locator.ts'
import type { Context } from '../context.ts'
import { startHttp, type HttpServer } from '../http/server.ts'
import type { Ipfs } from '../ipfs/node.ts'
import { createChecker } from '../retrieval/checker.ts'
import { createDealAgent } from './deal-agent.ts'
import { createOfferBook } from './offer-book.ts'
import { createPieceKeeper } from './piece-keeper.ts'
import { wantedPieces } from './wanted-pieces.ts'

export interface RepairContext extends Context {
  ipfs: Context['ipfs'] & Pick<Ipfs, 'unpin' | 'sampleBlock'>
}

export interface Repair {
  start(): Promise<void>
  /** Stops its agents and then the server. */
  stop(): Promise<void>
}

/** All that this operator does so that slots of PerpetualStorage find providers and are filled again, and the server beside it. */
export function createRepair(ctx: RepairContext): Repair {
  const { config, log, perpetual, locator } = ctx
  const every = { everyMs: config.dealPollMs }
  const agents: { start(): void; stop(): Promise<void> }[] = [
    createPieceKeeper({ ...ctx, wanted: () => wantedPieces(ctx) }, every),
    ...(perpetual && config.retrievalMs > 0 ? [createChecker(ctx, every)] : []),
    ...(perpetual ? [createDealAgent({ ...ctx, perpetual, locateDeal: locateWith(locator) }, every)] : []),
  ]
  const publicUrl = config.httpUrl ?? (config.http && `http://${config.http.host}:${config.http.port}`)
  const book =
    perpetual && config.http && publicUrl ? createOfferBook({ ...ctx, perpetual, publicUrl }, every) : undefined
  if (book) agents.push(book)
  let server: HttpServer | undefined

  return {
    async start() {
      await ctx.pieces.releaseLeases() // of a process that died
      await ctx.slotDeals.releaseLeases()
      for (const agent of agents) agent.start()
      if (config.http) {
        const { http: listen, httpStreams: maxStreams } = config
        server = await startHttp({ listen, maxStreams, pieces: ctx.pieces, offers: book?.offers, log })
      }
    },
    async stop() {
      await Promise.all(agents.map((agent) => agent.stop()))
      await server?.stop()
    },
  }
}

/** Where a deal's sector is, if it is one that can be shown. Without a locator no sector can. */
function locateWith(locator: SectorLocator | null): (dealId: bigint) => Promise<string | undefined> {
  return async (dealId) => {
    const place = await locator?.locateDeal(dealId)
    return place?.exitCode === 0n && place.status === 'Active' ? place.location : undefined
  }
}
