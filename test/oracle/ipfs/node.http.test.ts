import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { BadBlock, CidUnreachable, DagTooLarge } from '../../../oracle/ipfs/errors.ts'
import { AMPLE, carOf, cborNode, failureOf, inlineCid, leaf, pbNode, serve } from './fixtures.ts'
import type { TestBlock } from './fixtures.ts'
import { storedBlocks, car, gateway, blocksOf, useNodes } from './node-world.ts'

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

describe('createIpfs', () => {
  const world = useNodes()

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
      const ipfs = await world.node()

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
      const ipfs = await world.node()
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
      const ipfs = await world.node()
      const first = await ipfs.fetchDag(root.cid, car(server.url), AMPLE)

      const second = await ipfs.fetchDag(root.cid, car(server.url), AMPLE)

      expect(second).to.deep.equal(first)
      expect(server.requests).to.have.lengthOf(1)
    })

    it('is retryable when the CAR lacks a block', async () => {
      const { root, inner, b } = await dag()
      await using server = await serve((_, response) => response.end(carOf([root.cid], [root, inner, b])))
      const ipfs = await world.node()

      expect((await failureOf(ipfs.fetchDag(root.cid, car(server.url), AMPLE), CidUnreachable)).message).to.contain(
        'which has 3 blocks',
      )
    })

    it('refuses a CAR with a forged block and keeps it out of the store', async () => {
      const { root, a, inner, b } = await dag()
      const forged = { cid: a.cid, bytes: Buffer.from('forged') }
      await using server = await serve((_, response) => response.end(carOf([root.cid], [root, forged, inner, b])))
      const ipfs = await world.node()

      const error = await failureOf(ipfs.fetchDag(root.cid, car(server.url), AMPLE), BadBlock)

      expect(error.message).to.contain(String(a.cid))
      expect(await storedBlocks(ipfs.dir)).to.equal(1)
    })

    it('refuses what is no CAR', async () => {
      await using server = await serve((_, response) => response.end('<!doctype html>'.repeat(100)))

      await failureOf((await world.node()).fetchDag((await dag()).root.cid, car(server.url), AMPLE), BadBlock)
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
          (await world.node()).fetchDag(root.cid, car(server.url), { ...AMPLE, maxBytes: 100_000n }),
          DagTooLarge,
        )

        expect(error.message).to.contain('at most 100000 bytes, got')
        expect(sent).to.be.lessThan(size / 2)
      })
    }

    it('takes a whole DAG from a trustless gateway as one CAR', async () => {
      const { root, all } = await dag()
      await using server = await serve((_, response) => response.end(carOf([root.cid], all)))

      const stats = await (await world.node()).fetchDag(root.cid, gateway(server.url), AMPLE)

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

        const stats = await (await world.node()).fetchDag(root.cid, gateway(new URL('/gw', server.url)), AMPLE)

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

      await (await world.node()).fetchDag(root.cid, gateway(new URL('/gw/', server.url)), AMPLE)

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

      await failureOf((await world.node()).fetchDag(root.cid, gateway(server.url), AMPLE), BadBlock)
    })

    it('is retryable when the server is silent for too long', async () => {
      const { root } = await dag()
      await using server = await serve(() => {})

      const fetching = (await world.node()).fetchDag(root.cid, car(server.url), { ...AMPLE, timeoutMs: 300 })

      expect((await failureOf(fetching, CidUnreachable)).message).to.contain('0 of 1 known blocks came within 300 ms')
    })
  })
})
