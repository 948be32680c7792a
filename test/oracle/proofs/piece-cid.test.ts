import { expect } from 'chai'
import { describe, it } from 'mocha'
import { PieceCidInvalid, parsePieceCid, pieceCidBytes, pieceToCid } from '../../../oracle/proofs/piece-cid.ts'
import { readVector } from './vectors.ts'

const V1 = 'baga6ea4seaqhig7zxtolhvxd7w66hi5ovnwuruh7svgs7futx5lthsjktgbmqci'
/** FRC-0069: the piece of 127 zero bytes, 128 bytes padded. */
const ZERO_ROOT = '3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333'
const V2_BYTES = `01559120220002${ZERO_ROOT}`

describe('piece CIDs', () => {
  it('keep a v1 CID through digest and back', () => {
    const { digest, size } = parsePieceCid(V1)
    expect(digest).to.have.length(32)
    expect(size).to.equal(undefined)
    expect(pieceToCid(digest)).to.equal(V1)
  })

  it('have 39 bytes in v1, as an Edge node writes them into verifier_data', () => {
    const { body, piece } = readVector('10')
    const { commPc } = (body.data.sub_piece_info as never as { verifier_data: { commPc: string } }).verifier_data
    expect(`0x${Buffer.from(pieceCidBytes(piece.digest)).toString('hex')}`).to.equal(commPc)
    expect(parsePieceCid(pieceCidBytes(piece.digest)).digest).to.deep.equal(piece.digest)
  })

  it('carry the padded and the payload size in v2', () => {
    const parsed = parsePieceCid(bytes(V2_BYTES))
    expect(Buffer.from(parsed.digest).toString('hex')).to.equal(ZERO_ROOT)
    expect(parsed.size).to.equal(128n)
    expect(parsed.payloadBytes).to.equal(127n)
  })

  it('read v2 padding of more than one byte', () => {
    const parsed = parsePieceCid(bytes(`01559120238001${'03'}${ZERO_ROOT}`))
    expect(parsed.size).to.equal(256n)
    expect(parsed.payloadBytes).to.equal(254n - 128n)
  })

  it('refuse everything else with what was expected', () => {
    const faults: [string | Uint8Array, string][] = [
      ['', 'not lower-case base32'],
      ['BAGA', 'not lower-case base32'],
      ['bafybeib6lrvnuh7um4htzq4zrlqr654wpgxt5iy65hrcv6xkk2z7psj7s4', 'not those of a piece'],
      [bytes('0181e203922020aa'), '8 bytes, not 39'],
      [Buffer.concat([pieceCidBytes(new Uint8Array(32)), Uint8Array.of(0)]), '40 bytes, not 39'],
      [bytes(V2_BYTES + '00'), 'the digest has 35 bytes, its length says 34'],
      [bytes(`01559120210002${ZERO_ROOT.slice(2)}`), 'a digest of 33 bytes'],
      [bytes(`01559120220001${ZERO_ROOT}`), 'height 1 is outside'],
      [bytes(`0155912022003b${ZERO_ROOT}`), 'height 59 is outside'],
      [bytes(`01559120227f02${ZERO_ROOT}`), 'padding 127 leaves no payload'],
      [bytes('01559120'), 'no varint at byte 4'],
    ]
    for (const [input, words] of faults) {
      expect(() => parsePieceCid(input), words).to.throw(PieceCidInvalid, words)
    }
    expect(() => pieceCidBytes(new Uint8Array(33))).to.throw(PieceCidInvalid, '33 bytes')
  })
})

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}
