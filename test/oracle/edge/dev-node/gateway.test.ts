import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { createIpfs } from '../../../../oracle/ipfs/node.ts'
import { SILENT, configOf, createFakeDeals, startNode, temporaryDir } from './world.ts'

describe('Edge-compatible node, gateway', () => {
  const cleanups: (() => Promise<unknown>)[] = []
  const file = Buffer.alloc(1_500_000).map((_, i) => (i * 31) % 251)
  let url: string
  let root: string
  let fileCid: string

  before(async () => {
    const dir = await temporaryDir(cleanups)
    const source = join(dir, 'source')
    await mkdir(join(source, 'sub'), { recursive: true })
    await writeFile(join(source, 'data.bin'), file)
    await writeFile(join(source, 'sub', '<b>&.txt'), 'hello')
    const ipfs = await createIpfs({
      dataDir: join(dir, 'ipfs'),
      listen: [],
      routing: 'off',
      allowPrivate: true,
      log: SILENT,
    })
    const added = await ipfs.addPath(source)
    root = String(added.root)
    await ipfs.exportCar(added.root, join(dir, 'source.car'))
    await ipfs.stop()

    const node = await startNode(cleanups, configOf(join(dir, 'node')), createFakeDeals().deals)
    url = node.url
    await node.client.addCar(join(dir, 'source.car'), 'source.car', { miners: ['t01000'] })
    fileCid = /href="\/gw\/(\w+)">data\.bin</.exec(await (await fetch(`${url}/gw/${root}`)).text())![1]!
  })
  after(async () => {
    for (const clean of cleanups.splice(0)) await clean()
  })

  const range = (value: string) => fetch(`${url}/gw/${fileCid}`, { headers: { range: value } })

  it('lists a directory, names escaped', async () => {
    const page = await (await fetch(`${url}/ipfs/${root}`)).text()
    expect(page).to.contain(`Index of ${root}`)
    const sub = /href="\/gw\/(\w+)">sub</.exec(page)![1]
    const inner = await (await fetch(`${url}/gw/ipfs/${sub}`)).text()
    expect(inner).to.contain('&#60;b&#62;&#38;.txt')
  })

  it('serves a file whole', async () => {
    const response = await fetch(`${url}/gw/${fileCid}`)
    expect(response.status).to.equal(200)
    expect(response.headers.get('content-length')).to.equal(String(file.length))
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).to.equal(true)
  })

  it('serves ranges across blocks', async () => {
    for (const [value, start, end] of [
      ['bytes=0-0', 0, 0],
      ['bytes=1048570-1048580', 1_048_570, 1_048_580],
      ['bytes=1499990-', 1_499_990, 1_499_999],
      ['bytes=-5', 1_499_995, 1_499_999],
      ['bytes=1499999-9999999', 1_499_999, 1_499_999],
    ] as const) {
      const response = await range(value)
      expect(response.status, value).to.equal(206)
      expect(response.headers.get('content-range')).to.equal(`bytes ${start}-${end}/${file.length}`)
      expect(Buffer.from(await response.arrayBuffer()).equals(file.subarray(start, end + 1)), value).to.equal(true)
    }
  })

  it('refuses ranges that begin after the end and ignores those it does not understand', async () => {
    for (const value of ['bytes=1500000-', 'bytes=-0']) {
      const response = await range(value)
      expect([response.status, response.headers.get('content-range')]).to.deep.equal([416, 'bytes */1500000'])
    }
    for (const value of ['bytes=0-1,4-5', 'lines=0-1', 'bytes=5-2', 'bytes=-']) {
      const response = await range(value)
      expect(response.status, value).to.equal(200)
      await response.body!.cancel()
    }
  })

  it('serves a block as it is', async () => {
    const response = await fetch(`${url}/gw/${root}?format=raw`)
    expect(response.headers.get('content-type')).to.equal('application/vnd.ipld.raw')
    expect((await response.bytes()).length).to.be.greaterThan(10)
  })

  it('answers 404 for what is not here and what is not a CID', async () => {
    for (const path of [
      '/gw/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
      '/gw/nothing',
      `/gw/${fileCid}?format=car`,
    ]) {
      const response = await fetch(url + path)
      expect([response.status, Object.keys((await response.json()) as object)], path).to.deep.equal([404, ['message']])
    }
  })
})
