import { createReadStream } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { EdgeRefused, EdgeUnauthorized } from '../../../../oracle/edge/errors.ts'
import { createEdgeClient } from '../../../../oracle/edge/client.ts'
import { DealMissed, DealRefused } from '../../../../oracle/edge/dev-node/deal-maker.ts'
import { openStore } from '../../../../oracle/edge/dev-node/store.ts'
import { computePiece } from '../../../../oracle/proofs/commP.ts'
import { pieceToCid } from '../../../../oracle/proofs/piece-cid.ts'
import { verifyInclusion } from '../../../../oracle/proofs/inclusion.ts'
import {
  API_KEY,
  SILENT,
  clientOf,
  configOf,
  createFakeDeals,
  follow,
  makeCar,
  startNode,
  temporaryDir,
} from './world.ts'

describe('Edge-compatible node', () => {
  const cleanups: (() => Promise<unknown>)[] = []
  let dir: string
  let fake: ReturnType<typeof createFakeDeals>

  beforeEach(async () => {
    dir = await temporaryDir(cleanups)
    fake = createFakeDeals()
  })
  afterEach(async () => {
    for (const clean of cleanups.splice(0)) await clean()
  })

  const start = (overrides = {}) => startNode(cleanups, configOf(join(dir, 'node'), overrides), fake.deals)

  describe('a CAR uploaded for two miners', () => {
    it('becomes a content, a bucket and a deal for each, over its own CommP', async () => {
      const { client } = await start()
      const { file, root } = await makeCar(dir, 'one', 5000)

      const contents = await client.addCar(file, 'one.car', { miners: ['t01000', 'f01002'] })
      expect(contents.map(({ miner, cid }) => [miner, cid])).to.deep.equal([
        ['t01000', String(root)],
        ['f01002', String(root)],
      ])

      const followed = await Promise.all(contents.map(({ contentId }) => follow(client, contentId)))
      const { digest, size } = await computePiece(createReadStream(file))
      for (const { status } of followed) {
        expect(status.piece).to.deep.equal({ digest, size })
        expect(status.pieceCid).to.equal(pieceToCid(digest))
        expect(verifyInclusion({ digest, size }, status.inclusion!)).to.deep.equal(status.aggregate)
      }
      expect(fake.published.map(({ providerId }) => providerId).sort()).to.deep.equal([1000n, 1002n])
      const [first, second] = followed.map(({ status }) => status)
      expect(first.deal!.dealId).not.to.equal(second.deal!.dealId)
      expect(first.deal!.uuid).to.match(/^[0-9a-f-]{36}$/)
      expect(fake.activated).to.have.members([1n, 2n])
      // The filler differs, so the aggregates do.
      expect(first.aggregate!.digest).not.to.deep.equal(second.aggregate!.digest)
    })
  })

  describe('a CAR uploaded with a label', () => {
    it('becomes a deal of its own, labelled so, at once', async () => {
      const { client } = await start({ bucketAgeMs: 60_000 })
      const { file } = await makeCar(dir, 'other')
      const { file: labelled, root } = await makeCar(dir, 'labelled')
      await client.addCar(file, 'other.car', { miners: ['t01001'] })

      const [content] = await client.addCar(labelled, 'slot.car', { miners: ['t01001'], label: '256/1' })
      const { status } = await follow(client, content.contentId)
      expect(fake.published.map(({ label, providerId }) => [label, providerId])).to.deep.equal([['256/1', 1001n]])
      expect(verifyInclusion(status.piece!, status.inclusion!)).to.deep.equal(status.aggregate)

      const found = await client.findByCid(String(root))
      expect(found.map(({ name, contentId }) => [name, contentId])).to.deep.equal([['slot.car', content.contentId]])
    })

    it('keeps its label when its deal was missed and is proposed anew', async () => {
      fake.failures.activate.push(new DealMissed('too late'))
      const { client } = await start()
      const { file } = await makeCar(dir, 'labelled')
      const [content] = await client.addCar(file, 'slot.car', { miners: ['t01001'], label: '256/1' })
      await follow(client, content.contentId)
      expect(fake.published.map(({ label }) => label)).to.deep.equal(['256/1', '256/1'])
      expect(new Set(fake.published.map(({ key }) => key))).to.have.property('size', 2)
    })

    it('is refused where the provider makes the deal for that slot itself', async () => {
      const store = openStore(join(dir, 'node'))
      store.noteSent('publish:slot-256/1-0', '0x', '0x')
      store.close()
      const { client } = await start()
      const { file } = await makeCar(dir, 'labelled')
      const upload = (label: string) =>
        client.addCar(file, 'slot.car', { miners: ['t01000'], label }).catch((error: unknown) => error)
      const refused = await upload('256/1')
      expect(refused).to.be.instanceOf(EdgeRefused)
      expect((refused as Error).message).to.contain('the provider makes the one for 256/1 itself')
      expect(await upload('256/2')).to.have.lengthOf(1)
    })

    it('is refused for several miners, or with a label that no deal can have', async () => {
      const { client } = await start()
      const { file } = await makeCar(dir, 'labelled')
      const upload = (miners: string[], label: string) =>
        client.addCar(file, 'slot.car', { miners, label }).catch((error: unknown) => error as Error)
      for (const [miners, label, words] of [
        [['t01000', 't01001'], '256/1', 'a label is for one deal, not for 2 miners'],
        [['t01000'], 'ü'.repeat(129), 'a label of at most 256 bytes, not 258'],
      ] as const) {
        const error = await upload([...miners], label)
        expect(error).to.be.instanceOf(EdgeRefused)
        expect((error as Error).message).to.contain(words)
      }
      expect(await readdir(join(dir, 'node', 'cars'))).to.deep.equal([])
    })
  })

  it('walks a deal through its statuses and names its id only when it is on chain', async () => {
    const publish = Promise.withResolvers<void>()
    const activate = Promise.withResolvers<void>()
    Object.assign(fake.gates, { publish: publish.promise, activate: activate.promise })
    const { client } = await start({ bucketAgeMs: 60_000, bucketBytes: 2_000 })
    const { file } = await makeCar(dir, 'walk')
    const [content] = await client.addCar(file, 'walk.car', { miners: ['t01000'] })
    const until = (text: string) => follow(client, content.contentId, ({ stateText }) => stateText === text)

    const early = await client.status(content.contentId)
    expect(early).to.include({ state: 'pending', stateText: 'pinned' }).and.not.have.any.keys('deal', 'inclusion')

    await client.addCar(file, 'fills-the-bucket.car', { miners: ['t01000'] })
    const { status: unpublished } = await until('StorageDealPublishing')
    expect(unpublished).to.include({ state: 'dealing' }).and.not.have.any.keys('deal')
    publish.resolve()

    const { status: sealing } = await until('StorageDealSealing')
    expect(sealing.state).to.equal('dealing')
    expect(sealing.deal!.dealId).to.equal(1n)
    activate.resolve()

    const { seen } = await follow(client, content.contentId)
    expect(seen.at(-1)).to.equal('StorageDealActive')
  })

  it('aggregates two uploads for one miner into one deal when the bucket is full', async () => {
    const { client } = await start({ bucketAgeMs: 60_000, bucketBytes: 5000 })
    const one = await makeCar(dir, 'a', 2000)
    const two = await makeCar(dir, 'b', 4000)
    const [first] = await client.addCar(one.file, 'a.car', { miners: ['t01001'] })
    expect((await client.status(first.contentId)).stateText).to.equal('pinned')
    const [second] = await client.addCar(two.file, 'b.car', { miners: ['t01001'] })

    const [a, b] = await Promise.all([first, second].map(async (c) => (await follow(client, c.contentId)).status))
    expect(fake.published).to.have.length(1)
    expect(a.deal).to.deep.equal(b.deal)
    expect(a.aggregate).to.deep.equal(b.aggregate)
    expect(a.piece).not.to.deep.equal(b.piece)
    expect(fake.published[0].piece).to.deep.equal(a.aggregate)
  })

  it('keeps the CAR byte for byte', async () => {
    const { client, url } = await start()
    const { file, root } = await makeCar(dir, 'same', 300_000)
    await client.addCar(file, 'same.car', { miners: ['t01000'] })
    const kept = await fetch(`${url}/gw/${root}?format=car`)
    expect(Buffer.from(await kept.arrayBuffer()).equals(await readFile(file))).to.equal(true)
  })

  it('finds contents by CID, newest first, and none of an unknown CID', async () => {
    const { client } = await start()
    const { file, root } = await makeCar(dir, 'twice')
    await makeCar(dir, 'other').then(({ file: other }) => client.addCar(other, 'other.car', { miners: ['t01000'] }))
    await client.addCar(file, 'twice.car', { miners: ['t01000'] })
    await client.addCar(file, 'twice.car', { miners: ['t01001'] })
    const found = await client.findByCid(String(root))
    expect(found.map(({ contentId, miner }) => [contentId, miner])).to.deep.equal([
      ['3', 't01001'],
      ['2', 't01000'],
    ])
    expect(await client.findByCid('bafkqaaa')).to.deep.equal([])
  })

  describe('authorisation', () => {
    it('is answered as Edge does: 500 for no header or a wrong one, 401 for a wrong key', async () => {
      const { url } = await start()
      const ask = async (authorization?: string) => {
        const response = await fetch(`${url}/api/v1/list`, { headers: authorization ? { authorization } : {} })
        return [response.status, await response.json()]
      }
      const badHeader = {
        error: { code: 500, reason: 'Internal Server Error', details: 'Invalid Authorization Header' },
      }
      expect(await ask()).to.deep.equal([500, badHeader])
      expect(await ask(API_KEY)).to.deep.equal([500, badHeader])
      expect(await ask(`Bearer ${API_KEY} x`)).to.deep.equal([500, badHeader])
      expect(await ask('Bearer nobody')).to.deep.equal([
        401,
        { error: { code: 401, reason: 'Unauthorized', details: 'api key does not exists' } },
      ])
      expect((await ask(`Anything ${API_KEY}`))[0]).to.equal(200)
    })

    it('refuses an upload before it is stored, and the client hears why', async () => {
      const { url } = await start()
      const { file } = await makeCar(dir, 'big', 3 << 20)
      const stranger = createEdgeClient({ baseUrl: url, apiKey: 'nobody', log: SILENT })
      const error = await stranger.addCar(file, 'big.car', { miners: ['t01000'] }).catch((e: unknown) => e)
      expect(error).to.be.instanceOf(EdgeUnauthorized)
      expect(await readdir(join(dir, 'node', 'cars'))).to.deep.equal([])
    })
  })

  describe('refusals', () => {
    it('of what is not a CAR, a wrong block, or an unknown miner leave nothing behind', async () => {
      const { client } = await start()
      const notCar = join(dir, 'not.car')
      await writeFile(notCar, Buffer.alloc(2 << 20, 7))
      const { file } = await makeCar(dir, 'flip', 2 << 20)
      const flipped = join(dir, 'flipped.car')
      const bytes = await readFile(file)
      await writeFile(flipped, bytes.fill(0, bytes.length - 1))
      for (const [path, miner, words] of [
        [notCar, 't01000', 'Error loading car file'],
        [flipped, 't01000', 'Error loading car file'],
        [file, 't09999', 'unknown miner t09999'],
        [file, 'f1abc', 'unknown miner f1abc'],
      ] as const) {
        const error = await client.addCar(path, 'x.car', { miners: [miner] }).catch((e: unknown) => e)
        expect(error, words).to.be.instanceOf(EdgeRefused)
        expect((error as Error).message).to.contain(words)
      }
      expect(await readdir(join(dir, 'node', 'cars'))).to.deep.equal([])
    })

    it('of forms without a file, of unknown routes and ids have Edge’s shapes', async () => {
      const { url } = await start()
      const headers = { authorization: `Bearer ${API_KEY}` }
      const form = new FormData()
      form.set('miners', 't01000')
      const noFile = await fetch(`${url}/api/v1/content/add-car`, { method: 'POST', headers, body: form })
      expect([noFile.status, (await jsonOf(noFile)).error.details]).to.deep.equal([500, 'http: no such file'])

      form.set('cid', 'not-a-cid')
      const badCid = await fetch(`${url}/api/v1/content/fetch-pin`, { method: 'POST', headers, body: form })
      expect([badCid.status, await badCid.json()]).to.deep.equal([
        500,
        { status: 'error', message: 'Error decoding the cid' },
      ])

      const noRoute = await fetch(`${url}/api/v2/list`)
      expect([noRoute.status, (await jsonOf(noRoute)).error.reason]).to.deep.equal([404, 'Not Found'])
      const noBucket = await fetch(`${url}/open/status/bucket/none`)
      expect([noBucket.status, Object.keys(await jsonOf(noBucket))]).to.deep.equal([404, ['message']])
      const noPiece = await fetch(`${url}/open/status/content/piece/none`)
      expect([noPiece.status, await noPiece.json()]).to.deep.equal([500, { message: 'piece cid is not found' }])
      const noContent = await jsonOf(await fetch(`${url}/open/status/content/99`))
      expect(noContent.data.content_info.cid).to.equal('')
      expect(noContent.data.sub_piece_info.inclusion_proof.proofIndex).to.deep.equal({ index: '', path: null })
      expect(await (await fetch(`${url}/open/status/content/cid/bafkqaaa`)).json()).to.deep.equal({ data: null })
    })
  })

  it('answers the bucket, the content, the list and the statistics, never with a key', async () => {
    const { client, url } = await start({ bucketAgeMs: 60_000 })
    const { file, root } = await makeCar(dir, 'rows')
    await client.addCar(file, 'rows.car', { miners: ['t01000'] })
    const get = async (path: string) => {
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${API_KEY}` } })
      const text = await response.text()
      expect(text).not.to.contain(API_KEY)
      return JSON.parse(text) as Answer
    }
    const { content } = await get('/api/v1/status/content/1')
    expect(content).to.include({ ID: 1, name: 'rows.car', cid: String(root), status: 'pinned', make_deal: true })
    const { bucket } = await get(`/open/status/bucket/${content.bucket_uuid}`)
    expect(bucket).to.include({ status: 'open', miner: 't01000', size: content.size, deal_id: 0, piece_cid: '' })
    expect(await get(`/open/status/bucket/contents/${content.bucket_uuid}`)).to.deep.include({
      pagination: { page: 1, perPage: 10, totalCount: 1 },
    })
    expect((await get(`/open/status/content/by-cid/${root}`)).buckets).to.have.length(1)
    expect(await get('/api/v1/list?page=2&page_size=1')).to.deep.equal({ total: 1, page: 2, contents: [] })
    expect(await get('/stats')).to.deep.equal({ total_content_count: 1, total_size: content.size })
    expect(await (await fetch(`${url}/ping`)).text()).to.equal('pong')
    await client.ping()
  })

  describe('when the market does not take a deal', () => {
    it('tries again after a failure of the chain, with the same order', async () => {
      fake.failures.publish.push(...Array<Error>(100).fill(new Error('connection refused')))
      const { client } = await start()
      const { file } = await makeCar(dir, 'retry')
      const [content] = await client.addCar(file, 'a.car', { miners: ['t01000'] })
      const { status } = await follow(client, content.contentId, ({ message }) => message !== undefined)
      expect(status.message).to.equal('connection refused')
      fake.failures.publish.length = 0
      await follow(client, content.contentId)
      expect(fake.published).to.have.length(1)
    })

    it('proposes another deal when the first missed its start', async () => {
      fake.failures.activate.push(new DealMissed('DealStartElapsed'))
      const { client } = await start()
      const { file } = await makeCar(dir, 'missed')
      const [content] = await client.addCar(file, 'a.car', { miners: ['t01000'] })
      const { status } = await follow(client, content.contentId)
      expect(status.deal!.dealId).to.equal(2n)
      expect(fake.activated).to.deep.equal([2n])
      expect(fake.published[1].key).to.equal(`${fake.published[0].key}-1`)
      expect(fake.published[1].piece).to.deep.equal(fake.published[0].piece)
    })

    it('gives up with its words when it is refused', async () => {
      fake.failures.publish.push(new DealRefused('AllProposalsInvalid(7)'))
      const { client } = await start()
      const { file } = await makeCar(dir, 'refused')
      const [content] = await client.addCar(file, 'a.car', { miners: ['t01000'] })
      const { status } = await follow(client, content.contentId, ({ state }) => state === 'failed')
      expect(status).to.include({ stateText: 'error', message: 'AllProposalsInvalid(7)' })
    })
  })

  it('goes on after a restart with everything it had answered', async () => {
    const first = await start({ stepMs: 30 })
    const { file, root } = await makeCar(dir, 'restart', 200_000)
    const [content] = await first.client.addCar(file, 'a.car', { miners: ['t01000'] })
    await follow(first.client, content.contentId, ({ stateText }) => stateText === 'transfer-started')
    await first.stop()
    await writeFile(join(dir, 'node', 'cars', 'torn.car.part'), 'an upload that was cut off')

    const second = await start({ stepMs: 30 })
    const { status } = await follow(second.client, content.contentId)
    expect(status.deal!.dealId).to.equal(1n)
    expect(fake.published).to.have.length(1)
    expect((await fetch(`${second.url}/gw/${root}`)).status).to.equal(200)
    expect(await readdir(join(dir, 'node', 'cars'))).to.have.length(1)
  })

  it('takes a plain file, and fetches a CID from another node', async () => {
    const { url, client } = await start()
    const headers = { authorization: `Bearer ${API_KEY}` }
    const bytes = Buffer.alloc(2_500_000, 'a plain file')
    const form = new FormData()
    form.set('data', new Blob([bytes]), 'plain.txt')
    form.set('miners', 't01000')
    const added = await jsonOf(await fetch(`${url}/api/v1/content/add`, { method: 'POST', headers, body: form }))
    const { cid, ID } = added.contents[0]
    expect(Buffer.from(await (await fetch(`${url}/gw/${cid}`)).arrayBuffer()).equals(bytes)).to.equal(true)
    await follow(client, String(ID))

    const { createIpfs } = await import('../../../../oracle/ipfs/node.ts')
    const peer = await createIpfs({
      dataDir: join(dir, 'peer'),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      routing: 'off',
      allowPrivate: true,
      log: SILENT,
    })
    cleanups.unshift(() => peer.stop())
    const { root } = await peer.addPath(join(dir, 'node', 'cars'))
    const pin = new FormData()
    pin.set('cid', String(root))
    pin.set('multiaddr', peer.multiaddrs()[0])
    pin.set('miners', 't01001')
    const pinned = await jsonOf(await fetch(`${url}/api/v1/content/fetch-pin`, { method: 'POST', headers, body: pin }))
    expect(pinned.contents[0].cid).to.equal(String(root))
    await follow(clientOf(url), String(pinned.contents[0].ID))
  }).timeout(20_000)
})

/** The fields of the node's answers that are looked at here. */
interface Answer {
  error: { reason: string; details: string }
  contents: { ID: number; cid: string }[]
  content: { bucket_uuid: string; size: number }
  bucket: object
  buckets: object[]
  data: { content_info: { cid: string }; sub_piece_info: { inclusion_proof: { proofIndex: object } } }
}

async function jsonOf(response: Response): Promise<Answer> {
  return (await response.json()) as Answer
}
