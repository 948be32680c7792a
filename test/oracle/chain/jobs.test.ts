import { AbiCoder, getBytes, hexlify } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import {
  PayloadInvalid,
  decodeFetchPayload,
  decodePinPayload,
  decodeStatusPayload,
  decodeStorePayload,
  encodeFetchPayload,
  encodeFetchedAnswer,
  encodePackedAnswer,
  encodePinPayload,
  encodePinnedAnswer,
  encodeStatusAnswer,
  encodeStatusPayload,
  encodeStorePayload,
} from '../../../oracle/chain/jobs.ts'

const cid = getBytes('0x01551220' + 'ab'.repeat(32))
const fetchLink = new TextEncoder().encode('/ip4/127.0.0.1/tcp/4001/p2p/12D3KooW')
const piece = { digest: getBytes('0x' + '11'.repeat(31) + '3f'), size: 2048n }
const hex = (...words: (bigint | string)[]) =>
  getBytes(
    '0x' +
      words
        .map((word) => (typeof word === 'bigint' ? BigInt.asUintN(256, word).toString(16) : word).padStart(64, '0'))
        .join(''),
  )

describe('Edge jobs', () => {
  it('reads back what it wrote', () => {
    const store = { cid, fetchLink, replicas: 3, minTermEpochs: 518_400n, allowExistingDeals: true }

    expect(decodePinPayload(encodePinPayload({ cid, fetchLink }))).to.deep.equal({ cid, fetchLink })
    expect(decodeStorePayload(encodeStorePayload(store))).to.deep.equal(store)
    expect(decodeStorePayload(encodeStorePayload({ ...store, piece }))).to.deep.equal({ ...store, piece })
    expect(decodeFetchPayload(encodeFetchPayload({ url: fetchLink, cid }))).to.deep.equal({ url: fetchLink, cid })
    expect(decodeStatusPayload(encodeStatusPayload({ dealId: 2n ** 64n - 1n }))).to.deep.equal({
      dealId: 2n ** 64n - 1n,
    })
  })

  it('encodes answers as Solidity does: one word per field', () => {
    expect(encodePinnedAnswer(1_700n)).to.deep.equal(hex(1_700n))
    expect(encodeFetchedAnswer(1_700n)).to.deep.equal(hex(1_700n))
    expect(encodePackedAnswer(piece, 1_700n)).to.deep.equal(hex('11'.repeat(31) + '3f', 2048n, 1_700n))
    expect(
      encodeStatusAnswer({
        dealId: 9n,
        state: 'Published',
        providerId: 1000n,
        pieceDigest: piece.digest,
        pieceSize: 2048n,
        activatedEpoch: -1n,
        startEpoch: 10n,
        endEpoch: 20n,
      }),
    ).to.deep.equal(hex(9n, 1n, 1000n, '11'.repeat(31) + '3f', 2048n, -1n, 10n, 20n))
  })

  it('writes a fetch payload as Solidity encodes EdgeJobs.FetchPayload: the URL first, then the CID', () => {
    const url = new TextEncoder().encode('http://e')

    expect(encodeFetchPayload({ url, cid: Uint8Array.of(1, 0x55) })).to.deep.equal(
      hex(32n, 64n, 128n, 8n, Buffer.from(url).toString('hex').padEnd(64, '0'), 2n, '0155'.padEnd(64, '0')),
    )
  })

  it('starts the payload of a dynamic struct with its offset, as abi.encode does', () => {
    expect(encodePinPayload({ cid, fetchLink }).slice(0, 32)).to.deep.equal(hex(32n))
  })

  const MALFORMED: [string, Uint8Array][] = [
    ['nothing', new Uint8Array()],
    ['a word', hex(32n)],
    ['an offset beyond the end', hex(4096n, 0n)],
    ['a length beyond the end', hex(32n, 64n, 96n, 2n ** 64n, 0n)],
    ['bytes to spare', getBytes(hexlify(encodePinPayload({ cid, fetchLink })) + '00'.repeat(32))],
    ['a number beyond its type', getBytes(AbiCoder.defaultAbiCoder().encode(['uint256'], [2n ** 64n]))],
  ]
  for (const [what, payload] of MALFORMED) {
    it(`refuses a payload of ${what} as bad content`, () => {
      const decoders = what.startsWith('a number')
        ? [decodeStatusPayload]
        : [decodePinPayload, decodeStorePayload, decodeFetchPayload]
      for (const decode of decoders) {
        expect(() => decode(payload))
          .to.throw(PayloadInvalid, /abi\.encode\(EdgeJobs\..+Payload\), got \d+ bytes/)
          .with.property('reason', 'BadContent')
      }
    })
  }
})
