import { createHash, randomBytes } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { exporter } from 'ipfs-unixfs-exporter'
import { FsBlockstore } from 'blockstore-fs'
import { CID } from 'multiformats/cid'
import { describe, it } from 'mocha'
import {
  BadBlock,
  CidUnreachable,
  ContentDiffers,
  DagTooLarge,
  FetchLinkInvalid,
  PrivateAddress,
} from '../../../oracle/ipfs/errors.ts'
import { parseFetchUrl } from '../../../oracle/ipfs/fetch-link.ts'
import { MAX_BLOCK_BYTES, type UrlLimits } from '../../../oracle/ipfs/limits.ts'
import { importFile, UNIXFS_PROFILES } from '../../../oracle/ipfs/unixfs-profile.ts'
import { AMPLE, blockOf, cborNode, collectAll, failureOf, inlineCid, leaf, serve, tempDir } from './fixtures.ts'
import { linkTo, storedBlocks, useNodes } from './node-world.ts'

const LIMITS: UrlLimits = { maxBytes: 1n << 30n, timeoutMs: 20_000 }
const NEVER = new AbortController().signal

async function rootOf(content: Uint8Array, name: string): Promise<CID> {
  await using dir = await tempDir()
  await writeFile(join(dir.path, 'file'), content)
  const profile = UNIXFS_PROFILES.find((each) => each.name === name)!
  return importFile(join(dir.path, 'file'), profile, (cid: CID) => Promise.resolve(cid), NEVER)
}

async function fileIn(dir: string, root: CID): Promise<Buffer> {
  const entry = await exporter(root, new FsBlockstore(join(dir, 'data', 'blocks')))
  if (entry.type !== 'file' && entry.type !== 'raw') throw new Error(`a file, got ${entry.type}`)
  return Buffer.concat(await collectAll(entry.content()))
}

