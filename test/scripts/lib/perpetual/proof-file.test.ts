import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { parsePieceCid, pieceToCid } from '../../../../oracle/proofs/piece-cid.ts'
import { repoRoot } from '../../../../scripts/lib/paths.ts'
import { readProofFile } from '../../../../scripts/lib/perpetual/proof-file.ts'
import { namedPiece } from '../../../helpers/podsi.ts'

/** The answer of a real Edge node, for a piece of 512 KiB in an aggregate of 8 MiB. */
const RECORDED = join(repoRoot, 'test', 'vectors', 'podsi', '1.json')

interface Recorded {
  data: {
    sub_piece_info: { piece_cid: string; size: number; comm_pa: string; size_pa: number; inclusion_proof: unknown }
    deal_info: { deal_id: number }
  }
}

describe('readProofFile', () => {
  const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as Recorded
  const info = recorded.data.sub_piece_info
  const piece = { digest: parsePieceCid(info.piece_cid).digest, size: BigInt(info.size) }
  let dir: string
  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'mooring-proof-'))
  })
  after(() => rmSync(dir, { recursive: true }))

  function written(body: unknown): string {
    const file = join(dir, 'proof.json')
    writeFileSync(file, typeof body === 'string' ? body : JSON.stringify(body))
    return file
  }

  it('reads a recorded answer: its inclusion leads to the aggregate; it knows no deal yet', () => {
    const { aggregate, dealId } = readProofFile(RECORDED, piece)

    expect(pieceToCid(aggregate.digest)).to.equal(info.comm_pa)
    expect(aggregate.size).to.equal(BigInt(info.size_pa))
    expect(dealId).to.equal(undefined)
  })

  it('reads the deal, once the node knows its id', () => {
    const later = { data: { ...recorded.data, deal_info: { ...recorded.data.deal_info, deal_id: 42 } } }

    expect(readProofFile(written(later), piece).dealId).to.equal(42n)
  })

  it('reads the same without its envelope', () => {
    expect(readProofFile(written(recorded.data), piece)).to.deep.equal(readProofFile(RECORDED, piece))
  })

  it('refuses the proof of another piece by both names', () => {
    const other = namedPiece('other')

    expect(() => readProofFile(RECORDED, other)).to.throw(
      `proves another piece: expected ${pieceToCid(other.digest)} of 2048 B, got ${info.piece_cid} of 524288 B`,
    )
  })

  it('refuses an answer from before the aggregation', () => {
    const none = { proofIndex: { index: '', path: null }, proofSubtree: { index: '', path: null } }
    const early = { data: { ...recorded.data, sub_piece_info: { ...info, inclusion_proof: none } } }

    expect(() => readProofFile(written(early), piece)).to.throw('has no inclusion proof')
  })

  for (const [what, body, words] of [
    ['no JSON', 'proof', 'is no JSON file'],
    ['something else', '{"proof":1}', 'unknown shape'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => readProofFile(written(body), piece)).to.throw(words)
    })
  }

  it('refuses a file that is not there', () => {
    expect(() => readProofFile(join(dir, 'nowhere.json'), piece)).to.throw('does not exist')
  })
})
