import { expect } from 'chai'
import { connect } from '../../helpers/network.ts'
import { readWith } from '../../helpers/actor-reader.ts'

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const MAX_UINT64 = (1n << 64n) - 1n
const MAX_INT64 = (1n << 63n) - 1n
const CID = '0181e203922020' + 'ab'.repeat(32)

describe('Cbor', () => {
  async function deployed() {
    return ethers.deployContract('CborHarness')
  }

  const reads = (getter: string, data: string, ...values: unknown[]) =>
    it(`${getter} reads ${short(data)} as ${values.map(String).join(', ')}`, async () => {
      const cbor = await loadFixture(deployed)
      const result = await readWith(cbor, getter, [data])
      expect(values.length === 1 ? result : Array.from(result as unknown[])).to.deep.equal(
        values.length === 1 ? values[0] : values,
      )
    })

  const refuses = (getter: string, data: string, error: string, ...args: unknown[]) =>
    it(`${getter} of ${short(data)} reverts with ${error}(${args.map(String).join(', ')})`, async () => {
      const cbor = await loadFixture(deployed)
      await expect(cbor.getFunction(getter).staticCall(data))
        .to.be.revertedWithCustomError(cbor, error)
        .withArgs(...args)
    })

  const short = (data: string) => (data.length > 42 ? `${data.slice(0, 40)}… (${data.length / 2 - 1} bytes)` : data)

  describe('unsigned integers', () => {
    reads('readUint', '0x00', 0n)
    reads('readUint', '0x17', 23n)
    reads('readUint', '0x1818', 24n)
    reads('readUint', '0x18ff', 255n)
    reads('readUint', '0x190100', 256n)
    reads('readUint', '0x19ffff', 65_535n)
    reads('readUint', '0x1a00010000', 65_536n)
    reads('readUint', '0x1affffffff', 4_294_967_295n)
    reads('readUint', '0x1b0000000100000000', 4_294_967_296n)
    reads('readUint', '0x1bffffffffffffffff', MAX_UINT64)

    context('when the data ends early', () => {
      refuses('readUint', '0x', 'CborTruncated', 0, 1, 0)
      refuses('readUint', '0x18', 'CborTruncated', 0, 2, 1)
      refuses('readUint', '0x1901', 'CborTruncated', 0, 3, 2)
      refuses('readUint', '0x1a000100', 'CborTruncated', 0, 5, 4)
      refuses('readUint', '0x1b00000001000000', 'CborTruncated', 0, 9, 8)
    })

    context('when a shorter form would do', () => {
      for (const data of ['0x1817', '0x1900ff', '0x1a0000ffff', '0x1b00000000ffffffff']) {
        refuses('readUint', data, 'CborNotCanonical', 0)
      }
    })

    context('when the head is reserved or of indefinite length', () => {
      for (const data of ['0x1c', '0x1d', '0x1e', '0x1f']) refuses('readUint', data, 'CborNotCanonical', 0)
    })

    context('when another type stands there', () => {
      for (const [major, head] of ['20', '40', '60', '80', 'a0', 'c0', 'f5'].entries()) {
        refuses('readUint', `0x${head}`, 'CborWrongType', 0, 0, major + 1)
      }
    })

    refuses('readUint', '0x0000', 'CborTrailing', 1, 2)
  })

  describe('integers', () => {
    reads('readInt', '0x00', 0n)
    reads('readInt', '0x20', -1n)
    reads('readInt', '0x37', -24n)
    reads('readInt', '0x3818', -25n)
    reads('readInt', '0x3903e7', -1000n)
    reads('readInt', '0x1a000f4240', 1_000_000n)
    reads('readInt', '0x1b7fffffffffffffff', MAX_INT64)
    reads('readInt', '0x3b7fffffffffffffff', -MAX_INT64 - 1n)
    refuses('readInt', '0x1b8000000000000000', 'CborTooLarge', 0, MAX_INT64, MAX_INT64 + 1n)
    refuses('readInt', '0x3b8000000000000000', 'CborTooLarge', 0, MAX_INT64, MAX_INT64 + 1n)
    refuses('readInt', '0x3bffffffffffffffff', 'CborTooLarge', 0, MAX_INT64, MAX_UINT64)
    refuses('readInt', '0x40', 'CborWrongType', 0, 0, 2)
    refuses('readInt', '0x3800', 'CborNotCanonical', 0)
    refuses('readInt', '0x', 'CborTruncated', 0, 1, 0)
    refuses('readInt', '0x39ff', 'CborTruncated', 0, 3, 2)
    refuses('readInt', '0x2020', 'CborTrailing', 1, 2)
  })

  describe('booleans', () => {
    reads('readBool', '0xf4', false)
    reads('readBool', '0xf5', true)
    refuses('readBool', '0xf6', 'CborNotBool', 0, 0xf6)
    refuses('readBool', '0xf7', 'CborNotBool', 0, 0xf7)
    refuses('readBool', '0xf8', 'CborNotBool', 0, 0xf8)
    refuses('readBool', '0x01', 'CborWrongType', 0, 7, 0)
    refuses('readBool', '0x', 'CborTruncated', 0, 1, 0)
    refuses('readBool', '0xf5f5', 'CborTrailing', 1, 2)
  })

  describe('byte strings', () => {
    reads('readBytes', '0x40', '0x')
    reads('readBytes', '0x43010203', '0x010203')
    reads('readBytes', `0x5818${'07'.repeat(24)}`, `0x${'07'.repeat(24)}`)
    reads('readBytes', `0x590100${'a5'.repeat(256)}`, `0x${'a5'.repeat(256)}`)
    refuses('readBytes', '0x430102', 'CborTruncated', 1, 3, 2)
    refuses('readBytes', '0x63616263', 'CborWrongType', 0, 2, 3)
    refuses('readBytes', '0x5f4101ff', 'CborNotCanonical', 0)
    refuses('readBytes', '0x4101ff', 'CborTrailing', 2, 3)

    context('when the length is huge', () => {
      refuses('readBytes', '0x5affffffff', 'CborTruncated', 5, (1n << 32n) - 1n, 0)
      refuses('readBytes', '0x5bffffffffffffffff00', 'CborTruncated', 9, MAX_UINT64, 1)
    })
  })

  describe('text strings', () => {
    reads('readText', '0x60', '0x')
    reads('readText', '0x6568656c6c6f', '0x68656c6c6f')
    refuses('readText', '0x43010203', 'CborWrongType', 0, 3, 2)
    refuses('readText', '0x7bffffffffffffffff', 'CborTruncated', 9, MAX_UINT64, 0)
    refuses('readText', '0x7f6161ff', 'CborNotCanonical', 0)

    reads('isText', '0x60', true)
    reads('isText', '0x40', false)
    refuses('isText', '0x', 'CborTruncated', 0, 1, 0)
  })

  describe('arrays', () => {
    reads('readPair', '0x820102', 1n, 2n)
    refuses('readPair', '0x8101', 'CborWrongLength', 0, 2, 1)
    refuses('readPair', '0x83010203', 'CborWrongLength', 0, 2, 3)
    refuses('readPair', '0x8201', 'CborTruncated', 2, 1, 0)
    refuses('readPair', '0x9f0102ff', 'CborNotCanonical', 0)
    refuses('readPair', '0xa10102', 'CborWrongType', 0, 4, 5)

    reads('readUints', '0x80', [])
    reads('readUints', '0x83000102', [0n, 1n, 2n])
    refuses('readUints', '0x83010240', 'CborWrongType', 3, 0, 2)

    context('when the length is huge', () => {
      refuses('readUints', '0x9bffffffffffffffff', 'CborTruncated', 9, MAX_UINT64, 0)
      refuses('readUints', '0x9affffffff0000', 'CborTruncated', 5, (1n << 32n) - 1n, 2)
    })
  })

  describe('null', () => {
    reads('readOptional', '0xf6', false, 0n)
    reads('readOptional', '0x05', true, 5n)
    refuses('readOptional', '0xf7', 'CborWrongType', 0, 0, 7)
    refuses('readOptional', '0x', 'CborTruncated', 0, 1, 0)
    refuses('readOptional', '0xf600', 'CborTrailing', 1, 2)
  })

  describe('links', () => {
    reads('readCid', `0xd82a582800${CID}`, `0x${CID}`)
    reads('readCid', '0xd82a4100', '0x')
    refuses('readCid', `0xd82a5827${CID}`, 'CborNotCid', 4)
    refuses('readCid', '0xd82a40', 'CborNotCid', 3)
    refuses('readCid', '0xd82b4100', 'CborWrongTag', 0, 42, 43)
    refuses('readCid', '0xc24100', 'CborWrongTag', 0, 42, 2)
    refuses('readCid', `0x582800${CID}`, 'CborWrongType', 0, 6, 2)
    refuses('readCid', '0xd82a6100', 'CborWrongType', 2, 2, 3)
    refuses('readCid', '0xd82a', 'CborTruncated', 2, 1, 0)
    refuses('readCid', '0xd82a420001ff', 'CborTrailing', 5, 6)
    refuses('readCid', '0xd82a5bffffffffffffffff00', 'CborTruncated', 11, MAX_UINT64, 1)
  })

  describe('big integers', () => {
    const max = 'ff'.repeat(32)

    reads('readBigInt', '0x40', false, 0n)
    reads('readBigInt', '0x420001', false, 1n)
    reads('readBigInt', '0x420101', true, 1n)
    reads('readBigInt', '0x4a003635c9adc5dea00000', false, 10n ** 21n)
    reads('readBigInt', `0x582100${max}`, false, (1n << 256n) - 1n)
    reads('readBigInt', `0x582101${max}`, true, (1n << 256n) - 1n)
    refuses('readBigInt', `0x58220001${max}`, 'CborTooLarge', 0, 33, 34)
    refuses('readBigInt', '0x420201', 'CborNotCanonical', 0)
    refuses('readBigInt', '0x4100', 'CborNotCanonical', 0)
    refuses('readBigInt', '0x4101', 'CborNotCanonical', 0)
    refuses('readBigInt', '0x43000001', 'CborNotCanonical', 0)
    refuses('readBigInt', '0x05', 'CborWrongType', 0, 2, 0)
    refuses('readBigInt', '0x490007', 'CborTruncated', 1, 9, 2)
    refuses('readBigInt', '0x42000100', 'CborTrailing', 3, 4)
    refuses('readBigInt', '0x5bffffffffffffffff00', 'CborTruncated', 9, MAX_UINT64, 1)

    reads('readBigUint', '0x490007' + '31ba0dab900000', 518_400_000_000_000_000n)
    refuses('readBigUint', '0x420101', 'CborNegative', 0)
  })

  describe('encoding', () => {
    for (const [value, data] of [
      [0n, '00'],
      [23n, '17'],
      [24n, '1818'],
      [255n, '18ff'],
      [256n, '190100'],
      [65_535n, '19ffff'],
      [65_536n, '1a00010000'],
      [4_294_967_295n, '1affffffff'],
      [4_294_967_296n, '1b0000000100000000'],
      [MAX_UINT64, '1bffffffffffffffff'],
    ] as const) {
      it(`writes ${value} in the shortest form`, async () => {
        const cbor = await loadFixture(deployed)
        expect(await cbor.encodeUint(value)).to.equal(`0x${data}`)
      })
    }

    it('writes byte strings', async () => {
      const cbor = await loadFixture(deployed)
      expect(await cbor.encodeBytes('0x')).to.equal('0x40')
      expect(await cbor.encodeBytes('0x00d10f')).to.equal('0x4300d10f')
      expect(await cbor.encodeBytes(`0x${'11'.repeat(300)}`)).to.equal(`0x59012c${'11'.repeat(300)}`)
    })

    it('writes heads of arrays', async () => {
      const cbor = await loadFixture(deployed)
      expect(await cbor.encodeArray(3n)).to.equal('0x83')
      expect(await cbor.encodeArray(24n)).to.equal('0x9818')
    })
  })
})
