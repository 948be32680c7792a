import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { BadBlock } from '../../../../oracle/ipfs/errors.ts'
import { indexCar } from '../../../../oracle/ipfs/source/car-index.ts'
import { carOf, failureOf, leaf, tempDir } from '../fixtures.ts'

describe('indexCar', () => {
  it('regression: a CAR of one small block a million times does not outlast the time of its fetch', async () => {
    await using dir = await tempDir()
    const block = await leaf('x')
    const [header, one] = [carOf([block.cid], []), carOf([block.cid], [block])]
    const section = Buffer.from(one.subarray(header.byteLength))
    const path = join(dir.path, 'a.car')
    await writeFile(path, Buffer.concat([header, Buffer.alloc(section.byteLength * 1_000_000, section)]))
    await using file = await open(path)
    const from = performance.now()

    const error = await failureOf(indexCar(file, 10, AbortSignal.timeout(100)), Error)

    expect(error.name).to.equal('TimeoutError')
    expect(performance.now() - from).to.be.lessThan(2_000)
  })

  it('refuses a CARv2 whose CARv1 lies outside the file', async () => {
    await using dir = await tempDir()
    const path = join(dir.path, 'a.car')
    const header = Buffer.alloc(40)
    header.writeBigUInt64LE(2n ** 63n, 16)
    await writeFile(path, Buffer.concat([Buffer.from('0aa16776657273696f6e02', 'hex'), header]))
    await using file = await open(path)

    const error = await failureOf(indexCar(file, 10, AbortSignal.timeout(1_000)), BadBlock)

    expect(error.message).to.contain('a CARv1 inside a CARv2 of 51 bytes')
  })
})
