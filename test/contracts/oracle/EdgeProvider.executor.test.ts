import { ZeroAddress, ZeroHash, getBytes, hexlify } from 'ethers'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import * as jobs from '../../../oracle/chain/jobs.ts'
import { connect } from '../../helpers/network.ts'

const { ethers, networkHelpers } = await connect()

const deploy = () => ethers.deployContract('EdgeProvider', [ZeroAddress, 1n])
const cid = getBytes('0x01701220' + 'c1'.repeat(32))
const fetchLink = new TextEncoder().encode('https://gateway.example')
const piece = { digest: getBytes('0x' + '77'.repeat(31) + '07'), size: 1n << 35n }

describe('EdgeProvider and the executor', () => {
  it('number the jobs alike', async () => {
    const edge = await networkHelpers.loadFixture(deploy)

    const numbers = [edge.PIN(), edge.STORE(), edge.STATUS(), edge.FETCH(), edge.PACK()]
    expect((await Promise.all(numbers)).map(Number)).to.deep.equal(Object.values(jobs.JOB))
  })

  it('encode and decode a pin payload alike', async () => {
    const edge = await networkHelpers.loadFixture(deploy)

    expect(hexlify(jobs.encodePinPayload({ cid, fetchLink }))).to.equal(await edge.encodePin(cid, fetchLink))
    expect(jobs.decodePinPayload(getBytes(await edge.encodePin(cid, '0x')))).to.deep.equal({
      cid,
      fetchLink: new Uint8Array(),
    })
  })

  it('encode and decode a pack payload alike', async () => {
    const edge = await networkHelpers.loadFixture(deploy)

    expect(hexlify(jobs.encodePackPayload({ cid, fetchLink }))).to.equal(await edge.encodePack(cid, fetchLink))
    expect(jobs.decodePackPayload(getBytes(await edge.encodePack(cid, '0x')))).to.deep.equal({
      cid,
      fetchLink: new Uint8Array(),
    })
  })

  for (const named of [undefined, piece]) {
    it(`encode and decode a store payload ${named ? 'with' : 'without'} a named piece alike`, async () => {
      const edge = await networkHelpers.loadFixture(deploy)
      const terms = { cid, fetchLink, replicas: 16, minTermEpochs: 518_400n, allowExistingDeals: true }
      const encoded = await edge.encodeStore({
        ...terms,
        pieceDigest: named?.digest ?? ZeroHash,
        pieceSize: named?.size ?? 0n,
      })
      const payload = named ? { ...terms, piece: named } : terms

      expect(hexlify(jobs.encodeStorePayload(payload))).to.equal(encoded)
      expect(jobs.decodeStorePayload(getBytes(encoded))).to.deep.equal(payload)
    })
  }

  it('encode and decode a status payload alike', async () => {
    const edge = await networkHelpers.loadFixture(deploy)

    expect(hexlify(jobs.encodeStatusPayload({ dealId: 42n }))).to.equal(await edge.encodeStatus(42n))
    expect(jobs.decodeStatusPayload(getBytes(await edge.encodeStatus(2n ** 64n - 1n)))).to.deep.equal({
      dealId: 2n ** 64n - 1n,
    })
  })

  it('encode and decode a fetch payload alike', async () => {
    const edge = await networkHelpers.loadFixture(deploy)
    const url = new TextEncoder().encode('https://files.example/a.png')

    expect(hexlify(jobs.encodeFetchPayload({ url, cid }))).to.equal(await edge.encodeFetch(url, cid))
    expect(jobs.decodeFetchPayload(getBytes(await edge.encodeFetch(url, cid)))).to.deep.equal({ url, cid })
  })

  it('read the executor’s answers', async () => {
    const edge = await networkHelpers.loadFixture(deploy)

    expect([...(await edge.decodePinned(jobs.encodePinnedAnswer(1_700n)))]).to.deep.equal([1_700n])
    expect([...(await edge.decodeFetched(jobs.encodeFetchedAnswer(1_800n)))]).to.deep.equal([1_800n])
    expect([...(await edge.decodePacked(jobs.encodePackedAnswer(piece, 1_700n)))]).to.deep.equal([
      ...[hexlify(piece.digest), piece.size, 1_700n],
    ])
  })

  it('both refuse a payload with bytes to spare', async () => {
    const edge = await networkHelpers.loadFixture(deploy)
    const spare = getBytes((await edge.encodePin(cid, fetchLink)) + '00'.repeat(32))

    await expect(edge.decodePin(spare)).to.be.revertedWithCustomError(edge, 'WrongLength')
    expect(() => jobs.decodePinPayload(spare)).to.throw(jobs.PayloadInvalid)
  })
})
