import { MooringError, RetryableError } from '../errors.ts'

/** An endpoint gave no answer: unreachable, too slow, an HTTP error, or something that is not JSON-RPC. */
export class RpcUnavailable extends RetryableError {}

/** An endpoint answered with an error that says nothing definite about the question; another endpoint may know better. */
export class RpcFault extends RetryableError {
  readonly rpcCode: number

  constructor(message: string, rpcCode: number) {
    super(message)
    this.rpcCode = rpcCode
  }
}

/** An endpoint's answer has not the shape that the Ethereum JSON-RPC specification gives it. */
export class RpcBadAnswer extends RetryableError {}

/** The asked epoch has no block (a null round): Lotus answers so with code 12. */
export class NullRound extends MooringError {}

/** The asked block range is too wide for the endpoint, or holds too many logs: ask for less at once. */
export class RangeTooWide extends RetryableError {}

/** The call reverted; `data` is what it reverted with, hex, `0x` when the node does not tell. */
export class CallReverted extends MooringError {
  readonly data: string

  constructor(message: string, data: string) {
    super(message)
    this.data = data
  }
}

/** A node does not take a signed transaction into its mempool. */
export class TransactionRefused extends RetryableError {
  readonly why: RefusalReason

  constructor(message: string, why: RefusalReason) {
    super(message)
    this.why = why
  }
}

/** known: the node has it already. nonceUsed: its nonce is mined. underpriced: a replacement that does not pay enough more. */
export type RefusalReason = 'known' | 'nonceUsed' | 'underpriced' | 'other'

/** Errors that are answers: no other endpoint would say anything else. */
export function isAnswer(error: unknown): boolean {
  return [NullRound, RangeTooWide, CallReverted, TransactionRefused].some((answer) => error instanceof answer)
}

export type RpcSend = (method: string, params: unknown[]) => Promise<unknown>

/** The part of an endpoint's URL that may be shown: keys hide in its path, query and credentials. */
export function endpointName(url: string): string {
  return new URL(url).host
}

/** JSON-RPC 2.0 over HTTP POST to one URL; every failure is one of this file's errors. */
export function createRpc(url: string, timeoutMs: number): RpcSend {
  const name = endpointName(url)
  const { target, headers } = readUrl(url)
  let id = 0

  return async (method, params) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params })
    let response: Response
    let text: string
    try {
      response = await fetch(target, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(timeoutMs),
      })
      text = await response.text()
    } catch (cause) {
      throw new RpcUnavailable(`${name} gave no answer to ${method}: ${reason(cause)}`, { cause })
    }

    const answer = parse(text)
    // Some nodes send a JSON-RPC error with an HTTP error status: the words in the body are the better ones.
    if (answer?.error !== undefined) throw toError(name, method, answer.error)
    if (!response.ok) throw new RpcUnavailable(`${name} answered ${method} with HTTP ${response.status}`)
    if (answer === undefined || !('result' in answer)) {
      throw new RpcUnavailable(`${name} answered ${method} with something that is not JSON-RPC: ${text.slice(0, 80)}`)
    }
    return answer.result
  }
}

/** Credentials in a URL go into a header: fetch refuses such URLs, with the whole URL in its words. */
function readUrl(url: string): { target: string; headers: Record<string, string> } {
  const target = new URL(url)
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (target.username !== '') {
    const pair = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`
    target.username = ''
    target.password = ''
  }
  return { target: target.href, headers }
}

interface RpcErrorObject {
  code?: unknown
  message?: unknown
  data?: unknown
}

function parse(text: string): { result?: unknown; error?: RpcErrorObject } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function reason(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  return inner instanceof Error ? inner.message || inner.name : String(inner)
}

// Lotus: ErrNullRound 12, ErrExecutionReverted 3, -32005 range exceeded; the words are those of Lotus, Forest, geth and hosted nodes.
const NULL_ROUND = /null round/i
const REVERTED = /execution reverted|vm execution error|\brevert/i
const TOO_WIDE =
  /too many (events|results|logs)|more than [\d,]+ (results|logs)|(block|height|filter|epoch)[^.]{0,40}range|range (is )?(too|exceed)|response size/i
const RATE_LIMIT = /rate.?limit|too many requests|request count/i
const REFUSALS: [RefusalReason, RegExp][] = [
  ['nonceUsed', /nonce too low|minimum expected nonce|nonce has already been used/i],
  ['underpriced', /underpriced|replace by fee|gaspremium/i],
  ['known', /already known|already (in|exists)|known transaction|already imported/i],
]
/** Method not found, internal error: the endpoint's trouble, not the transaction's. */
const ENDPOINT_CODES = [-32601, -32603]

function toError(name: string, method: string, error: RpcErrorObject): Error {
  const code = typeof error.code === 'number' ? error.code : 0
  const words = typeof error.message === 'string' ? error.message : JSON.stringify(error)
  const message = `${name} answered ${method} with error ${code}: ${words}`

  if (code === 12 || NULL_ROUND.test(words)) return new NullRound(message)
  if (RATE_LIMIT.test(words)) return new RpcFault(message, code)
  if (method === 'eth_getLogs' && (code === -32005 || TOO_WIDE.test(words))) return new RangeTooWide(message)
  if (method === 'eth_call' || method === 'eth_estimateGas') {
    if (code === 3 || REVERTED.test(words)) return new CallReverted(message, revertData(error.data, words))
  }
  if (method === 'eth_sendRawTransaction') {
    const why = REFUSALS.find(([, pattern]) => pattern.test(words))?.[0]
    if (why !== undefined || !ENDPOINT_CODES.includes(code)) return new TransactionRefused(message, why ?? 'other')
  }
  return new RpcFault(message, code)
}

/** Revert bytes: in `data` (geth, anvil, Lotus), inside an object there, or in the words of older Lotus (`vm error=[0x…]`). */
function revertData(data: unknown, words: string): string {
  const inner = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : data
  if (typeof inner === 'string' && /^0x([0-9a-f]{2})*$/i.test(inner)) return inner
  return /\b0x(?:[0-9a-f]{2})+/i.exec(words)?.[0] ?? '0x'
}
