import { readdir, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { BlockMissing, DagTooLarge, PrivateAddress } from '../../../oracle/ipfs/errors.ts'
import type { Ipfs } from '../../../oracle/ipfs/node.ts'
import { AMPLE, failureOf, leaf } from './fixtures.ts'
import { directory, storedBlocks, linkTo, car, gateway, blocksOf, useNodes } from './node-world.ts'

const NONE = { kind: 'none' } as const

describe('createIpfs', () => {
  const world = useNodes()

  describe('limits', () => {
    it('stores no block that is over them', async () => {
      const [seed, fetcher] = [await world.node(), await world.node({ listen: [] })]
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
        const [seed, fetcher] = [await world.node(), await world.node({ listen: [], allowPrivate: false })]
        const { root } = await seed.addPath(await directory(seed.dir, [10]))

        const error = await failureOf(fetcher.fetchDag(root, link(seed), AMPLE), PrivateAddress)

        expect(error.reason).to.equal('BadContent')
      })
    }
  })

  describe('exportCar', () => {
    it('says which block is missing and leaves no file', async () => {
      const ipfs = await world.node()
      const { cid } = await leaf('not here')

      expect((await failureOf(ipfs.exportCar(cid, join(ipfs.dir, 'a.car')), BlockMissing)).message).to.contain(
        String(cid),
      )
      expect((await readdir(ipfs.dir)).filter((name) => name.includes('.car'))).to.deep.equal([])
    })

    it('replaces an older file, and two exports of one file do not mix', async () => {
      const ipfs = await world.node()
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
      const ipfs = await world.node()
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
      const ipfs = await world.node()
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
      const ipfs = await world.node({ routing: 'public', allowPrivate: false })
      const address = ipfs.multiaddrs()[0]

      await ipfs.stop()

      expect(await listening(address)).to.equal(false)
    })
  })
})
