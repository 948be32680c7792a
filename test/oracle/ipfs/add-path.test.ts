import { execFileSync } from 'node:child_process'
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exporter, recursive } from 'ipfs-unixfs-exporter'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { addPath } from '../../../oracle/ipfs/add-path.ts'
import { PathRefused } from '../../../oracle/ipfs/errors.ts'
import { openStore } from '../../../oracle/ipfs/store.ts'
import { collectAll, failureOf, tempDir } from './fixtures.ts'

const NEVER = new AbortController().signal

async function world() {
  const dir = await tempDir()
  const input = join(dir.path, 'input')
  await mkdir(input)
  const store = await openStore(join(dir.path, 'data'))
  const add = (path: string, onProgress = (_: { files: number; bytes: bigint }) => {}) =>
    addPath(store, path, onProgress, NEVER)
  return { input, store, add, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() }
}

async function fill(dir: string): Promise<void> {
  await mkdir(join(dir, 'sub', '.hidden'), { recursive: true })
  await mkdir(join(dir, 'empty'))
  await writeFile(join(dir, 'a.txt'), 'hello\n')
  await writeFile(join(dir, '.dotfile'), 'dot')
  await writeFile(join(dir, 'sub', '.hidden', 'deep'), 'deep')
  await writeFile(join(dir, 'sub', 'zero'), '')
}

describe('addPath', () => {
  it('gives a file the CID of its raw bytes', async () => {
    await using w = await world()
    await writeFile(join(w.input, 'a.txt'), 'hello\n')

    const { root, bytes } = await w.add(join(w.input, 'a.txt'))

    // the published CID of "hello\n": ipfs add --cid-version=1
    expect(String(root)).to.equal('bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am')
    expect(bytes).to.equal(6n)
  })

  it('imports everything under a directory, dotfiles and empty folders included, without its own name', async () => {
    await using w = await world()
    await fill(w.input)

    const { root, bytes } = await w.add(w.input)

    const entries = await collectAll(recursive(root, w.store.blocks))
    expect(entries.map(({ path }) => path.replace(String(root), '.'))).to.have.members([
      '.',
      './.dotfile',
      './a.txt',
      './empty',
      './sub',
      './sub/.hidden',
      './sub/.hidden/deep',
      './sub/zero',
    ])
    expect(bytes).to.equal(13n)
  })

  it('gives the same content the same CID wherever and whenever it lies', async () => {
    await using one = await world()
    await using two = await world()
    await fill(one.input)
    await fill(two.input)
    await utimes(join(two.input, 'a.txt'), 1, 1)

    expect(String((await one.add(one.input)).root)).to.equal(String((await two.add(two.input)).root))
  })

  it('cuts a large file into raw leaves of 1 MiB, and tells how far it is', async () => {
    await using w = await world()
    const content = Buffer.alloc(2_500_000, (Math.random() * 256) | 0)
    content.writeUInt32LE(7, 1_500_000)
    await writeFile(join(w.input, 'big'), content)
    const progress: { files: number; bytes: bigint }[] = []

    const { root } = await w.add(join(w.input, 'big'), (step) => progress.push(step))

    const file = await exporter(root, w.store.blocks)
    if (file.type !== 'file') throw new Error(`a file, got ${file.type}`)
    expect(Buffer.concat(await collectAll(file.content())).equals(content)).to.equal(true)
    expect(file.unixfs.blockSizes).to.deep.equal([1_048_576n, 1_048_576n, 402_848n])
    expect(progress.at(-1)).to.deep.equal({ files: 1, bytes: 2_500_000n })
    expect(progress.length).to.be.greaterThan(3)
  })

  it('shards a directory that would make too large a block', async () => {
    await using w = await world()
    await Promise.all(
      Array.from({ length: 1_300 }, (_, i) =>
        writeFile(join(w.input, `a-file-with-a-long-name-${i}-${'x'.repeat(200)}`), ''),
      ),
    )

    const { root } = await w.add(w.input)

    const entry = await exporter(root, w.store.blocks)
    expect(entry).to.have.nested.property('unixfs.type', 'hamt-sharded-directory')
    expect(await collectAll(recursive(root, w.store.blocks))).to.have.lengthOf.at.least(1_301)
  }).timeout(20_000)

  it('imports an empty directory', async () => {
    await using w = await world()

    // the published CID of the empty UnixFS directory, as version 1
    expect(String((await w.add(w.input)).root)).to.equal('bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354')
  })

  it('refuses a symbolic link and names it', async () => {
    await using w = await world()
    await fill(w.input)
    await symlink('/etc/passwd', join(w.input, 'sub', 'link'))

    const error = await failureOf(w.add(w.input), PathRefused)

    expect(error.message).to.equal(`${join(w.input, 'sub', 'link')}: a symbolic link`)
    expect(error.hint).to.contain('copy what it points to')
  })

  it('refuses a pipe', async () => {
    await using w = await world()
    execFileSync('mkfifo', [join(w.input, 'pipe')])

    expect((await failureOf(w.add(w.input), PathRefused)).message).to.contain('a device, a pipe or a socket')
  })

  it('refuses names that UnixFS paths cannot carry', async () => {
    await using w = await world()
    await writeFile(join(w.input, 'back\\slash'), '')

    expect((await failureOf(w.add(w.input), PathRefused)).message).to.contain('has a backslash')

    await using v = await world()
    await writeFile(Buffer.concat([Buffer.from(`${v.input}/`), Buffer.of(0xff)]), '')

    expect((await failureOf(v.add(v.input), PathRefused)).message).to.contain('not UTF-8')
  })

  it('says which path does not exist', async () => {
    await using w = await world()

    expect((await failureOf(w.add(join(w.input, 'nothing')), Error)).message).to.contain(
      `ENOENT: no such file or directory`,
    )
  })
})
