import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { once } from 'node:events'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { serve, tempDir } from './fixtures.ts'

const FILE_MIB = 256
const LIMIT_MIB = 400

interface Facts {
  peakMiB: number
  root: string
  link: string
  carBytes: string
  sizeBytes: string
}

describe(`createIpfs with a file of ${FILE_MIB} MiB`, () => {
  const start = (dir: string, verb: string, ...args: string[]) =>
    fork(join(import.meta.dirname, 'memory.child.ts'), [dir, verb, ...args])

  async function facts(child: ChildProcess): Promise<Facts> {
    const [first] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [Facts | number]
    if (typeof first !== 'object') throw new Error(`the child ended with ${first} before it answered`)
    return first
  }

  async function randomFile(path: string): Promise<void> {
    await using file = await open(path, 'w')
    for (let mib = 0; mib < FILE_MIB; mib++) await file.write(randomBytes(1024 * 1024))
  }

  it(`imports, serves, fetches over bitswap, exports and fetches the CAR over HTTP, each process under ${LIMIT_MIB} MiB`, async function () {
    this.timeout(240_000)
    await using dir = await tempDir()
    await randomFile(join(dir.path, 'file'))

    const seed = start(dir.path, 'import', join(dir.path, 'file'))
    const imported = await facts(seed)
    const fetched = await facts(start(dir.path, 'fetch', imported.root, imported.link))
    seed.send('stop')
    const served = await facts(seed)

    const car = join(dir.path, 'fetch.car')
    await using server = await serve((_, response) => createReadStream(car).pipe(response))
    const downloaded = await facts(start(dir.path, 'download', imported.root, `${server.url}a.car`))

    expect(BigInt(fetched.carBytes)).to.equal(BigInt((await stat(car)).size))
    expect(downloaded.carBytes).to.equal(fetched.carBytes)
    const peaks = { served: served.peakMiB, fetched: fetched.peakMiB, downloaded: downloaded.peakMiB }
    for (const [what, peakMiB] of Object.entries(peaks)) expect(peakMiB, what).to.be.lessThan(LIMIT_MIB)
  })

  it(`fetches it from a URL, as one block and as a UnixFS file, under ${LIMIT_MIB} MiB`, async function () {
    this.timeout(240_000)
    await using dir = await tempDir()
    const file = join(dir.path, 'file')
    await randomFile(file)
    await using server = await serve((_, response) => createReadStream(file).pipe(response))
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
    const block = CID.createV1(0x55, createDigest(0x12, hash.digest()))
    const seed = start(dir.path, 'import', file)
    const { root } = await facts(seed)
    seed.send('stop')

    for (const cid of [String(block), root]) {
      const { sizeBytes, peakMiB } = await facts(start(dir.path, 'url', cid, String(server.url)))
      expect(sizeBytes).to.equal(String(FILE_MIB * 1024 * 1024))
      expect(peakMiB, cid).to.be.lessThan(LIMIT_MIB)
    }
  })

  it('lets the process end by itself soon after it stopped', async function () {
    this.timeout(30_000)
    await using dir = await tempDir()
    const seed = start(dir.path, 'import', import.meta.filename)
    await facts(seed)
    const exit = once(seed, 'exit')

    const stoppedAt = performance.now()
    seed.send('stop')

    expect(await exit).to.deep.equal([0, null])
    expect(performance.now() - stoppedAt).to.be.lessThan(5_000)
  })
})
