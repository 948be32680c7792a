import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { CID } from 'multiformats/cid'
import { describe, it } from 'mocha'
import { BadBlock, DagTooLarge } from '../../../../oracle/ipfs/errors.ts'
import { indexCar } from '../../../../oracle/ipfs/source/car-index.ts'
import { carOf, failureOf, leaf, pbNode, tempDir } from '../fixtures.ts'

async function index<T>(
  car: Uint8Array,
  use: (index: Awaited<ReturnType<typeof indexCar>>) => Promise<T>,
  maxBlocks = 100,
) {
  await using dir = await tempDir()
  const file = join(dir.path, 'a.car')
  await writeFile(file, car)
  await using handle = await open(file)
  return await use(await indexCar(handle, maxBlocks))
}

/** CARv2: pragma, characteristics, data offset and size, index offset; then padding, the CARv1, an index. */
function version2(payload: Uint8Array): Uint8Array {
  const pragma = Buffer.from('0aa16776657273696f6e02', 'hex')
  const header = Buffer.alloc(40)
  header.writeBigUInt64LE(64n, 16)
  header.writeBigUInt64LE(BigInt(payload.byteLength), 24)
  return Buffer.concat([pragma, header, Buffer.alloc(64 - 51), payload, Buffer.from('an index that is no section')])
}

describe('indexCar', () => {
  it('finds blocks in any order, under either CID version', async () => {
    const [a, b] = [await leaf('a'), await leaf('b')]
    const root = await pbNode([a.cid, b.cid])
    const version0 = CID.createV0(root.cid.multihash as Parameters<typeof CID.createV0>[0])

    await index(carOf([root.cid], [b, a, root, a]), async (car) => {
      expect(car.size).to.equal(3)
      expect(Buffer.from((await car.read(a.cid))!).toString()).to.equal('a')
      expect(await car.read(version0)).to.deep.equal(Buffer.from(root.bytes))
      expect(await car.read((await leaf('c')).cid)).to.equal(undefined)
    })
  })

  it('reads the CARv1 inside a CARv2', async () => {
    const a = await leaf('a')

    await index(version2(carOf([a.cid], [a])), async (car) => {
      expect(car.size).to.equal(1)
      expect(await car.read(a.cid)).to.deep.equal(Buffer.from('a'))
    })
  })

  it('stops at the zeros that some writers pad with', async () => {
    const a = await leaf('a')

    await index(Buffer.concat([carOf([a.cid], [a]), Buffer.alloc(100)]), async (car) => expect(car.size).to.equal(1))
  })

  it('gives the whole blocks of a CAR that was cut off, wherever it was', async () => {
    const [a, b] = [await leaf('a'.repeat(200)), await leaf('b'.repeat(200))]
    const car = carOf([a.cid], [a, b])
    const first = carOf([a.cid], [a]).byteLength

    for (let length = first; length < car.byteLength; length++) {
      await index(car.subarray(0, length), async (cut) => expect(cut.size, `${length} bytes`).to.equal(1))
    }
  })

  it('refuses more blocks than it may hold the places of', async () => {
    const blocks = await Promise.all(Array.from({ length: 4 }, (_, i) => leaf(`${i}`)))

    await index(carOf([blocks[0].cid], blocks), async (car) => expect(car.size).to.equal(4), 4)
    await failureOf(
      index(carOf([blocks[0].cid], blocks), async () => {}, 3),
      DagTooLarge,
    )
  })

  it('does not read a block over 4 MiB', async () => {
    const huge = await leaf(new Uint8Array(4 * 1024 * 1024 + 1))

    await index(carOf([huge.cid], [huge]), (car) => failureOf(car.read(huge.cid), DagTooLarge))
  })

  for (const [title, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['a web page', Buffer.from('<!doctype html><html><body>Sign in</body></html>'.repeat(10))],
    ['a header that says it has 2 GiB', Buffer.from('8080808008a1', 'hex')],
    ['another version', Buffer.from('0aa16776657273696f6e03', 'hex')],
    ['the beginning of a CARv2 alone', Buffer.from('0aa16776657273696f6e0200', 'hex')],
  ] as const) {
    it(`refuses ${title}`, async () => {
      expect(
        await failureOf(
          index(bytes, async () => {}),
          BadBlock,
        ),
      ).to.have.property('reason', 'BadContent')
    })
  }

  it('refuses a section that is no block', async () => {
    const a = await leaf('a')
    const garbage = Buffer.concat([carOf([a.cid], [a]), Buffer.of(100), Buffer.alloc(100, 0xff)])

    await failureOf(
      index(garbage, async () => {}),
      BadBlock,
    )
  })
})
