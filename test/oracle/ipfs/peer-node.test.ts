import { readdir } from 'node:fs/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { FsBlockstore } from 'blockstore-fs'
import { expect } from 'chai'
import { afterEach, describe, it } from 'mocha'
import type { CID } from 'multiformats/cid'
import { collect } from '../../../oracle/ipfs/collect.ts'
import { MAX_BLOCK_BYTES } from '../../../oracle/ipfs/limits.ts'
import { startPeerNode } from '../../../oracle/ipfs/peer-node.ts'
import type { PeerNode } from '../../../oracle/ipfs/peer-node.ts'
import { createAddressGuard } from '../../../oracle/ipfs/private-address.ts'
import type { AddressGuard } from '../../../oracle/ipfs/private-address.ts'
import { failureOf, leaf, tempDir } from './fixtures.ts'

describe('startPeerNode', () => {
  const open: AsyncDisposable[] = []

  afterEach(async () => {
    for (const world of open.splice(0)) await world[Symbol.asyncDispose]()
  })

  async function peer(guard: AddressGuard): Promise<PeerNode & { dir: string }> {
    const dir = await tempDir()
    const privateKey = await generateKeyPair('Ed25519')
    const listen = ['/ip4/127.0.0.1/tcp/0']
    const node = await startPeerNode({ blocksDir: dir.path, privateKey, listen, routing: 'off', guard })
    open.push({
      [Symbol.asyncDispose]: async () => {
        await node.stop()
        await dir[Symbol.asyncDispose]()
      },
    })
    return Object.assign(node, { dir: dir.path })
  }

  const anywhere = createAddressGuard({ allowPrivate: true })
  const addressOf = (node: PeerNode) => node.libp2p.getMultiaddrs()[0]

  context('where private addresses are refused', () => {
    it('dials none, whoever told of it', async () => {
      const target = await peer(anywhere)
      const strict = await peer(createAddressGuard({ allowPrivate: false }))

      expect(await failureOf(strict.libp2p.dial(addressOf(target)), Error)).to.have.property('name', 'DialDeniedError')

      await strict.libp2p.peerStore.merge(target.libp2p.peerId, { multiaddrs: [addressOf(target)] })
      await failureOf(strict.libp2p.dial(target.libp2p.peerId), Error)
      expect(target.libp2p.getConnections()).to.deep.equal([])
    })

    it('connects to no name that resolves to one, and resolves it through the guard alone', async () => {
      const target = await peer(anywhere)
      const resolved: string[] = []
      const guard = createAddressGuard({
        allowPrivate: false,
        resolve: async (name) => {
          resolved.push(name)
          return [{ address: '127.0.0.1', family: 4 }]
        },
      })
      const strict = await peer(guard)
      const byName = multiaddr(addressOf(target).toString().replace('/ip4/127.0.0.1', '/dns4/inside.test'))

      const error = await failureOf(strict.libp2p.dial(byName), Error)

      expect(error.message).to.contain('inside.test: a public address, got 127.0.0.1')
      expect(resolved).to.deep.equal(['inside.test'])
      expect(target.libp2p.getConnections()).to.deep.equal([])
    })
  })

  it('stores nothing by itself: who fetches decides what is kept', async () => {
    const node = await peer(anywhere)
    const { cid, bytes } = await leaf('content')

    await node.blockstore.put(cid, bytes)

    expect(await readdir(node.dir)).to.deep.equal([])
  })

  it('serves no block that is too large to be sent: it says that it is not here', async () => {
    const node = await peer(anywhere)
    const [small, large] = [await leaf(Buffer.alloc(MAX_BLOCK_BYTES)), await leaf(Buffer.alloc(MAX_BLOCK_BYTES + 1))]
    const blocks = new FsBlockstore(node.dir)
    for (const { cid, bytes } of [small, large]) await blocks.put(cid, bytes)
    const read = (cid: CID) => collect(node.blockstore.get(cid, { offline: true }))

    expect((await read(small.cid)).byteLength).to.equal(MAX_BLOCK_BYTES)
    expect(await failureOf(read(large.cid), Error)).to.have.property('name', 'NotFoundError')
  })

  it('looks for no peers', async () => {
    const node = await peer(anywhere)

    expect(Object.keys(node.libp2p.services)).to.deep.equal(['identify'])
  })
})
