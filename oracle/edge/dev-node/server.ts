import multipart from '@fastify/multipart'
import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { addContentRoutes } from './content-routes.ts'
import type { DevNodeContext } from './context.ts'
import { answerErrorsLikeEdge } from './envelope.ts'
import { addGatewayRoutes } from './gateway.ts'
import { addStatusRoutes } from './status-routes.ts'

/** As much as the largest sector holds. */
const MAX_FILE_BYTES = 32 * 2 ** 30

/** The Edge-compatible HTTP surface, not listening yet. */
export async function buildServer(ctx: DevNodeContext): Promise<FastifyInstance> {
  const app = fastify({ logger: false, forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } })
  await app.register(multipart, { limits: { fileSize: MAX_FILE_BYTES, files: 1, fields: 16, fieldSize: 64 * 1024 } })
  answerErrorsLikeEdge(app)

  app.get('/ping', (_request, reply) => reply.type('text/plain').send('pong'))
  addContentRoutes(app, ctx)
  addStatusRoutes(app, ctx)
  addGatewayRoutes(app, ctx)
  return app
}
