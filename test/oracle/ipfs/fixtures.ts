import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { varint } from 'multiformats'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { sha256 } from 'multiformats/hashes/sha2'
import { pino } from 'pino'
import type { FetchLimits } from '../../../oracle/ipfs/limits.ts'

export interface TestBlock {
  cid: CID
  bytes: Uint8Array
}

export const log = pino({ level: 'silent' })

export const AMPLE: FetchLimits = { maxBytes: 1n << 30n, maxBlocks: 10_000, maxDepth: 100, timeoutMs: 20_000 }

export async function blockOf(code: number, bytes: Uint8Array): Promise<TestBlock> {
  return { cid: CID.createV1(code, await sha256.digest(bytes)), bytes }
}

export function leaf(text: string | Uint8Array): Promise<TestBlock> {
  return blockOf(raw.code, typeof text === 'string' ? new TextEncoder().encode(text) : text)
}

export function cborNode(value: unknown): Promise<TestBlock> {
  return blockOf(dagCbor.code, dagCbor.encode(value))
}

/** A dag-pb node whose links stand in the order given (their names sort that way). */
export function pbNode(links: CID[]): Promise<TestBlock> {
  const Links = links.map((Hash, i) => ({ Name: String(i).padStart(3, '0'), Tsize: 0, Hash }))
  return blockOf(dagPb.code, dagPb.encode({ Data: new Uint8Array(), Links }))
}

export function inlineCid(content: string | Uint8Array, code: number = raw.code): CID {
  return CID.createV1(code, identity.digest(Buffer.from(content)))
}

/** A CARv1 as the specification writes it down, independent of the code under test. */
export function carOf(roots: CID[], blocks: TestBlock[]): Uint8Array {
  const header = dagCbor.encode({ version: 1, roots })
  const sections = blocks.flatMap(({ cid, bytes }) => [lengthOf(cid.bytes.length + bytes.length), cid.bytes, bytes])
  return Buffer.concat([lengthOf(header.length), header, ...sections])
}

function lengthOf(length: number): Uint8Array {
  return varint.encodeTo(length, new Uint8Array(varint.encodingLength(length)))
}

export interface TempDir extends AsyncDisposable {
  path: string
}

export async function tempDir(): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), 'mooring-ipfs-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export interface TestServer extends AsyncDisposable {
  url: URL
  port: number
  requests: IncomingMessage[]
}

export async function serve(listener: RequestListener): Promise<TestServer> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    port,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What the promise fails with, which has to be of the class. */
export async function failureOf<T extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...args: never[]) => T,
): Promise<T> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    if (error instanceof type) return error
    throw error
  }
  throw new Error(`expected ${type.name}, got the value ${String(value)}`)
}

export async function collectAll<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of source) all.push(item)
  return all
}