describe('fetchUrl', () => {
  const world = useNodes()

  describe('when the CID is raw', () => {
    it('takes bytes that hash to it, pins them as one block and gives their size', async () => {
      const { cid, bytes } = await leaf('what the URL serves')
      await using server = await serve((_, response) => response.end(bytes))
      const ipfs = await world.node()

      expect(await ipfs.fetchUrl(cid, server.url, LIMITS)).to.equal(19n)

      expect((await ipfs.fetchDag(cid, { kind: 'none' }, AMPLE)).blocks).to.equal(1)
      expect(await readdir(join(ipfs.dir, 'data', 'pins'))).to.deep.equal([String(cid)])
      expect(await readdir(join(ipfs.dir, 'data', 'scratch'))).to.deep.equal([])
      await ipfs.unpin(cid)
      expect(await storedBlocks(ipfs.dir)).to.equal(0)
    })

    it('takes no bytes as a file of none', async () => {
      const { cid } = await leaf('')
      await using server = await serve((_, response) => response.end())

      expect(await (await world.node()).fetchUrl(cid, server.url, LIMITS)).to.equal(0n)
    })

    it('takes a file larger than any block, and hides it from peers, who could not be sent it', async () => {
      const content = randomBytes(MAX_BLOCK_BYTES + 1)
      const { cid } = await leaf(content)
      await using server = await serve((_, response) => response.end(content))
      const [ipfs, peer] = [await world.node(), await world.node()]

      expect(await ipfs.fetchUrl(cid, server.url, LIMITS)).to.equal(BigInt(content.byteLength))

      const hash = createHash('sha256').update(await fileIn(ipfs.dir, cid))
      expect(hash.digest().equals(cid.multihash.digest)).to.equal(true)
      await failureOf(peer.fetchDag(cid, linkTo(ipfs), { ...AMPLE, timeoutMs: 1_000 }), CidUnreachable)
      await ipfs.unpin(cid)
      expect(await storedBlocks(ipfs.dir)).to.equal(0)
    })

    it('refuses other bytes, names both hashes, and keeps nothing', async () => {
      const { cid } = await leaf('expected')
      await using server = await serve((_, response) => response.end('other'))
      const ipfs = await world.node()

      const error = await failureOf(ipfs.fetchUrl(cid, server.url, LIMITS), ContentDiffers)

      const other = createHash('sha256').update('other').digest('hex')
      expect(error.message).to.equal(
        `${server.url}: its bytes hash to ${other}, ${cid} is ${Buffer.from(cid.multihash.digest).toString('hex')}`,
      )
      expect(error.reason).to.equal('BadContent')
      expect(await storedBlocks(ipfs.dir)).to.equal(0)
    })
  })

  describe('when the CID is a UnixFS file', () => {
    const content = randomBytes(3 * 1024 * 1024 + 7)

    for (const { name, cidVersion } of UNIXFS_PROFILES) {
      it(`takes its bytes where ${name} made it, and keeps every block of it`, async () => {
        const cid = await rootOf(content, name)
        expect(cid.version).to.equal(cidVersion)
        await using server = await serve((_, response) => response.end(content))
        const ipfs = await world.node()

        expect(await ipfs.fetchUrl(cid, server.url, LIMITS)).to.equal(BigInt(content.byteLength))

        expect(content.equals(await fileIn(ipfs.dir, cid))).to.equal(true)
        const { blocks } = await ipfs.fetchDag(cid, { kind: 'none' }, AMPLE)
        expect(await storedBlocks(ipfs.dir)).to.equal(blocks)
        await ipfs.unpin(cid)
        expect(await storedBlocks(ipfs.dir)).to.equal(0)
      })
    }

    it('takes a CIDv1 written for what was made as v0', async () => {
      const v0 = await rootOf(content, 'unixfs-v0-2015')
      await using server = await serve((_, response) => response.end(content))

      expect(await (await world.node()).fetchUrl(v0.toV1(), server.url, LIMITS)).to.equal(BigInt(content.byteLength))
    })

    it('refuses bytes whose own hash it has: a file of one raw leaf is another CID', async () => {
      const { cid: leafCid, bytes } = await leaf('one leaf')
      await using server = await serve((_, response) => response.end(bytes))

      await failureOf(
        (await world.node()).fetchUrl(CID.createV1(0x70, leafCid.multihash), server.url, LIMITS),
        ContentDiffers,
      )
    })

    it('refuses bytes that no profile makes it of, and keeps nothing', async () => {
      const cid = await rootOf(content, 'unixfs-v0-2015')
      await using server = await serve((_, response) => response.end(content.subarray(1)))
      const ipfs = await world.node()

      const error = await failureOf(ipfs.fetchUrl(cid, server.url, LIMITS), ContentDiffers)

      expect(error.message).to.contain(`${server.url}: its bytes are not ${cid} in any of the known UnixFS profiles`)
      expect(await storedBlocks(ipfs.dir)).to.equal(0)
      expect(await readdir(join(ipfs.dir, 'data', 'scratch'))).to.deep.equal([])
    })
  })

  it('asks the URL also for what is here already: that it serves it is the answer', async () => {
    const { cid, bytes } = await leaf('once')
    await using server = await serve((_, response) =>
      server.requests.length === 1 ? response.end(bytes) : response.writeHead(404).end(),
    )
    const ipfs = await world.node()
    await ipfs.fetchUrl(cid, server.url, LIMITS)

    const error = await failureOf(ipfs.fetchUrl(cid, server.url, LIMITS), CidUnreachable)

    expect(error.message).to.equal(`${server.url}: status 200, got 404`)
    expect(await storedBlocks(ipfs.dir)).to.equal(1)
  })

  it('refuses more bytes than the limit, said or sent', async () => {
    const { cid, bytes } = await leaf('x'.repeat(1_001))
    const ipfs = await world.node()
    await using says = await serve((_, response) => response.end(bytes))
    await using sends = await serve((_, response) => {
      response.write(bytes.subarray(0, 500))
      response.end(bytes.subarray(500))
    })

    for (const { url } of [says, sends]) {
      const error = await failureOf(ipfs.fetchUrl(cid, url, { ...LIMITS, maxBytes: 1_000n }), DagTooLarge)
      expect(error.message).to.equal(`${url}: at most 1000 bytes, got 1001`)
      expect(error.reason).to.equal('TooLarge')
    }
    expect(await ipfs.fetchUrl(cid, says.url, { ...LIMITS, maxBytes: 1_001n })).to.equal(1_001n)
  })

  it('is retryable when the download breaks off', async () => {
    const { cid, bytes } = await leaf('x'.repeat(1_000))
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': bytes.byteLength })
      response.write(bytes.subarray(0, 500), () => response.destroy())
    })

    const error = await failureOf((await world.node()).fetchUrl(cid, server.url, LIMITS), CidUnreachable)

    expect(error.message).to.contain('the download broke off')
  })

  it('is retryable when a server is silent until the time is up', async () => {
    const { cid } = await leaf('never sent')
    await using server = await serve((_, response) => response.writeHead(200).flushHeaders())

    const error = await failureOf(
      (await world.node()).fetchUrl(cid, server.url, { ...LIMITS, timeoutMs: 200 }),
      CidUnreachable,
    )

    expect(error.message).to.equal(`${server.url}: not all of it came within 200 ms`)
  })

  it('refuses a private address, asked for or redirected to', async () => {
    const { cid, bytes } = await leaf('private')
    await using server = await serve((_, response) => response.end(bytes))
    const ipfs = await world.node({ allowPrivate: false })

    await failureOf(ipfs.fetchUrl(cid, server.url, LIMITS), PrivateAddress)
    await failureOf(ipfs.fetchUrl(cid, new URL(`http://localhost:${server.port}/`), LIMITS), PrivateAddress)
    expect(server.requests).to.have.lengthOf(0)
  })

  it('refuses CIDs that no file can be checked against, before it asks anybody', async () => {
    await using server = await serve((_, response) => response.end('x'))
    const ipfs = await world.node()
    const sha1 = CID.createV1(0x55, { ...(await leaf('x')).cid.multihash, code: 0x11 })

    for (const [cid, what] of [
      [(await cborNode({ a: 1 })).cid, /codec 0x71, expected raw or dag-pb/],
      [(await blockOf(0x0129, Buffer.from('{}'))).cid, /codec 0x129, expected raw or dag-pb/],
      [inlineCid('x'), /hash 0x0 of 1 bytes, expected sha2-256 of 32/],
      [sha1, /hash 0x11 of 32 bytes, expected sha2-256 of 32/],
    ] as const) {
      expect((await failureOf(ipfs.fetchUrl(cid, server.url, LIMITS), BadBlock)).message).to.match(what)
    }
    expect(server.requests).to.have.lengthOf(0)
  })
})

describe('parseFetchUrl', () => {
  it('reads an http(s) URL to the letter', () => {
    const url = parseFetchUrl(Buffer.from('https://example.org/a/b.bin?x=1'))

    expect(url.href).to.equal('https://example.org/a/b.bin?x=1')
  })

  for (const [what, bytes, words] of [
    ['nothing', Buffer.alloc(0), 'a URL of 1 to 1024 bytes, got 0'],
    ['1,025 bytes', Buffer.from(`http://e.org/${'x'.repeat(1_012)}`), 'a URL of 1 to 1024 bytes, got 1025'],
    ['another scheme', Buffer.from('ftp://e.org/a'), 'an http(s) URL, got "ftp://e.org/a"'],
    ['a multiaddr', Buffer.from('/ip4/1.2.3.4/tcp/80'), 'an http(s) URL, got "/ip4/1.2.3.4/tcp/80"'],
    ['what is no URL', Buffer.from('http://'), 'an http(s) URL, got "http://"'],
    ['a password', Buffer.from('https://me:secret@e.org/'), 'a URL without user and password'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe]), 'UTF-8 text'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseFetchUrl(bytes))
        .to.throw(FetchLinkInvalid, words)
        .with.property('reason', 'BadContent')
    })
  }
})
