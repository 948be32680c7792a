import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, describe, it } from 'mocha'
import { pino } from 'pino'
import { createEdgeClient } from '../../../oracle/edge/client.ts'
import type { EdgeClientOptions } from '../../../oracle/edge/client.ts'
import {
  EdgeContentUnknown,
  EdgeRefused,
  EdgeShapeUnknown,
  EdgeUnauthorized,
  EdgeUnavailable,
} from '../../../oracle/edge/errors.ts'
import { PermanentError, RetryableError } from '../../../oracle/errors.ts'
import { readVector } from '../proofs/vectors.ts'

const CID = 'bafybeib6lrvnuh7um4htzq4zrlqr654wpgxt5iy65hrcv6xkk2z7psj7s4'
const ROW = { ID: 7, cid: CID, miner: 't01000', status: 'pinned' }
const NO_ROUTE = { status: 404, json: { error: { code: 404, reason: 'Not Found', details: 'Not Found' } } }

interface Answer {
  status?: number
  json?: unknown
  text?: string
}
type Script = (request: IncomingMessage, body: Buffer) => Answer | 'hang' | 'cut'

describe('createEdgeClient', () => {
  const closing: (() => Promise<unknown> | void)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  /** A real HTTP server that answers by `script`, and a client of it. */
  async function scripted(script: Script, timeouts: EdgeClientOptions['timeouts'] = {}) {
    const paths: string[] = []
    const server = createServer((request, response) => void serve(script, request, response, paths))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    })
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const client = createEdgeClient({
      baseUrl: `${baseUrl}/`,
      apiKey: 'EST1ARY',
      log: pino({ level: 'silent' }),
      timeouts,
    })
    return { client, paths, baseUrl }
  }

  async function fileOf(bytes: Buffer): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'edge-client-'))
    closing.push(() => rm(dir, { recursive: true }))
    const file = join(dir, 'data.car')
    await writeFile(file, bytes)
    return file
  }

  describe('addCar', () => {
    it('streams the file as multipart with its length told beforehand', async () => {
      const bytes = Buffer.alloc(3_000_001, 'mooring')
      let seen: { request: IncomingMessage; body: Buffer } | undefined
      const { client } = await scripted((request, body) => {
        seen = { request, body }
        return { json: { status: 'success', contents: [ROW, { ...ROW, ID: 8, miner: 't01001' }] } }
      })

      const contents = await client.addCar(await fileOf(bytes), 'na"me.car', { miners: ['t01000', 't01001'] })

      expect(contents.map(({ contentId, miner }) => [contentId, miner])).to.deep.equal([
        ['7', 't01000'],
        ['8', 't01001'],
      ])
      const { request, body } = seen!
      expect(request.url).to.equal('/api/v1/content/add-car')
      expect(request.headers.authorization).to.equal('Bearer EST1ARY')
      expect(request.headers['transfer-encoding']).to.equal(undefined)
      expect(request.headers['content-length']).to.equal(String(body.length))
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': request.headers['content-type']! },
      }).formData()
      expect(form.get('miners')).to.equal('t01000,t01001')
      expect(form.get('make_deal')).to.equal('true')
      const data = form.get('data') as File
      expect(data.name).to.equal('na"me.car')
      expect(sha256(await data.bytes())).to.equal(sha256(bytes))
    })

    it('is refused for good only where the words say that the file is at fault', async () => {
      const message = { text: 'Error loading car file: unexpected EOF' }
      const { client } = await scripted(() => ({ status: 500, json: { status: 'error', message: message.text } }))
      const file = await fileOf(Buffer.from('car'))
      expect(await failure(client.addCar(file, 'a', { miners: [] }))).to.be.instanceOf(EdgeRefused)
      message.text = 'Error creating bucket'
      expect(await failure(client.addCar(file, 'a', { miners: [] }))).to.be.instanceOf(EdgeUnavailable)
    })

    it('is retryable when the node dies in the middle', async () => {
      const { client } = await scripted(() => 'cut')
      const error = await failure(client.addCar(await fileOf(Buffer.alloc(1 << 20)), 'a', { miners: ['t01000'] }))
      expect(error).to.be.instanceOf(EdgeUnavailable)
    })

    it('is refused by a node without the route', async () => {
      const { client } = await scripted(() => NO_ROUTE)
      expect(await failure(client.addCar(await fileOf(Buffer.from('x')), 'a', { miners: [] }))).to.be.instanceOf(
        EdgeRefused,
      )
    })
  })

  describe('status', () => {
    it('reads the node that proves, and remembers its route', async () => {
      const { client, paths } = await scripted(() => ({ json: readVector('10').body }))
      expect((await client.status('10')).deal!.dealId).to.equal(81729n)
      await client.status('10')
      expect(paths).to.deep.equal(['/open/status/content/10', '/open/status/content/10'])
    })

    it('falls back to the routes of the nodes that show no proofs', async () => {
      for (const route of ['/api/v1/status/7', '/status/content/7']) {
        const { client } = await scripted(({ url }) => (url === route ? { json: { content: ROW } } : NO_ROUTE))
        expect(await client.status('7')).to.include({ contentId: '7', cid: CID, state: 'pending' })
      }
    })

    it('tells an unknown content from an unknown node', async () => {
      const { client } = await scripted(() => ({ status: 404, json: { message: 'Content not found.' } }))
      expect(await failure(client.status('9'))).to.be.instanceOf(EdgeContentUnknown)
      const nothing = await scripted(() => NO_ROUTE)
      expect(await failure(nothing.client.status('9'))).to.be.instanceOf(EdgeShapeUnknown)
    })

    it('asks all routes again after a node changed its version', async () => {
      let version = '/open/status/content/7'
      const { client } = await scripted(({ url }) => (url === version ? { json: { content: ROW } } : NO_ROUTE))
      await client.status('7')
      version = '/status/content/7'
      expect(await failure(client.status('7'))).to.be.instanceOf(EdgeShapeUnknown)
      expect((await client.status('7')).contentId).to.equal('7')
    })

    it('follows a row that is stale at first', async () => {
      let asked = 0
      const { client } = await scripted(() => {
        const body = structuredClone(readVector('10').body) as unknown as { data: { deal_info: object } }
        Object.assign(body.data.deal_info, { status: 'StorageDealActive', deal_id: ++asked > 1 ? 81729 : 0 })
        return { json: body }
      })
      expect((await client.status('10')).state).to.equal('dealing')
      expect((await client.status('10')).state).to.equal('active')
    })
  })

  describe('findByCid', () => {
    it('finds the ids in the list where the status by CID has none', async () => {
      const other = { ...ROW, ID: 1, cid: 'bafkqaaa' }
      const pages = [Array(100).fill(other), [other, { ...ROW, ID: 8 }, ROW], [ROW]]
      const { client, paths } = await scripted(({ url }) => {
        if (url === `/open/status/content/cid/${CID}`) return { json: { data: [{}, {}] } }
        if (url!.startsWith('/api/v1/list')) {
          const page = Number(new URL(url!, 'http://x').searchParams.get('page'))
          return { json: { total: 300, page, contents: pages[page - 1] } }
        }
        if (url!.startsWith('/open/status/content/'))
          return { json: { content: { ...ROW, ID: url!.split('/').at(-1) } } }
        return NO_ROUTE
      })
      expect((await client.findByCid(CID)).map(({ contentId }) => contentId)).to.deep.equal(['8', '7'])
      expect(paths.filter((path) => path.includes('list'))).to.have.length(2)
    })

    it('is empty where the node has none: null, an empty list, or 404', async () => {
      for (const answer of [
        { json: { data: null } },
        { json: { data: [] } },
        { status: 404, json: { message: 'none' } },
      ]) {
        const { client, paths } = await scripted(({ url }) => (url!.startsWith('/open/') ? answer : NO_ROUTE))
        expect(await client.findByCid(CID)).to.deep.equal([])
        expect(paths.some((path) => path.includes('list'))).to.equal(false)
      }
    })

    it('takes the ids of the node that shows them', async () => {
      const { client } = await scripted(({ url }) => {
        if (url === `/status/cid/${CID}`) return { json: { cids: [ROW] } }
        return url === '/status/content/7' ? { json: { content: ROW } } : NO_ROUTE
      })
      expect((await client.findByCid(CID)).map(({ contentId }) => contentId)).to.deep.equal(['7'])
    })
  })

  describe('failures', () => {
    const cases: [string, Answer | 'hang' | 'cut', new (...args: never[]) => Error, string][] = [
      [
        'HTTP 500 for a missing header',
        { status: 500, json: envelope(500, 'Invalid Authorization Header') },
        EdgeUnauthorized,
        'Invalid',
      ],
      [
        'HTTP 401 for a bad key',
        { status: 401, json: envelope(401, 'api key does not exists') },
        EdgeUnauthorized,
        'does not exists',
      ],
      [
        'HTTP 500 with an envelope',
        { status: 500, json: envelope(500, 'http: no such file') },
        EdgeUnavailable,
        'no such file',
      ],
      ['HTTP 500 with words', { status: 500, json: { status: 'error', message: 'disk' } }, EdgeUnavailable, 'disk'],
      ['HTTP 502 of a proxy', { status: 502, text: '<html>Bad gateway' }, EdgeUnavailable, 'Bad gateway'],
      ['HTTP 429', { status: 429, text: '' }, EdgeUnavailable, '429'],
      ['HTTP 400', { status: 400, json: { message: 'bad' } }, EdgeRefused, 'bad'],
      ['a page instead of JSON', { text: '<html>' }, EdgeUnavailable, 'not JSON'],
      ['JSON null', { text: 'null' }, EdgeShapeUnknown, 'null'],
      ['a connection that is cut', 'cut', EdgeUnavailable, ''],
      ['no answer', 'hang', EdgeUnavailable, 'no answer within 150 ms'],
    ]
    for (const [title, answer, type, words] of cases) {
      it(`${title}: ${type.name}`, async () => {
        const { client, baseUrl } = await scripted(() => answer, { requestMs: 150 })
        const error = (await failure(client.status('1'))) as Error
        expect(error).to.be.instanceOf(type)
        expect(error).to.be.instanceOf(type === EdgeRefused ? PermanentError : RetryableError)
        expect(error.message).to.contain(words)
        if (type !== EdgeShapeUnknown) expect(error.message).to.contain(baseUrl)
        expect(error.message).not.to.contain('EST1ARY')
      })
    }

    it('a redirect is not followed: EdgeUnavailable', async () => {
      const { client, paths } = await scripted(({ url }) =>
        url === '/elsewhere' ? { json: { content: ROW } } : { status: 302, text: '' },
      )
      expect(await failure(client.status('7'))).to.be.instanceOf(EdgeUnavailable)
      expect(paths).to.deep.equal(['/open/status/content/7'])
    })

    it('an answer that does not end: EdgeUnavailable', async () => {
      const { client } = await scripted(() => ({ text: JSON.stringify('x'.repeat(9 << 20)) }))
      expect(((await failure(client.status('1'))) as Error).message).to.contain('more than 8388608 bytes')
    })

    it('nobody listens: EdgeUnavailable', async () => {
      const client = createEdgeClient({ baseUrl: 'http://127.0.0.1:1', apiKey: 'k', log: pino({ level: 'silent' }) })
      expect(await failure(client.ping())).to.be.instanceOf(EdgeUnavailable)
      expect(await failure(client.status('1'))).to.be.instanceOf(EdgeUnavailable)
    })
  })

  it('pings', async () => {
    let status = 200
    const { client } = await scripted(({ url }) => ({ status: url === '/ping' ? status : 404, text: 'pong' }))
    await client.ping()
    status = 503
    expect(await failure(client.ping())).to.be.instanceOf(EdgeUnavailable)
  })

  it('wants an http(s) URL', () => {
    for (const baseUrl of ['', 'edge.example', 'ftp://edge.example']) {
      expect(() => createEdgeClient({ baseUrl, apiKey: 'k', log: pino({ level: 'silent' }) })).to.throw(
        TypeError,
        'http(s)',
      )
    }
  })
})

async function serve(
  script: Script,
  request: IncomingMessage,
  response: ServerResponse,
  paths: string[],
): Promise<void> {
  paths.push(request.url!)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const answer = script(request, Buffer.concat(chunks))
  if (answer === 'hang') return
  if (answer === 'cut') return void request.socket.destroy()
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', location: '/elsewhere' })
  response.end(answer.text ?? JSON.stringify(answer.json))
}

function envelope(code: number, details: string) {
  return { error: { code, reason: code === 401 ? 'Unauthorized' : 'Internal Server Error', details } }
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.fail(`resolved to ${JSON.stringify(value)}`),
    (error: unknown) => error,
  )
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
