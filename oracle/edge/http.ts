import { MooringError } from '../errors.ts'
import { EdgeRefused, EdgeUnauthorized, EdgeUnavailable } from './errors.ts'

/** More than any answer of an Edge node; a body that goes on is not read. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** Words in `{"status":"error","message"}` (HTTP 500 even for a client's fault) that no repetition changes. */
const CLIENT_FAULTS = [
  /decoding the cid/i,
  /loading car file/i,
  /car file is not valid/i,
  /unknown miner/i,
  /no miner/i,
  /cid is not found/i,
  /a label (of|is for)/i,
]

export interface EdgeHttpOptions {
  baseUrl: string
  apiKey: string
  fetch: typeof globalThis.fetch
}

export interface EdgeRequest {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: ReadableStream<Uint8Array>
  timeoutMs: number
}

/** An answer that is not a failure of the node or the key: the body of a 2xx, or a 404, whose meaning the caller knows. */
export type EdgeAnswer =
  | { kind: 'ok'; body: unknown }
  | { kind: 'no-route' } // 404 in the framework's envelope: this Edge has no such route
  | { kind: 'not-found'; message: string } // 404 {message}: the route knows no such thing

/** One request to an Edge node, its answer read with a limit and classified. */
export async function askEdge(
  { baseUrl, apiKey, fetch }: EdgeHttpOptions,
  path: string,
  request: EdgeRequest,
): Promise<EdgeAnswer> {
  const { method = 'GET', headers = {}, body, timeoutMs } = request
  const what = `${method} ${baseUrl}${path}`
  let response: Response
  let text: string
  try {
    response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...headers },
      redirect: 'error', // the key and a body that streams by once go to the configured host alone
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body, duplex: 'half' }),
    })
    text = await readLimited(response)
  } catch (cause) {
    if (cause instanceof MooringError) throw cause
    throw new EdgeUnavailable(`${what}: ${reasonOf(cause, timeoutMs)}`, { cause })
  }
  return classify(what, response.status, text)
}

function classify(what: string, status: number, text: string): EdgeAnswer {
  const body = parseJson(text)
  const { error, message, status: word } = asRecord(body)
  const details = asText(asRecord(error).details) || asText(message)

  if (status >= 200 && status < 300) {
    if (body === undefined) throw new EdgeUnavailable(`${what}: the answer is not JSON: ${text.slice(0, 100)}`)
    return { kind: 'ok', body }
  }
  if (status === 401 || status === 403 || /authorization header/i.test(details)) {
    throw new EdgeUnauthorized(`${what}: HTTP ${status}: ${details}`, {
      hint: 'check the API key configured for this Edge node',
    })
  }
  if (status === 404)
    return error === undefined && message !== undefined ? { kind: 'not-found', message: details } : { kind: 'no-route' }

  const clientFault = status >= 400 && status < 500 && status !== 408 && status !== 429
  const namedFault =
    (word === 'error' || message !== undefined) && CLIENT_FAULTS.some((pattern) => pattern.test(details))
  if (clientFault || namedFault) throw new EdgeRefused(`${what}: HTTP ${status}: ${details || text.slice(0, 100)}`)
  throw new EdgeUnavailable(`${what}: HTTP ${status}: ${details || text.slice(0, 100)}`)
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > MAX_BODY_BYTES)
      throw new EdgeUnavailable(`${response.url}: an answer of more than ${MAX_BODY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not JSON is a value here: classify() says what it means
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message
}
