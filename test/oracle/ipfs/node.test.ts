import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { CarReader } from '@ipld/car'
import { afterEach, describe, it } from 'mocha'
import { BadBlock, BlockMissing, CidUnreachable, DagTooLarge, PrivateAddress } from '../../../oracle/ipfs/errors.ts'
import type { FetchProgress } from '../../../oracle/ipfs/fetch-dag.ts'
import { parseFetchLink } from '../../../oracle/ipfs/fetch-link.ts'
import { createIpfs } from '../../../oracle/ipfs/node.ts'
import type { Ipfs, IpfsOptions } from '../../../oracle/ipfs/node.ts'
import {
  AMPLE,
  carOf,
  cborNode,
  collectAll,
  failureOf,
  inlineCid,
  leaf,
  log,
  pbNode,
  serve,
  tempDir,
} from './fixtures.ts'
import type { TestBlock } from './fixtures.ts'

const NONE = { kind: 'none' } as const

describe('createIpfs', () => {
  const open: AsyncDisposable[] = []

  afterEach(async () => {
    for (const world of open.splice(0)) await world[Symbol.asyncDispose]()
  })

  async function node(options: Partial<IpfsOptions> = {}): Promise<Ipfs & { dir: string }> {
    const dir = await tempDir()
    const dataDir = join(dir.path, 'data')
    const listen = ['/ip4/127.0.0.1/tcp/0']
    const ipfs = await createIpfs({ dataDir, listen, routing: 'off', allowPrivate: true, log, ...options })
    open.push({
      [Symbol.asyncDispose]: async () => {
        await ipfs.stop()
        await dir[Symbol.asyncDispose]()
      },
    })
    return Object.assign(ipfs, { dir: dir.path })
  }

  async function directory(dir: string, sizes: number[]): Promise<string> {
    const path = join(dir, 'input')
    await mkdir(path)
    for (const [i, size] of sizes.entries()) await writeFile(join(path, `file-${i}`), randomBytes(size))
    return path
  }

  const linkTo = (peer: Ipfs) => parseFetchLink(Buffer.from(peer.multiaddrs().join(',')))
  const car = (url: URL) => ({ kind: 'http', url, car: true }) as const
  const gateway = (url: URL) => ({ kind: 'http', url, car: false }) as const

  async function blocksOf(file: string) {
    const reader = await CarReader.fromBytes(await readFile(file))
    return { roots: await reader.getRoots(), blocks: await collectAll(reader.blocks()) }
  }

  async function storedBlocks(dir: string): Promise<number> {
    const names = await readdir(join(dir, 'data', 'blocks'), { recursive: true })
    return names.filter((name) => name.endsWith('.data')).length
  }

  /** Waits until a download has written so many bytes. */
  async function scratchHolds(dir: string, bytes: number): Promise<void> {
    const scratch = join(dir, 'data', 'scratch')
    for (;;) {
      for (const name of (await readdir(scratch)).filter((name) => name.endsWith('.car'))) {
        if ((await stat(join(scratch, name))).size >= bytes) return
      }
      await setImmediate()
    }
  }

  describe('over bitswap', () => {
    it('fetches what the other node imported, telling n of m, and both export the same CAR', async () => {
      const [seed, fetcher] = [await node(), await node({ listen: [] })]
      const { root } = await seed.addPath(await directory(seed.dir, [3_000_000, 10, 0]))
      const progress: FetchProgress[] = []

      const stats = await fetcher.fetchDag(root, linkTo(seed), AMPLE, (step) => progress.push(step))

      expect(progress.map(({ blocks }) => blocks)).to.deep.equal(progress.map((_, i) => i + 1))
      expect(progress.at(-1)).to.deep.equal({ blocks: stats.blocks, known: stats.blocks, bytes: stats.bytes })
      expect(stats.blocks).to.equal(7)
      const [mine, theirs] = [join(fetcher.dir, 'a.car'), join(seed.dir, 'a.car')]
      expect(await fetcher.exportCar(root, mine)).to.equal(stats.carBytes)
      expect(await seed.exportCar(root, theirs)).to.equal(stats.carBytes)
      expect((await readFile(mine)).equals(await readFile(theirs))).to.equal(true)
    })

    it('fetches a DAG by its version 0 CID, which the CAR then names as its root', async () => {
      const [seed, fetcher] = [await node(), await node({ listen: [] })]
      const { root } = await seed.addPath(await directory(seed.dir, [100]))
      const version0 = root.toV0()

      const stats = await fetcher.fetchDag(version0, linkTo(seed), AMPLE)

      const file = join(fetcher.dir, 'a.car')
      expect(await fetcher.exportCar(version0, file)).to.equal(stats.carBytes)
      const { roots, blocks } = await blocksOf(file)
      expect(roots.map(String)).to.deep.equal([version0.toString()])
      expect(blocks[0].cid.toString()).to.equal(version0.toString())
    })

    it('fetches from a node that is reached by name', async () => {
      const [seed, fetcher] = [await node(), await node({ listen: [] })]
      const { root } = await seed.addPath(await directory(seed.dir, [100]))
      const byName = seed.multiaddrs()[0].replace('/ip4/127.0.0.1', '/dns4/localhost')

      const stats = await fetcher.fetchDag(root, { kind: 'multiaddrs', addrs: [byName] }, AMPLE)

      expect(stats.blocks).to.equal(2)
    })

    it('passes over an address where nobody listens', async () => {
      const [seed, fetcher] = [await node(), await node({ listen: [] })]
      const { root } = await seed.addPath(await directory(seed.dir, [100]))
      const dead = seed.multiaddrs()[0].replace(/tcp\/\d+/, 'tcp/1')

      const stats = await fetcher.fetchDag(root, { kind: 'multiaddrs', addrs: [dead, ...seed.multiaddrs()] }, AMPLE)

      expect(stats.blocks).to.equal(2)
    })

    it('waits for a peer that does not have the block yet', async () => {
      const [seed, fetcher] = [await node(), await node({ listen: [] })]
      const path = await directory(seed.dir, [100])
      const { root } = await (await node()).addPath(path)
      const fetching = fetcher.fetchDag(root, linkTo(seed), AMPLE)

      await seed.addPath(path)

      expect((await fetching).blocks).to.equal(2)
    })

    it('says how many blocks came when the time is over, and is retryable', async () => {
      const [seed, fetcher] = [await node(), await node({ listen: [] })]
      const { cid } = await leaf('nobody has this')

      const error = await failureOf(fetcher.fetchDag(cid, linkTo(seed), { ...AMPLE, timeoutMs: 700 }), CidUnreachable)

      expect(error.message).to.equal(`${cid}: 0 of 1 known blocks came within 700 ms`)
    })

    it('keeps its peer id over a restart, so that fetch links stay true', async () => {
      const dir = await tempDir()
      open.push(dir)
      const options: IpfsOptions = {
        dataDir: dir.path,
        listen: ['/ip4/127.0.0.1/tcp/0'],
        routing: 'off',
        allowPrivate: true,
        log,
      }
      const first = await createIpfs(options)
      const id = first.multiaddrs()[0].split('/p2p/')[1]
      await first.stop()

      const second = await createIpfs(options)
      open.push({ [Symbol.asyncDispose]: () => second.stop() })

      expect(second.multiaddrs()[0].split('/p2p/')[1]).to.equal(id)
    })
  })

  describe('over HTTP', () => {
    async function dag() {
      const [a, b] = [await leaf('a'.repeat(1_000)), await leaf('b'.repeat(1_000))]
      const inner = await cborNode({ b: b.cid, inline: inlineCid('inlined') })
      const root = await pbNode([a.cid, inner.cid])
      return { root, a, b, inner, all: [root, a, inner, b] as TestBlock[] }
    }

    it('fetches a CAR whose blocks stand in any order among others, and exports the canonical one', async () => {
      const { root, a, b, inner, all } = await dag()
      const stranger = await leaf('stranger')
      await using server = await serve((_, response) => response.end(carOf([a.cid], [b, stranger, inner, a, root])))
      const ipfs = await node()

      const stats = await ipfs.fetchDag(root.cid, car(server.url), AMPLE)

      const file = join(ipfs.dir, 'a.car')
      expect(await ipfs.exportCar(root.cid, file)).to.equal(stats.carBytes)
      expect(await readFile(file)).to.deep.equal(carOf([root.cid], all))
      const read = await blocksOf(file)
      expect(read.roots.map(String)).to.deep.equal([String(root.cid)])
      expect(read.blocks.map(({ cid }) => String(cid))).to.deep.equal(all.map(({ cid }) => String(cid)))
      expect(await storedBlocks(ipfs.dir)).to.equal(4)
      expect(await readdir(join(ipfs.dir, 'data', 'scratch'))).to.deep.equal([])
    })

    it('goes on from the blocks that came before a download broke off', async () => {
      const { root, all } = await dag()
      const ipfs = await node()
      const whole = carOf([root.cid], all)
      const cut = carOf([root.cid], all.slice(0, 2)).byteLength + 20
      await using server = await serve((_, response) => {
        response.writeHead(200, { 'content-length': whole.byteLength })
        if (server.requests.length > 1) return response.end(whole)
        response.write(whole.subarray(0, cut))
        void scratchHolds(ipfs.dir, cut).then(() => response.destroy())
      })

      const error = await failureOf(ipfs.fetchDag(root.cid, car(server.url), AMPLE), CidUnreachable)

      expect(error.message).to.contain('the download broke off')
      expect(await storedBlocks(ipfs.dir)).to.equal(2)
      expect((await ipfs.fetchDag(root.cid, car(server.url), AMPLE)).blocks).to.equal(4)
    })

    it('asks nobody for what is already here', async () => {
      const { root, all } = await dag()
      await using server = await serve((_, response) => response.end(carOf([root.cid], all)))
      const ipfs = await node()
      const first = await ipfs.fetchDag(root.cid, car(server.url), AMPLE)

      const second = await ipfs.fetchDag(root.cid, car(server.url), AMPLE)

      expect(second).to.deep.equal(first)
      expect(server.requests).to.have.lengthOf(1)
    })

    it('is retryable when the CAR lacks a block', async () => {
      const { root, inner, b } = await dag()
      await using server = await serve((_, response) => response.end(carOf([root.cid], [root, inner, b])))
      const ipfs = await node()

      expect((await failureOf(ipfs.fetchDag(root.cid, car(server.url), AMPLE), CidUnreachable)).message).to.contain(
        'which has 3 blocks',
      )
    })

    it('refuses a CAR with a forged block and keeps it out of the store', async () => {
      const { root, a, inner, b } = await dag()
      const forged = { cid: a.cid, bytes: Buffer.from('forged') }
      await using server = await serve((_, response) => response.end(carOf([root.cid], [root, forged, inner, b])))
      const ipfs = await node()

      const error = await failureOf(ipfs.fetchDag(root.cid, car(server.url), AMPLE), BadBlock)

      expect(error.message).to.contain(String(a.cid))
      expect(await storedBlocks(ipfs.dir)).to.equal(1)
    })

    it('refuses what is no CAR', async () => {
      await using server = await serve((_, response) => response.end('<!doctype html>'.repeat(100)))

      await failureOf((await node()).fetchDag((await dag()).root.cid, car(server.url), AMPLE), BadBlock)
    })

    for (const said of [true, false]) {
      it(`ends a download over the limit ${said ? 'before its first byte when its size was said' : 'at the limit when it was not'}`, async () => {
        const { root } = await dag()
        const size = 50_000_000
        let sent = 0
        await using server = await serve((_, response) => {
          response.writeHead(200, said ? { 'content-length': size } : {})
          const more = () => {
            if (sent < size && !response.destroyed) response.write(Buffer.alloc(65_536), more)
            sent += 65_536
          }
          more()
        })

        const error = await failureOf(
          (await node()).fetchDag(root.cid, car(server.url), { ...AMPLE, maxBytes: 100_000n }),
          DagTooLarge,
        )

        expect(error.message).to.contain('at most 100000 bytes, got')
        expect(sent).to.be.lessThan(size / 2)
      })
    }

    it('takes a whole DAG from a trustless gateway as one CAR', async () => {
      const { root, all } = await dag()
      await using server = await serve((_, response) => response.end(carOf([root.cid], all)))

      const stats = await (await node()).fetchDag(root.cid, gateway(server.url), AMPLE)

      expect(stats.blocks).to.equal(4)
      expect(server.requests).to.have.lengthOf(1)
      expect(server.requests[0].url).to.equal(`/ipfs/${root.cid}?format=car&dag-scope=all`)
      expect(server.requests[0].headers.accept).to.match(/^application\/vnd\.ipld\.car;/)
    })

    const rawBlocks = (all: TestBlock[], url: string) =>
      all.find(({ cid }) => url === `/gw/ipfs/${cid}?format=raw`)?.bytes

    for (const [title, answer] of [
      ['refuses CARs', undefined],
      ['answers with a web page', Buffer.from('<!doctype html>'.repeat(100))],
    ] as const) {
      it(`takes block after block from a gateway that ${title}`, async () => {
        const { root, all } = await dag()
        await using server = await serve((request, response) => {
          const bytes = request.url!.includes('format=car') ? answer : rawBlocks(all, request.url!)
          if (bytes === undefined) response.writeHead(406)
          response.end(bytes)
        })

        const stats = await (await node()).fetchDag(root.cid, gateway(new URL('/gw', server.url)), AMPLE)

        expect(stats.blocks).to.equal(4)
        const raw = server.requests.filter(({ url }) => url!.includes('format=raw'))
        expect(raw).to.have.lengthOf(4)
        expect(raw[0].headers.accept).to.equal('application/vnd.ipld.raw')
      })
    }

    it('takes the blocks that a CAR cut by the gateway lacks', async () => {
      const { root, all } = await dag()
      await using server = await serve((request, response) =>
        response.end(
          request.url!.includes('format=car') ? carOf([root.cid], all.slice(0, 3)) : rawBlocks(all, request.url!),
        ),
      )

      await (await node()).fetchDag(root.cid, gateway(new URL('/gw/', server.url)), AMPLE)

      expect(server.requests.map(({ url }) => url!.split('?')[1])).to.deep.equal([
        'format=car&dag-scope=all',
        'format=raw',
      ])
    })

    it('refuses a forged block of a gateway', async () => {
      const { root } = await dag()
      await using server = await serve((request, response) =>
        request.url!.includes('format=car') ? response.writeHead(404).end() : response.end('forged'),
      )

      await failureOf((await node()).fetchDag(root.cid, gateway(server.url), AMPLE), BadBlock)
    })

    it('is retryable when the server is silent for too long', async () => {
      const { root } = await dag()
      await using server = await serve(() => {})

      const fetching = (await node()).fetchDag(root.cid, car(server.url), { ...AMPLE, timeoutMs: 300 })

      expect((await failureOf(fetching, CidUnreachable)).message).to.contain('0 of 1 known blocks came within 300 ms')
    })
  })

  describe('limits', () => {
    it('stores no block that is over them', async () => {
      const [seed, fetcher] = [await node(), await node({ listen: [] })]
      const { root } = await seed.addPath(await directory(seed.dir, [5_000_000]))
      const limits = { ...AMPLE, maxBytes: 3_000_000n }

      const error = await failureOf(fetcher.fetchDag(root, linkTo(seed), limits), DagTooLarge)

      expect(error.reason).to.equal('TooLarge')
      expect(await storedBlocks(fetcher.dir)).to.equal(4) // the directory, the file, two leaves of 1 MiB
    })
  })

  describe('private addresses', () => {
    for (const [title, link] of [
      ['of a peer', (peer: Ipfs) => linkTo(peer)],
      [
        'of a peer with a name',
        (peer: Ipfs) =>
          ({
            kind: 'multiaddrs',
            addrs: peer.multiaddrs().map((a) => a.replace('ip4/127.0.0.1', 'dns4/localhost')),
          }) as const,
      ],
      ['of a CAR', () => car(new URL('http://127.0.0.1:9/a.car'))],
      ['of a gateway with a name', () => gateway(new URL('http://localhost:9/'))],
    ] as const) {
      it(`refuses those ${title}`, async () => {
        const [seed, fetcher] = [await node(), await node({ listen: [], allowPrivate: false })]
        const { root } = await seed.addPath(await directory(seed.dir, [10]))

        const error = await failureOf(fetcher.fetchDag(root, link(seed), AMPLE), PrivateAddress)

        expect(error.reason).to.equal('BadContent')
      })
    }
  })

  describe('exportCar', () => {
    it('says which block is missing and leaves no file', async () => {
      const ipfs = await node()
      const { cid } = await leaf('not here')

      expect((await failureOf(ipfs.exportCar(cid, join(ipfs.dir, 'a.car')), BlockMissing)).message).to.contain(
        String(cid),
      )
      expect((await readdir(ipfs.dir)).filter((name) => name.includes('.car'))).to.deep.equal([])
    })

    it('replaces an older file, and two exports of one file do not mix', async () => {
      const ipfs = await node()
      const file = join(ipfs.dir, 'a.car')
      await writeFile(file, 'older')
      const { root } = await ipfs.addPath(await directory(ipfs.dir, [2_500_000]))

      const [one, two] = await Promise.all([ipfs.exportCar(root, file), ipfs.exportCar(root, file)])

      expect(one).to.equal(two)
      expect((await blocksOf(file)).blocks).to.have.lengthOf(5)
      expect((await readdir(ipfs.dir)).filter((name) => name.includes('.car'))).to.deep.equal(['a.car'])
    })
  })

  describe('unpin', () => {
    it('lets go of the blocks: the next export misses them', async () => {
      const ipfs = await node()
      const { root } = await ipfs.addPath(await directory(ipfs.dir, [10]))

      await ipfs.unpin(root)

      await failureOf(ipfs.exportCar(root, join(ipfs.dir, 'a.car')), BlockMissing)
      expect(await storedBlocks(ipfs.dir)).to.equal(0)
    })
  })

  describe('stop', () => {
    const listening = (address: string) =>
      new Promise<boolean>((resolve) => {
        const socket = createConnection(Number(address.split('/')[4]), '127.0.0.1')
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
        socket.on('connect', () => socket.destroy())
      })

    it('closes the port and ends the work in hand', async () => {
      const ipfs = await node()
      const address = ipfs.multiaddrs()[0]
      expect(await listening(address)).to.equal(true)
      const fetching = ipfs
        .fetchDag((await leaf('nobody has this')).cid, NONE, AMPLE)
        .catch((error: Error) => error.name)

      await ipfs.stop()

      expect(await fetching).to.equal('AbortError')
      expect(await listening(address)).to.equal(false)
      expect(await ipfs.addPath(ipfs.dir).catch((error: Error) => error.name)).to.equal('AbortError')
      await ipfs.stop()
    })

    it('also stops a node that searches the public network', async () => {
      const ipfs = await node({ routing: 'public', allowPrivate: false })
      const address = ipfs.multiaddrs()[0]

      await ipfs.stop()

      expect(await listening(address)).to.equal(false)
    })
  })
})
