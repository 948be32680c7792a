import type { CID } from 'multiformats/cid'
import { BadBlock, CidUnreachable, DagTooLarge } from '../errors.ts'
import { MAX_BLOCK_BYTES } from '../limits.ts'
import type { DagLimits } from '../limits.ts'
import { createCarSource } from './car-source.ts'
import { readBody } from './download.ts'
import type { HttpClient } from './http-get.ts'
import type { Source } from './source.ts'

const ACCEPT_RAW = 'application/vnd.ipld.raw'

/**
 * Blocks from a trustless gateway: the whole DAG as one CAR where nothing of it is here yet, and block by block what
 * that did not bring. Source: specs.ipfs.tech/http-gateways/trustless-gateway.
 */
export function createGatewaySource(options: {
  http: HttpClient
  base: URL
  root: CID
  scratchDir: string
  limits: DagLimits
}): Source {
  const { http, base, root } = options
  const address = (cid: CID, query: string) => new URL(`${base.pathname.replace(/\/$/, '')}/ipfs/${cid}?${query}`, base)
  const car = createCarSource({ ...options, url: address(root, 'format=car&dag-scope=all') })
  let carUsable: boolean | undefined

  const fetchRaw = async (cid: CID, signal: AbortSignal): Promise<Uint8Array> => {
    const answer = await http.get(address(cid, 'format=raw'), ACCEPT_RAW, signal)
    try {
      return await readBody(answer, MAX_BLOCK_BYTES)
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof DagTooLarge) throw cause
      throw new CidUnreachable(`${answer.url}: the download broke off`, { cause })
    }
  }

  return {
    async fetch(cid, signal) {
      carUsable ??= cid.equals(root)
      if (!carUsable) return fetchRaw(cid, signal)
      try {
        return await car.fetch(cid, signal)
      } catch (error) {
        signal.throwIfAborted()
        // Gateways refuse, cut and pad CARs for reasons of their own: single blocks decide.
        if (!(error instanceof CidUnreachable || error instanceof BadBlock || error instanceof DagTooLarge)) throw error
        return fetchRaw(cid, signal)
      }
    },
    async [Symbol.asyncDispose]() {
      await car[Symbol.asyncDispose]()
    },
  }
}
