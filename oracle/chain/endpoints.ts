import type { Logger } from 'pino'
import { ConfigError, MooringError, RetryableError } from '../errors.ts'
import { quantity } from './answers.ts'
import { createRpc, endpointName, isAnswer, RpcFault, type RpcSend } from './rpc.ts'

/** Every endpoint failed or was behind; `errors` holds what each of them said. */
export class NoEndpoint extends RetryableError {
  readonly errors: Error[]

  constructor(errors: Error[]) {
    const words = errors.map((error) => error.message).join('; ')
    super(`no RPC endpoint could answer: ${words}`, { cause: new AggregateError(errors) })
    this.errors = errors
  }
}

/** An endpoint has not yet seen the block that was asked for. */
export class EndpointBehind extends RetryableError {}

/** An endpoint serves another chain than the one expected; it is never asked again. */
export class WrongChain extends MooringError {}

/** Whether every endpoint that was asked did answer, though only with an error: trouble with the question, not with the network. */
export function isFault(error: unknown): boolean {
  const said = error instanceof NoEndpoint ? error.errors : [error]
  return said.every((each) => each instanceof RpcFault || isAnswer(each))
}

export interface EndpointsOptions {
  /** JSON-RPC URLs, the preferred one first. */
  urls: string[]
  log: Logger
  /** The chain every endpoint must serve; by default whatever the first one to answer says. */
  chainId?: bigint
  /** Milliseconds before a request counts as failed. */
  timeoutMs: number
  /** Milliseconds for which an endpoint is asked last after its first failure; doubled by each further one. */
  cooldownMs: number
  /** An endpoint this many blocks behind the best one is asked last. */
  maxLagBlocks: bigint
  /** Milliseconds between comparisons of all endpoints' heads. */
  lagCheckMs: number
  now: () => number
}

export interface Endpoints {
  chainId: () => Promise<bigint>
  /**
   * Asks the endpoints in turn, the healthy ones first, until one answers. `read` checks the answer: what it throws counts
   * as the endpoint's failure. With `needs`, only an endpoint whose head is at or above that block is asked: one that is behind
   * would answer "nothing there" instead of "not yet".
   * @throws NoEndpoint when none could answer; WrongChain when all serve another chain; else the answers among rpc.ts's errors.
   */
  ask: <T>(method: string, params: unknown[], read: (answer: unknown) => T, needs?: bigint) => Promise<T>
  /** The head of the endpoint that is asked first. Compares all endpoints now and then. */
  head: () => Promise<bigint>
}

interface Endpoint {
  name: string
  send: RpcSend
  head: bigint
  failures: number
  asideUntil: number
  verified: boolean
  wrongChain?: WrongChain
}

const MAX_COOLDOWN_MS = 60_000

/** Several JSON-RPC endpoints of one chain that fail, lag and come back. */
export function createEndpoints(options: EndpointsOptions): Endpoints {
  const { urls, log, timeoutMs, cooldownMs, maxLagBlocks, lagCheckMs, now } = options
  if (urls.length === 0) throw new ConfigError(['no RPC URL is given; expected one or more http(s) URLs'])
  const endpoints: Endpoint[] = urls.map((url) => ({
    name: endpointName(url),
    send: createRpc(url, timeoutMs),
    head: -1n,
    failures: 0,
    asideUntil: 0,
    verified: false,
  }))
  let expectedChain = options.chainId
  let lagCheckedAt = 0

  function setAside(endpoint: Endpoint, why: string): void {
    const wait = Math.min(cooldownMs * 2 ** endpoint.failures, MAX_COOLDOWN_MS)
    endpoint.failures++
    endpoint.asideUntil = now() + wait
    log.warn({ endpoint: endpoint.name, why, waitMs: wait }, 'RPC endpoint set aside')
  }

  async function verify(endpoint: Endpoint): Promise<void> {
    if (endpoint.verified) return
    if (endpoint.wrongChain) throw endpoint.wrongChain

    const chainId = quantity(await endpoint.send('eth_chainId', []), 'eth_chainId')
    expectedChain ??= chainId
    if (chainId !== expectedChain) {
      endpoint.wrongChain = new WrongChain(`${endpoint.name} serves chain ${chainId}, expected ${expectedChain}`, {
        hint: 'Correct the list of RPC URLs.',
      })
      throw endpoint.wrongChain
    }
    endpoint.verified = true
  }

  async function refreshHead(endpoint: Endpoint): Promise<bigint> {
    await verify(endpoint)
    endpoint.head = quantity(await endpoint.send('eth_blockNumber', []), 'eth_blockNumber')
    return endpoint.head
  }

  async function askOne<T>(endpoint: Endpoint, work: () => Promise<T>, needs?: bigint): Promise<T> {
    await verify(endpoint)
    if (needs !== undefined && endpoint.head < needs && (await refreshHead(endpoint)) < needs) {
      throw new EndpointBehind(`${endpoint.name} is at block ${endpoint.head}, block ${needs} was asked for`)
    }
    return work()
  }

  async function failOver<T>(work: (endpoint: Endpoint) => Promise<T>, needs?: bigint): Promise<T> {
    const at = now()
    const order = endpoints.toSorted((a, b) => Math.max(a.asideUntil, at) - Math.max(b.asideUntil, at))
    const errors: Error[] = []
    const faulty: [Endpoint, RpcFault][] = []
    for (const endpoint of order) {
      try {
        const result = await askOne(endpoint, () => work(endpoint), needs)
        endpoint.failures = 0
        // An error may be the question's fault; that another endpoint could answer shows that it was not.
        for (const [worse, fault] of faulty) setAside(worse, fault.message)
        return result
      } catch (error) {
        if (isAnswer(error) || !(error instanceof Error)) throw error
        if (error instanceof RpcFault) faulty.push([endpoint, error])
        else if (!(error instanceof EndpointBehind)) setAside(endpoint, error.message)
        errors.push(error)
      }
    }
    const [first] = errors
    throw first !== undefined && errors.every((error) => error instanceof WrongChain) ? first : new NoEndpoint(errors)
  }

  async function compareHeads(): Promise<void> {
    if (endpoints.length === 1 || now() - lagCheckedAt < lagCheckMs) return
    lagCheckedAt = now()
    await Promise.allSettled(endpoints.map(refreshHead))
    const best = endpoints.reduce((max, e) => (e.head > max ? e.head : max), -1n)
    for (const endpoint of endpoints) {
      if (endpoint.verified && endpoint.asideUntil <= now() && endpoint.head < best - maxLagBlocks) {
        setAside(endpoint, `at block ${endpoint.head} while another is at ${best}`)
      }
    }
  }

  return {
    async chainId() {
      if (expectedChain === undefined) await failOver(() => Promise.resolve())
      return expectedChain!
    },
    ask: (method, params, read, needs) =>
      failOver(async (endpoint) => read(await endpoint.send(method, params)), needs),
    async head() {
      await compareHeads()
      return failOver(refreshHead)
    },
  }
}
