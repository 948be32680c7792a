import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CarReader, CarWriter } from '@ipld/car'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import * as raw from 'multiformats/codecs/raw'
import { CID } from 'multiformats/cid'
import { identity } from 'multiformats/hashes/identity'
import { sha256, sha512 } from 'multiformats/hashes/sha2'
import { CarInvalid, carSize, readCar, writeCar } from '../../../oracle/proofs/car.ts'
import type { CarBlock } from '../../../oracle/proofs/car.ts'

describe('CAR files', () => {
  let dir: string
  let blocks: CarBlock[]
  let root: CID

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'car-'))
    blocks = await Promise.all([0, 1, 127, 128, 70_000, 1 << 20].map((n) => block(new Uint8Array(n).fill(n))))
    root = blocks.at(-1)!.cid
  })
  after(() => rm(dir, { recursive: true }))

  it('are written as the CAR library writes them, and their size is known beforehand', async () => {
    const file = join(dir, 'a.car')
    const size = await writeCar(root, blocks, file)

    const bytes = await readFile(file)
    expect(bytes.equals(await libraryCar(root, blocks))).to.equal(true)
    expect(size).to.equal(BigInt(bytes.length))
    expect(
      carSize(
        root,
        blocks.map(({ cid, bytes: { length } }) => ({ cid, length })),
      ),
    ).to.equal(size)
    expect((await (await CarReader.fromBytes(bytes)).getRoots()).map(String)).to.deep.equal([String(root)])
  })

  it('are read back block by block with their places, however the stream is cut', async () => {
    const file = join(dir, 'b.car')
    await writeCar(root, blocks, file)
    const bytes = await readFile(file)
    for (const highWaterMark of [1000, 65_536]) {
      const car = await readCar(createReadStream(file, { highWaterMark }))
      expect(car.roots.map(String)).to.deep.equal([String(root)])
      const read = await collect(car.blocks)
      expect(read.map(({ cid }) => String(cid))).to.deep.equal(blocks.map(({ cid }) => String(cid)))
      for (const { bytes: own, offset } of read) {
        expect(bytes.subarray(offset, offset + own.length).equals(own)).to.equal(true)
      }
    }
  })

  it('let go of their source when reading ends early or fails', async () => {
    const bytes = await libraryCar(root, blocks)
    const spoilt = [Buffer.from('02ffff', 'hex'), bytes.subarray(0, -1)]
    for (const content of [bytes, ...spoilt]) {
      let closed = false
      const source = (async function* () {
        try {
          yield content
          yield new Uint8Array(0)
        } finally {
          closed = true
        }
      })()
      await readCar(source)
        .then(async (car) => {
          for await (const { offset } of car.blocks) if (content === bytes && offset > 0) break
        })
        .catch((error: unknown) => expect(error).to.be.instanceOf(CarInvalid))
      expect(closed).to.equal(true)
    }
  })

  it('leave nothing behind under their name when writing fails', async () => {
    const file = join(dir, 'c.car')
    const failing = (async function* () {
      yield blocks[0]
      throw new Error('the source died')
    })()
    expect(await writeCar(root, failing, file).catch((error: Error) => error.message)).to.equal('the source died')
    expect((await readdir(dir)).filter((name) => name.startsWith('c.car'))).to.deep.equal([])
  })

  it('may hold identity and SHA-512 blocks and CIDv0', async () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const v0 = CID.createV0(await sha256.digest(bytes))
    const mixed = [
      { cid: CID.createV1(raw.code, identity.digest(bytes)), bytes },
      { cid: CID.createV1(raw.code, await sha512.digest(bytes)), bytes },
      { cid: v0, bytes },
    ]
    const car = await readCar(streamOf(await libraryCar(v0, mixed)))
    expect((await collect(car.blocks)).map(({ cid }) => String(cid))).to.deep.equal(mixed.map(({ cid }) => String(cid)))
  })

  describe('are refused when', () => {
    const cases: [string, (car: Buffer) => Buffer, string][] = [
      ['empty', () => Buffer.alloc(0), 'it is empty'],
      ['the header is cut', (car) => car.subarray(0, 20), 'it ends at byte 20'],
      ['a block is cut', (car) => car.subarray(0, -1), '1 bytes early'],
      ['one bit of a block is flipped', (car) => car.fill(car.at(-1)! ^ 1, car.length - 1), 'is not what'],
      ['the header claims a gigabyte', () => Buffer.from('8080808004', 'hex'), 'a header of 1073741824 bytes'],
      ['the header is not CBOR', () => Buffer.from('02ffff', 'hex'), 'not DAG-CBOR'],
      ['a section claims 9 MiB', (car) => Buffer.concat([car, Buffer.from('8080c004', 'hex')]), 'a section of 9437184'],
      ['a section is empty', (car) => Buffer.concat([car, Buffer.of(0)]), 'a section of 0 bytes'],
      ['a section has no CID', (car) => Buffer.concat([car, Buffer.of(2, 9, 9)]), 'no CID at byte'],
      ['a length never ends', (car) => Buffer.concat([car, Buffer.alloc(9, 0xff)]), 'no varint at byte'],
      ['it is a CARv2', () => Buffer.from('0aa16776657273696f6e02', 'hex'), 'version 2; only CARv1'],
      ['it has no roots', () => Buffer.from('11a265726f6f7473806776657273696f6e01', 'hex'), 'names no root'],
    ]
    for (const [title, spoil, words] of cases) {
      it(title, async () => {
        const spoilt = spoil(Buffer.from(await libraryCar(root, blocks)))
        const error = await readCar(streamOf(spoilt))
          .then(({ blocks: read }) => collect(read))
          .catch((e: unknown) => e)
        expect(error).to.be.instanceOf(CarInvalid)
        expect((error as Error).message).to.contain(words)
      })
    }

    it('a block is named by a hash function nobody here knows', async () => {
      const bytes = Uint8Array.of(1)
      const digest = await sha256.digest(bytes)
      const cid = CID.createV1(raw.code, { ...digest, code: 0x22, bytes: Uint8Array.of(0x22, 0x20, ...digest.digest) })
      const car = await readCar(streamOf(await libraryCar(cid, [{ cid, bytes }])))
      expect(await collect(car.blocks).catch((e: unknown) => e)).to.be.instanceOf(CarInvalid)
    })
  })
})

async function block(bytes: Uint8Array): Promise<CarBlock> {
  return { cid: CID.createV1(raw.code, await sha256.digest(bytes)), bytes }
}

async function libraryCar(root: CID, blocks: CarBlock[]): Promise<Buffer> {
  const { writer, out } = CarWriter.create([root])
  const done = (async () => {
    for (const one of blocks) await writer.put(one)
    await writer.close()
  })()
  const bytes = Buffer.concat(await collect(out))
  await done
  return bytes
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
