import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { base32upper } from 'multiformats/bases/base32'
import { base64url } from 'multiformats/bases/base64'
import type { CID } from 'multiformats/cid'
import { describe, it } from 'mocha'
import { MAX_BLOCK_BYTES } from '../../../oracle/ipfs/limits.ts'
import { openStore } from '../../../oracle/ipfs/store.ts'
import type { Store } from '../../../oracle/ipfs/store.ts'
import { leaf, pbNode, tempDir } from './fixtures.ts'
import type { TestBlock } from './fixtures.ts'

async function pinAll(store: Store, [root, ...rest]: [TestBlock, ...TestBlock[]]): Promise<CID> {
  return store.pin(async (draft) => {
    for (const { cid, bytes } of [root, ...rest]) {
      await store.keep(cid, bytes)
      await draft.add(cid)
    }
    return root.cid
  })
}

async function blockFile(dir: string, cid: CID): Promise<string> {
  const names = await readdir(join(dir, 'blocks'), { recursive: true })
  const wanted = base32upper.encode(cid.multihash.bytes)
  return join(
    dir,
    'blocks',
    names.find((name) => name.includes(wanted))!,
  )
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 65_536) yield await Promise.resolve(bytes.subarray(at, at + 65_536))
}

describe('openStore', () => {
  it('gives back what it keeps, and undefined for what it has not', async () => {
    await using dir = await tempDir()
    const store = await openStore(dir.path)
    const [kept, other] = [await leaf('kept'), await leaf('other')]

    await store.keep(kept.cid, kept.bytes)

    expect(Buffer.from((await store.read(kept.cid))!).toString()).to.equal('kept')
    expect(await store.read(other.cid)).to.equal(undefined)
  })

  it('removes a block that is spoilt on disk, so that it is fetched again', async () => {
    await using dir = await tempDir()
    const store = await openStore(dir.path)
    const { cid, bytes } = await leaf('content')
    await store.keep(cid, bytes)
    await writeFile(await blockFile(dir.path, cid), 'cont')

    expect(await store.read(cid)).to.equal(undefined)
    await store.keep(cid, bytes)

    expect(Buffer.from((await store.read(cid))!).toString()).to.equal('content')
  })

  it('keeps a file of any size as one block, and does not give out one that is too large for memory', async () => {
    await using dir = await tempDir()
    const store = await openStore(dir.path)
    const [small, large] = [await leaf(Buffer.alloc(MAX_BLOCK_BYTES)), await leaf(Buffer.alloc(MAX_BLOCK_BYTES + 1))]

    for (const { cid, bytes } of [small, large]) await store.keepFile(cid, chunksOf(bytes))

    expect((await store.read(small.cid))!.byteLength).to.equal(MAX_BLOCK_BYTES)
    expect(await store.read(large.cid)).to.equal(undefined)
    expect((await stat(await blockFile(dir.path, large.cid))).size).to.equal(MAX_BLOCK_BYTES + 1)
  })

  it('empties its scratch folder when it opens', async () => {
    await using dir = await tempDir()
    const { scratchDir } = await openStore(dir.path)
    await writeFile(join(scratchDir, 'left.car'), 'half a download')

    await openStore(dir.path)

    expect(await readdir(scratchDir)).to.deep.equal([])
  })

  describe('unpin', () => {
    it('removes the blocks of the root but those that another pin lists', async () => {
      await using dir = await tempDir()
      const store = await openStore(dir.path)
      const [own, shared] = [await leaf('own'), await leaf('shared')]
      const [one, two] = [await pbNode([own.cid, shared.cid]), await pbNode([shared.cid])]
      await pinAll(store, [one, own, shared])
      await pinAll(store, [two, shared])

      await store.unpin(one.cid)

      expect(await Promise.all([one, own].map(({ cid }) => store.read(cid)))).to.deep.equal([undefined, undefined])
      expect(await store.read(shared.cid)).not.to.equal(undefined)

      await store.unpin(two.cid)

      expect(await Promise.all([two, shared].map(({ cid }) => store.read(cid)))).to.deep.equal([undefined, undefined])
    })

    it('works after a restart, and twice', async () => {
      await using dir = await tempDir()
      const { cid, bytes } = await leaf('content')
      await pinAll(await openStore(dir.path), [{ cid, bytes }])

      const store = await openStore(dir.path)
      await store.unpin(cid)
      await store.unpin(cid)

      expect(await store.read(cid)).to.equal(undefined)
      expect(await readdir(join(dir.path, 'pins'))).to.deep.equal([])
    })

    it('does nothing when the content is still wanted, which is asked while nothing can be pinned', async () => {
      await using dir = await tempDir()
      const store = await openStore(dir.path)
      const [one, other] = [await leaf('one'), await leaf('other')]
      await pinAll(store, [one])
      let pinning: Promise<unknown> | undefined
      let pinned = false

      await store.unpin(one.cid, async () => {
        pinning = pinAll(store, [other]).then(() => (pinned = true))
        await setImmediate()
        expect(pinned).to.equal(false)
        return true
      })
      await pinning

      expect(await store.read(one.cid)).not.to.equal(undefined)
    })

    for (const restarted of [false, true]) {
      it(`removes what a gathering that failed had brought${restarted ? ', after a restart too' : ''}`, async () => {
        await using dir = await tempDir()
        let store = await openStore(dir.path)
        const [shared, half] = [await leaf('shared'), await leaf('half')]
        const root = await pbNode([shared.cid, half.cid])
        await pinAll(store, [shared])
        for (const blocks of [[root, shared, half], [root]]) {
          const failing = store.pin(async (draft) => {
            for (const { cid, bytes } of blocks) {
              await draft.add(cid)
              await store.keep(cid, bytes)
            }
            throw new Error('cut off')
          }, root.cid)
          await failing.catch(() => undefined)
        }
        if (restarted) store = await openStore(dir.path)

        await store.unpin(root.cid)

        expect(await Promise.all([root, half].map(({ cid }) => store.read(cid)))).to.deep.equal([undefined, undefined])
        expect(await store.read(shared.cid)).not.to.equal(undefined)
        expect(await readdir(join(dir.path, 'drafts'))).to.deep.equal([])
      })
    }

    it('removes what a process had listed that died while it gathered, its last line cut', async () => {
      await using dir = await tempDir()
      const { cid, bytes } = await leaf('content')
      const before = await openStore(dir.path)
      await before.keep(cid, bytes)
      const line = base64url.encode(cid.multihash.bytes)
      await writeFile(join(dir.path, 'drafts', `${cid}.died`), `${line}\n${line.slice(0, 9)}`)

      const store = await openStore(dir.path)
      await store.unpin(cid)

      expect(await store.read(cid)).to.equal(undefined)
      expect(await readdir(join(dir.path, 'drafts'))).to.deep.equal([])
    })

    it('leaves blocks alone whose root was never pinned', async () => {
      await using dir = await tempDir()
      const store = await openStore(dir.path)
      const { cid, bytes } = await leaf('content')
      await store.keep(cid, bytes)

      await store.unpin(cid)

      expect(await store.read(cid)).not.to.equal(undefined)
    })
  })

  describe('pin', () => {
    it('gathers again when a block that it counted on was removed meanwhile', async () => {
      await using dir = await tempDir()
      const store = await openStore(dir.path)
      const [shared, other] = [await leaf('shared'), await leaf('other')]
      const root = await pbNode([shared.cid, other.cid])
      await pinAll(store, [shared])
      let rounds = 0

      await store.pin(async (draft) => {
        rounds++
        for (const { cid, bytes } of [root, shared, other]) {
          await store.keep(cid, bytes)
          await draft.add(cid)
        }
        if (rounds === 1) await store.unpin(shared.cid)
        return root.cid
      })

      expect(rounds).to.equal(2)
      expect(await store.read(shared.cid)).not.to.equal(undefined)
    })

    it('pins nothing when the gathering fails', async () => {
      await using dir = await tempDir()
      const store = await openStore(dir.path)
      const { cid } = await leaf('content')

      const failing = store.pin(async (draft) => {
        await draft.add(cid)
        throw new Error('cut off')
      })

      expect(await failing.catch((error: Error) => error.message)).to.equal('cut off')
      expect(await readdir(join(dir.path, 'pins'))).to.deep.equal([])
      expect(await readdir(join(dir.path, 'scratch'))).to.deep.equal([])
    })
  })
})
