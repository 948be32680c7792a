import { stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import { EdgeContentUnknown, EdgeRefused, EdgeShapeUnknown, EdgeUnavailable } from './errors.ts'
import { askEdge } from './http.ts'
import type { EdgeAnswer } from './http.ts'
import { multipartFile } from './multipart.ts'
import { parseAdded, parseCheckCount, parseRows, parseStatus } from './shapes.ts'
import type { EdgeContent, EdgeStatus } from './shapes.ts'

export type { EdgeContent, EdgeStatus } from './shapes.ts'

export interface EdgeTimeouts {
  /** A request without a file, ms. */
  requestMs: number
  /** An upload: this, ms, plus the time the file takes at `uploadBytesPerMs`. */
  uploadMs: number
  uploadBytesPerMs: number
}

export interface EdgeClientOptions {
  /** http(s) origin, with a path prefix if there is one. */
  baseUrl: string
  apiKey: string
  log: Pick<Logger, 'debug'>
  fetch?: typeof globalThis.fetch
  timeouts?: Partial<EdgeTimeouts>
}

/** What is to become of an uploaded CAR. */
export interface UploadOptions {
  /** One deal with each (`t01000`). */
  miners: string[]
  label?: string
}

/** One Edge node. Its three incompatible versions are told apart by the routes they have. */
export interface EdgeClient {
  readonly url: string
  /** Resolves when the node answers. @throws {EdgeUnavailable} */
  ping(): Promise<void>
  /**
   * Uploads the CAR `file`; the node makes one content, and one deal, per miner (`t01000`). Streams from disk.
   * There is no idempotency key: look with `findByCid` before uploading again. `label` is what the deal is to be labelled with;
   * only the Edge-compatible node of a local chain heeds it.
   * @throws {EdgeUnavailable} @throws {EdgeUnauthorized} @throws {EdgeRefused}
   */
  addCar(file: string, name: string, options: UploadOptions): Promise<EdgeContent[]>
  /** Every content the node has of this payload CID under this API key, newest first. */
  findByCid(cid: string): Promise<EdgeStatus[]>
  /**
   * What the node says about a content. The node refreshes the row after it has answered: ask again for the latest.
   * @throws {EdgeContentUnknown} The node knows no such content.
   */
  status(contentId: string): Promise<EdgeStatus>
}

const DEFAULT_TIMEOUTS: EdgeTimeouts = { requestMs: 30_000, uploadMs: 120_000, uploadBytesPerMs: 200 }
const LIST_PAGE_SIZE = 100
/** Rows looked through for a CID, newest first, before the search ends. */
const LIST_MAX_PAGES = 100

/** Where each version of Edge answers for a content; tried in this order until one has the route. */
const STATUS_ROUTES = [
  (id: string) => `/open/status/content/${id}`, // deals and proofs
  (id: string) => `/api/v1/status/${id}`, // one deal per file, no proofs
  (id: string) => `/status/content/${id}`, // buckets only
]

/** A client of the Edge node at `baseUrl`. @throws {TypeError} `baseUrl` is not an http(s) URL. */
export function createEdgeClient(options: EdgeClientOptions): EdgeClient {
  const { apiKey, log, fetch = globalThis.fetch } = options
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }
  const baseUrl = checkedUrl(options.baseUrl)
  const http = { baseUrl, apiKey, fetch }
  const { requestMs } = timeouts
  let statusRoute: (typeof STATUS_ROUTES)[number] | undefined

  const get = (path: string): Promise<EdgeAnswer> => askEdge(http, path, { timeoutMs: requestMs })

  async function ping(): Promise<void> {
    let response: Response
    try {
      response = await fetch(`${baseUrl}/ping`, { redirect: 'error', signal: AbortSignal.timeout(requestMs) })
      await response.body?.cancel()
    } catch (cause) {
      throw new EdgeUnavailable(`GET ${baseUrl}/ping: no answer`, { cause })
    }
    if (!response.ok) throw new EdgeUnavailable(`GET ${baseUrl}/ping: HTTP ${response.status}`)
  }

  async function addCar(file: string, name: string, { miners, label }: UploadOptions): Promise<EdgeContent[]> {
    const { size } = await stat(file)
    const { headers, body } = await multipartFile(
      { miners: miners.join(','), make_deal: 'true', ...(label && { label }) },
      { field: 'data', path: file, name, contentType: 'application/vnd.ipld.car' },
    )
    const answer = await askEdge(http, '/api/v1/content/add-car', {
      method: 'POST',
      headers,
      body,
      timeoutMs: timeouts.uploadMs + Math.ceil(size / timeouts.uploadBytesPerMs),
    })
    if (answer.kind !== 'ok') throw new EdgeRefused(`${baseUrl} does not take CAR files: HTTP 404`)
    const contents = parseAdded(answer.body)
    log.debug({ url: baseUrl, name, sizeBytes: size, contents }, 'CAR uploaded')
    return contents
  }

  async function status(contentId: string): Promise<EdgeStatus> {
    const routes = statusRoute ? [statusRoute] : STATUS_ROUTES
    for (const route of routes) {
      const answer = await get(route(encodeURIComponent(contentId)))
      if (answer.kind === 'no-route') continue
      statusRoute = route
      if (answer.kind === 'not-found')
        throw new EdgeContentUnknown(`${baseUrl}, content ${contentId}: ${answer.message}`)
      return parseStatus(answer.body, contentId)
    }
    statusRoute = undefined // another version may have taken its place
    throw new EdgeShapeUnknown(`${baseUrl} answers no known status route for content ${contentId}`)
  }

  async function findByCid(cid: string): Promise<EdgeStatus[]> {
    const rows = (await idsByCid(cid)) ?? []
    const found: EdgeStatus[] = []
    for (const { contentId } of rows) {
      try {
        found.push(await status(contentId))
      } catch (error) {
        if (!(error instanceof EdgeContentUnknown)) throw error // it went between the two questions
      }
    }
    return found
  }

  async function idsByCid(cid: string): Promise<EdgeContent[] | undefined> {
    const byCid = await get(`/status/cid/${encodeURIComponent(cid)}`)
    if (byCid.kind === 'ok') return parseRows(byCid.body).contents.filter((row) => row.cid === cid)
    if (byCid.kind === 'not-found') return undefined

    // This status-by-CID carries no ids, but says how many to look for.
    const checks = await get(`/open/status/content/cid/${encodeURIComponent(cid)}`)
    if (checks.kind === 'not-found') return undefined
    const wanted = checks.kind === 'ok' ? parseCheckCount(checks.body) : Infinity
    return listByCid(cid, wanted)
  }

  async function listByCid(cid: string, wanted: number): Promise<EdgeContent[]> {
    const found: EdgeContent[] = []
    for (let page = 1; page <= LIST_MAX_PAGES && found.length < wanted; page++) {
      const answer = await get(`/api/v1/list?page=${page}&page_size=${LIST_PAGE_SIZE}`)
      if (answer.kind !== 'ok') break
      const { contents, total } = parseRows(answer.body)
      found.push(...contents.filter((row) => row.cid === cid))
      if (contents.length === 0 || BigInt(page * LIST_PAGE_SIZE) >= total) break
    }
    return found
  }

  return { url: baseUrl, ping, addCar, status, findByCid }
}

function checkedUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError(`an Edge node's URL is http(s)://host[:port], not ${baseUrl}`)
  }
  return url.href.replace(/\/+$/, '')
}
