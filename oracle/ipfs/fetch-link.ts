import { multiaddr } from '@multiformats/multiaddr'
import { FetchLinkInvalid } from './errors.ts'

/** Where a request says its content is. */
export type FetchLink =
  | { kind: 'none' }
  | { kind: 'multiaddrs'; addrs: string[] }
  /** `car`: the URL is a CAR; else it is the base of a trustless gateway, without `/ipfs/…`. */
  | { kind: 'http'; url: URL; car: boolean }

/** Longest fetch link, bytes: the contract's bound. */
export const MAX_FETCH_LINK_BYTES = 1024

/**
 * Reads a request's fetch link: empty, multiaddrs with /p2p (comma separated), or an http(s) URL, as UTF-8 text.
 * A URL is a gateway's when its path is `/` or has the segment `ipfs` and does not end in `.car`; else it is a CAR's.
 * @throws {FetchLinkInvalid}
 */
export function parseFetchLink(bytes: Uint8Array): FetchLink {
  if (bytes.byteLength > MAX_FETCH_LINK_BYTES) {
    throw new FetchLinkInvalid(`a fetch link of at most ${MAX_FETCH_LINK_BYTES} bytes, got ${bytes.byteLength}`)
  }
  const text = decodeText(bytes).trim()
  if (text === '') return { kind: 'none' }
  if (text.startsWith('/')) return { kind: 'multiaddrs', addrs: text.split(',').map(parsePeerAddress) }
  if (/^https?:/i.test(text)) return parseHttp(text)
  throw new FetchLinkInvalid(`an http(s) URL or multiaddrs, got "${text.slice(0, 80)}"`)
}

const URL_HINT = 'give the http(s) URL of a file'

/**
 * Reads the URL of a *fetch* request: UTF-8 text of 1 to {@link MAX_FETCH_LINK_BYTES} bytes.
 * @throws {FetchLinkInvalid}
 */
export function parseFetchUrl(bytes: Uint8Array): URL {
  if (bytes.byteLength < 1 || bytes.byteLength > MAX_FETCH_LINK_BYTES) {
    const words = { hint: URL_HINT }
    throw new FetchLinkInvalid(`a URL of 1 to ${MAX_FETCH_LINK_BYTES} bytes, got ${bytes.byteLength}`, words)
  }
  const text = decodeText(bytes).trim()
  if (!/^https?:/i.test(text)) {
    throw new FetchLinkInvalid(`an http(s) URL, got "${text.slice(0, 80)}"`, { hint: URL_HINT })
  }
  return readUrl(text)
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new FetchLinkInvalid('UTF-8 text, got other bytes', { cause })
  }
}

const STARTS = ['ip4', 'ip6', 'dns', 'dns4', 'dns6', 'dnsaddr']

function parsePeerAddress(text: string): string {
  const address = text.trim()
  let names: string[]
  try {
    names = multiaddr(address)
      .getComponents()
      .map(({ name }) => name)
  } catch (cause) {
    throw new FetchLinkInvalid(`a multiaddr, got "${address}"`, { cause })
  }
  if (!STARTS.includes(names[0]!))
    throw new FetchLinkInvalid(`a multiaddr that starts with an IP or a name, got "${address}"`)
  if (names.at(-1) !== 'p2p') throw new FetchLinkInvalid(`a multiaddr that ends in /p2p/…, got "${address}"`)
  return address
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new FetchLinkInvalid(`an http(s) URL, got "${text.slice(0, 80)}"`)
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    throw new FetchLinkInvalid('a URL without user and password: fetch links are public')
  }
  return url
}

function parseHttp(text: string): FetchLink {
  const url = readUrl(text)
  const segments = url.pathname.split('/').slice(1)
  const at = segments.indexOf('ipfs')
  const gateway = url.pathname === '/' || (at !== -1 && !url.pathname.endsWith('.car'))
  if (!gateway) return { kind: 'http', url, car: true }

  const base = new URL(url)
  base.pathname = at === -1 ? '/' : `/${segments.slice(0, at).join('/')}`
  base.hostname = base.hostname.replace(/^[a-z0-9]{46,}\.ipfs\./, '') // subdomain gateways: <cid>.ipfs.host
  base.search = ''
  base.hash = ''
  return { kind: 'http', url: base, car: false }
}
