import type { FastifyRequest } from 'fastify'
import { EnvelopeError } from './envelope.ts'

/**
 * The API key of a request. Edge wants `Authorization: <anything> <key>`; a header in another form is answered 500, a key it does not know
 * 401.
 * @throws {EnvelopeError}
 */
export function requireApiKey(request: FastifyRequest, apiKeys: readonly string[]): string {
  const parts = (request.headers.authorization ?? '').split(' ')
  if (parts.length !== 2) throw new EnvelopeError(500, 'Invalid Authorization Header')
  const key = parts[1]!
  if (!apiKeys.includes(key)) throw new EnvelopeError(401, 'api key does not exists')
  return key
}
