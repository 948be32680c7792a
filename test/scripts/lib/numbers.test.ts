import { expect } from 'chai'
import { describe, it } from 'mocha'
import { bytesWords, parseBytes, parseDays, parseMiner, parseWhole, parseYears } from '../../../scripts/lib/numbers.ts'

describe('parseWhole', () => {
  it('takes what lies between its bounds, both included', () => {
    expect(['1', '16'].map((text) => parseWhole('--replicas', text, 1n, 16n))).to.deep.equal([1n, 16n])
  })

  for (const text of ['', '0', '17', '-1', '1.5', '0x1', '1'.repeat(30)]) {
    it(`refuses '${text}' by the option's name and bounds`, () => {
      expect(() => parseWhole('--replicas', text, 1n, 16n)).to.throw(
        `--replicas expects a whole number from 1 to 16, got '${text}'`,
      )
    })
  }
})

describe('parseBytes', () => {
  it('takes bytes, and units of 1,024', () => {
    expect(['128', '128 B', '512MiB', '32 GiB', '1TiB'].map((text) => parseBytes('--max-size', text))).to.deep.equal([
      ...[128n, 128n, 512n << 20n, 32n << 30n, 1n << 40n],
    ])
  })

  for (const text of ['', 'GiB', '1.5GiB', '1GB', '-1', '1 gib']) {
    it(`refuses '${text}'`, () => {
      expect(() => parseBytes('--max-size', text)).to.throw(`--max-size expects a size in bytes, or as 512MiB or 32GiB`)
    })
  }

  it('is undone by bytesWords, in the largest whole unit', () => {
    expect([0n, 127n, 1024n, 1536n, 32n << 30n].map(bytesWords)).to.deep.equal([
      ...['0 B', '127 B', '1 KiB', '1536 B', '32 GiB'],
    ])
  })
})

describe('parseYears and parseDays', () => {
  it('give epochs of 30 seconds', () => {
    expect(parseYears('--years', '5')).to.equal(5_256_000n)
    expect(parseYears('--years', '1.5')).to.equal(1_576_800n)
    expect(parseDays('--term', '180')).to.equal(518_400n)
  })

  for (const text of ['', 'five', '-1', '1.', '1,5', '1e3']) {
    it(`refuse '${text}'`, () => {
      expect(() => parseYears('--years', text)).to.throw(
        `--years expects a number of years, as 5 or 1.5, got '${text}'`,
      )
    })
  }
})

describe('parseMiner', () => {
  it('takes the id with its prefix of either network, or bare', () => {
    expect(['f01000', 't01000', '1000'].map((text) => parseMiner('--provider', text))).to.deep.equal([
      ...[1000n, 1000n, 1000n],
    ])
  })

  for (const text of ['', '0', 'f1abc', 'f00', 'f0', '01000', '0xff00000000000000000000000000000000000064']) {
    it(`refuses '${text}'`, () => {
      expect(() => parseMiner('--provider', text)).to.throw(`--provider expects a storage provider's id, as f01000`)
    })
  }
})
