import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { CidUnreachable } from '../../../oracle/ipfs/errors.ts'
import type { FetchProgress } from '../../../oracle/ipfs/fetch-dag.ts'
import { createIpfs } from '../../../oracle/ipfs/node.ts'
import type { IpfsOptions } from '../../../oracle/ipfs/node.ts'
import { AMPLE, failureOf, leaf, log, tempDir } from './fixtures.ts'
import { directory, linkTo, blocksOf, useNodes } from './node-world.ts'

describe('createIpfs', () => {
  const world = useNodes()

  describe('over bitswap', () => {
    it('fetches what the other node imported, telling n of m, and both export the same CAR', async () => {
      const [seed, fetcher] = [await world.node(), await world.node({ listen: [] })]
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
      const [seed, fetcher] = [await world.node(), await world.node({ listen: [] })]
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
      const [seed, fetcher] = [await world.node(), await world.node({ listen: [] })]
      const { root } = await seed.addPath(await directory(seed.dir, [100]))
      const byName = seed.multiaddrs()[0].replace('/ip4/127.0.0.1', '/dns4/localhost')

      const stats = await fetcher.fetchDag(root, { kind: 'multiaddrs', addrs: [byName] }, AMPLE)

      expect(stats.blocks).to.equal(2)
    })

    it('passes over an address where nobody listens', async () => {
      const [seed, fetcher] = [await world.node(), await world.node({ listen: [] })]
      const { root } = await seed.addPath(await directory(seed.dir, [100]))
      const dead = seed.multiaddrs()[0].replace(/tcp\/\d+/, 'tcp/1')

      const stats = await fetcher.fetchDag(root, { kind: 'multiaddrs', addrs: [dead, ...seed.multiaddrs()] }, AMPLE)

      expect(stats.blocks).to.equal(2)
    })

    it('waits for a peer that does not have the block yet', async () => {
      const [seed, fetcher] = [await world.node(), await world.node({ listen: [] })]
      const path = await directory(seed.dir, [100])
      const { root } = await (await world.node()).addPath(path)
      const fetching = fetcher.fetchDag(root, linkTo(seed), AMPLE)

      await seed.addPath(path)

      expect((await fetching).blocks).to.equal(2)
    })

    it('says how many blocks came when the time is over, and is retryable', async () => {
      const [seed, fetcher] = [await world.node(), await world.node({ listen: [] })]
      const { cid } = await leaf('nobody has this')

      const error = await failureOf(fetcher.fetchDag(cid, linkTo(seed), { ...AMPLE, timeoutMs: 700 }), CidUnreachable)

      expect(error.message).to.equal(`${cid}: 0 of 1 known blocks came within 700 ms`)
    })

    it('keeps its peer id over a restart, so that fetch links stay true', async () => {
      const dir = await tempDir()
      world.open.push(dir)
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
      world.open.push({ [Symbol.asyncDispose]: () => second.stop() })

      expect(second.multiaddrs()[0].split('/p2p/')[1]).to.equal(id)
    })
  })
})
