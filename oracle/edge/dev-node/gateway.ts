import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { exporter } from 'ipfs-unixfs-exporter'
import type { UnixFSDirectory, UnixFSEntry } from 'ipfs-unixfs-exporter'
import { CID } from 'multiformats/cid'
import { parseRange } from '../../http/range.ts'
import type { DevNodeContext } from './context.ts'
import { notFound } from './envelope.ts'

interface GatewayRequest {
  Params: { cid: string }
  Querystring: { format?: string }
}

class BlockMissing extends Error {}

/**
 * GET /gw/:cid, /gw/ipfs/:cid and /ipfs/:cid: a file with ranges, or a directory's listing. `?format=raw` gives the block,
 * `?format=car` the CAR whose root it is, as it came.
 */
export function addGatewayRoutes(app: FastifyInstance, { cars, store }: DevNodeContext): void {
  for (const path of ['/gw/:cid', '/gw/ipfs/:cid', '/ipfs/:cid']) app.get<GatewayRequest>(path, serve)

  const blocks = {
    async *get(cid: CID): AsyncGenerator<Uint8Array> {
      const bytes = await cars.block(cid)
      if (!bytes) throw new BlockMissing(`block ${cid} is not here`)
      yield bytes
    },
  }

  async function serve(request: FastifyRequest<GatewayRequest>, reply: FastifyReply) {
    const { cid: text } = request.params
    const cid = parseCid(text)
    if (!cid) return reply.code(404).send(notFound(`${text} is not a CID`).body)
    reply.header('x-content-type-options', 'nosniff').header('content-security-policy', 'sandbox')
    try {
      if (request.query.format === 'raw') return await serveBlock(cid, reply)
      if (request.query.format === 'car') return serveCar(cid, reply)
      const entry = await exporter(cid, blocks)
      return await (entry.type === 'directory' ? serveDirectory(entry, reply) : serveFile(entry, request, reply))
    } catch (error) {
      if (error instanceof BlockMissing) return reply.code(404).send(notFound(error.message).body)
      throw error
    }
  }

  async function serveBlock(cid: CID, reply: FastifyReply) {
    const bytes = await cars.block(cid)
    if (!bytes) throw new BlockMissing(`block ${cid} is not here`)
    return reply.type('application/vnd.ipld.raw').send(Buffer.from(bytes))
  }

  function serveCar(cid: CID, reply: FastifyReply) {
    const car = store.findCar(cid.toString())
    if (!car) throw new BlockMissing(`no CAR with root ${cid} is here`)
    reply.type('application/vnd.ipld.car; version=1').header('content-length', car.bytes)
    return reply.send(createReadStream(cars.path(car.id)))
  }
}

function serveFile(entry: Exclude<UnixFSEntry, UnixFSDirectory>, request: FastifyRequest, reply: FastifyReply) {
  if (entry.type === 'object') return reply.code(500).send({ message: 'neither a file nor a directory' })
  const size = Number(entry.size)
  const range = parseRange(request.headers.range, size)
  reply.type('application/octet-stream').header('accept-ranges', 'bytes')
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send()

  const { start, end } = range ?? { start: 0, end: size - 1 }
  const length = end - start + 1
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`)
  reply.header('content-length', length)
  if (length === 0) return reply.send('')
  return reply.send(Readable.from(entry.content({ offset: start, length }), { objectMode: false }))
}

async function serveDirectory(directory: UnixFSDirectory, reply: FastifyReply) {
  const rows: string[] = []
  for await (const { name, cid } of directory.entries()) {
    rows.push(`<li><a href="/gw/${cid}">${escapeHtml(name ?? String(cid))}</a></li>`)
  }
  const title = `Index of ${directory.cid}`
  return reply
    .type('text/html; charset=utf-8')
    .send(`<!doctype html><title>${title}</title><h1>${title}</h1><ul>${rows.join('\n')}</ul>\n`)
}

function parseCid(text: string): CID | undefined {
  try {
    return CID.parse(text)
  } catch {
    return undefined // not a CID is an answer here: 404
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
