import type { FastifyReply } from 'fastify'

/** Why a request is not answered, as RFC 9457 writes it. */
export interface Problem {
  status: number
  /** The same for every problem of the kind. */
  title: string
  /** What is the matter this time, and what to do. */
  detail: string
  /** Stable name for programs. */
  code: string
}

/** Answers with a problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ type: 'about:blank', ...problem, instance: reply.request.url }))
}
