import type { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import type { AddressGuard } from '../private-address.ts'
import { PermanentError } from '../../errors.ts'
import { CidUnreachable, FetchLinkInvalid } from '../errors.ts'

export interface HttpAnswer {
  url: URL
  contentType: string
  /** Bytes that the server said will follow, undefined where it did not say. */
  contentLength?: number
  /** The byte that the body begins with: 0, or what was asked for where the server serves ranges. */
  from: number
  body: Readable
}

export interface HttpClient extends AsyncDisposable {
  /**
   * A GET that answered 200, after at most {@link MAX_REDIRECTS} redirects, each judged like the first address. It asks for what
   * follows byte `from`, which a server may ignore.
   * @throws {CidUnreachable} no connection, a silent server, another status
   * @throws {PrivateAddress} an address on the way is not public
   */
  get(url: URL, accept: string, signal: AbortSignal, from?: number): Promise<HttpAnswer>
}

export const MAX_REDIRECTS = 5

const SILENCE_MS = 30_000

export function createHttpClient(guard: AddressGuard): HttpClient {
  const agent = new Agent({
    connect: { lookup: guard.lookup, timeout: 10_000 },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    allowH2: false,
  })

  const getOnce = async (url: URL, accept: string, signal: AbortSignal, from: number) => {
    if (!/^https?:$/.test(url.protocol)) throw new FetchLinkInvalid(`an http(s) URL, got a redirect to ${url.protocol}`)
    guard.requirePublicLiteral(url.hostname)
    try {
      return await request(url, {
        dispatcher: agent,
        headers: {
          ...{ accept, 'accept-encoding': 'identity', 'user-agent': 'mooring' },
          ...(from > 0 && { range: `bytes=${from}-` }),
        },
        signal,
      })
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof PermanentError) throw cause
      throw new CidUnreachable(`${url.origin}: ${(cause as Error).message}`, { cause })
    }
  }

  return {
    async get(start, accept, signal, from = 0) {
      let url = start
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        const { statusCode, headers, body } = await getOnce(url, accept, signal, from)
        body.on('error', () => undefined) // told to whoever reads the body
        const rest = from > 0 && statusCode === 206 && String(headers['content-range']).startsWith(`bytes ${from}-`)
        if (statusCode === 200 || rest) {
          const length = Number(headers['content-length'] ?? NaN)
          const contentType = String(headers['content-type'] ?? '')
          return {
            url,
            contentType,
            contentLength: Number.isNaN(length) ? undefined : length,
            from: rest ? from : 0,
            body,
          }
        }

        body.destroy()
        const { location } = headers
        const redirected = [301, 302, 303, 307, 308].includes(statusCode) && typeof location === 'string'
        if (!redirected || !URL.canParse(location, url.href))
          throw new CidUnreachable(`${url}: status 200, got ${statusCode}`)
        url = new URL(location, url)
      }
      throw new CidUnreachable(`${start}: at most ${MAX_REDIRECTS} redirects, got more`)
    },
    async [Symbol.asyncDispose]() {
      await agent.destroy()
    },
  }
}
