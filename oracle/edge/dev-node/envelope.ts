import type { FastifyError, FastifyInstance } from 'fastify'

/** An answer in the framework's envelope: `{"error":{"code","reason","details"}}`. */
export class EnvelopeError extends Error {
  readonly code: number
  readonly reason: string

  constructor(code: 401 | 500, details: string) {
    super(details)
    this.code = code
    this.reason = code === 401 ? 'Unauthorized' : 'Internal Server Error'
  }
}

/** A handler's refusal: HTTP 500 `{"status":"error","message"}`, which Edge answers to a client's fault too. */
export class HandlerError extends Error {}

/** The three ways in which an Edge node says no; what is not foreseen hides its words and is logged. */
export function answerErrorsLikeEdge(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(envelope(404, 'Not Found', 'Not Found')))

  app.setErrorHandler<FastifyError | EnvelopeError | HandlerError>((error, request, reply) => {
    if (error instanceof EnvelopeError)
      return reply.code(error.code).send(envelope(error.code, error.reason, error.message))
    if (error instanceof HandlerError) return reply.code(500).send({ status: 'error', message: error.message })

    const code = error.statusCode ?? 500
    if (code < 500) return reply.code(code).send(envelope(code, error.name, error.message))
    request.log.error({ error: error.message, stack: error.stack }, 'request failed')
    return reply.code(500).send(envelope(500, 'Internal Server Error', 'the node failed; its log says why'))
  })
}

/** HTTP 404 `{"message"}`: the route is known, the thing is not. */
export function notFound(message: string) {
  return { code: 404 as const, body: { message } }
}

function envelope(code: number, reason: string, details: string) {
  return { error: { code, reason, details } }
}
