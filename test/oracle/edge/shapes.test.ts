import { expect } from 'chai'
import { describe, it } from 'mocha'
import { toEdgeState } from '../../../oracle/edge/deal-status.ts'
import { EdgeContentUnknown, EdgeRefused, EdgeShapeUnknown } from '../../../oracle/edge/errors.ts'
import { parseAdded, parseCheckCount, parseRows, parseStatus } from '../../../oracle/edge/shapes.ts'
import { VECTOR_NAMES, readVector } from '../proofs/vectors.ts'

const CID = 'bafybeib6lrvnuh7um4htzq4zrlqr654wpgxt5iy65hrcv6xkk2z7psj7s4'

describe('shapes of an Edge node', () => {
  describe('status with proofs', () => {
    for (const name of VECTOR_NAMES) {
      it(`reads recorded answer ${name} and verifies its proof`, () => {
        const { body, piece, aggregate, inclusion } = readVector(name)
        const status = parseStatus(body, name)
        expect(status).to.include({ contentId: name, miner: 't017840', state: 'dealing' })
        expect(status.piece).to.deep.equal(piece)
        expect(status.aggregate).to.deep.equal(aggregate)
        expect(status.inclusion).to.deep.equal(inclusion)
      })
    }

    it('has a deal only where the node names one', () => {
      expect(parseStatus(readVector('1').body, '1').deal).to.equal(undefined)
      expect(parseStatus(readVector('10').body, '10').deal).to.deep.equal({ dealId: 81729n, uuid: '' })
    })

    it('is not active while the deal id is missing', () => {
      const body = edited('10', (data) => (data.deal_info.status = 'StorageDealActive'))
      expect(parseStatus(body, '1').state).to.equal('active')
      const late = edited('10', (data) => Object.assign(data.deal_info, { status: 'StorageDealActive', deal_id: 0 }))
      expect(parseStatus(late, '1')).to.include({ state: 'dealing', stateText: 'StorageDealActive' })
    })

    it('of a content that is not packed yet has neither piece nor proof', () => {
      const status = parseStatus({ message: 'success', data: zeroCheck(CID) }, '3')
      expect(status).to.deep.equal({
        ...{ contentId: '3', cid: CID, miner: 't01000', name: 'a.car', state: 'pending', stateText: 'pinned' },
      })
    })

    it('of an unknown content is a row of zeros, told by its error', () => {
      expect(() => parseStatus({ message: 'success', data: zeroCheck('') }, '3')).to.throw(
        EdgeContentUnknown,
        'content 3',
      )
    })

    it('with a wrong proof is refused', () => {
      const swapped = edited('4', ({ sub_piece_info: { inclusion_proof: proof } }) => {
        Object.assign(proof, { proofIndex: proof.proofSubtree, proofSubtree: proof.proofIndex })
      })
      expect(() => parseStatus(swapped, '4')).to.throw(EdgeRefused, 'the inclusion proof of content 4 is wrong')
      const elsewhere = edited('4', (data) => (data.sub_piece_info.size_pa *= 2))
      expect(() => parseStatus(elsewhere, '4')).to.throw(EdgeRefused, 'does not lead to')
    })

    it('with a piece or an index that is none has an unknown shape', () => {
      const noPiece = edited('4', (data) => (data.sub_piece_info.verifier_data.commPc = '0x0181'))
      expect(() => parseStatus(noPiece, '4')).to.throw(EdgeShapeUnknown, 'piece CID')
      const noIndex = edited('4', (data) => (data.sub_piece_info.inclusion_proof.proofIndex.index = 'three'))
      expect(() => parseStatus(noIndex, '4')).to.throw(EdgeShapeUnknown, 'unknown shape')
    })
  })

  describe('status without proofs', () => {
    it('is read with ID and with id', () => {
      const row = { cid: CID, miner: 't01000', status: 'transfer-started', last_message: 'half way' }
      for (const content of [
        { ID: 7, ...row },
        { id: 7, ...row },
      ]) {
        expect(parseStatus({ content }, '7')).to.deep.equal({
          contentId: '7',
          cid: CID,
          miner: 't01000',
          name: '',
          state: 'dealing',
          stateText: 'transfer-started',
          message: 'half way',
        })
      }
    })
  })

  it('reads the contents of an upload, one per miner', () => {
    const contents = [
      { ID: 1, cid: CID, miner: 't01000', status: 'pinned', inclusion_proof: null },
      { id: '2', cid: CID, miner: 't01001' },
    ]
    expect(parseAdded({ status: 'success', message: 'File uploaded…', contents })).to.deep.equal([
      { contentId: '1', cid: CID, miner: 't01000' },
      { contentId: '2', cid: CID, miner: 't01001' },
    ])
  })

  it('takes null for an empty list', () => {
    expect(parseRows({ total: 0, page: 1, contents: null })).to.deep.equal({ contents: [], total: 0n })
    expect(parseRows({ cids: null })).to.deep.equal({ contents: [], total: 0n })
    expect(parseCheckCount({ data: null })).to.equal(0)
    expect(parseCheckCount({ data: [{}, {}] })).to.equal(2)
  })

  it('refuses everything else, and shows what came', () => {
    for (const body of [null, undefined, [], 'ok', {}, { content: null }, { content: { cid: CID } }, { data: {} }]) {
      expect(() => parseStatus(body, '1')).to.throw(EdgeShapeUnknown, JSON.stringify(body) ?? 'nothing')
    }
    expect(() => parseAdded({ contents: null })).to.throw(EdgeShapeUnknown, 'upload')
    expect(() => parseAdded({ contents: [{ ID: 0, cid: CID }] })).to.throw(EdgeShapeUnknown)
  })
})

describe('toEdgeState', () => {
  it('sorts the statuses of Edge, Delta and the storage market', () => {
    const states = {
      pending: ['', 'pinned', 'open', 'processing', 'filled', 'uploading', 'uploaded-to-delta', 'retry'],
      dealing: [
        'deal-proposal-sent',
        'transfer-finished',
        'StorageDealSealing',
        'StorageDealAwaitingPreCommit',
        'new-word',
      ],
      active: ['StorageDealActive'],
      failed: ['error', 'transfer-failed', 'StorageDealError', 'StorageDealSlashed', 'StorageDealExpired'],
    }
    for (const [state, texts] of Object.entries(states)) {
      for (const text of texts) expect(toEdgeState(text), text).to.equal(state)
    }
  })
})

interface Editable {
  sub_piece_info: {
    size_pa: number
    verifier_data: { commPc: string }
    inclusion_proof: Record<'proofIndex' | 'proofSubtree', { index: string }>
  }
  deal_info: { status: string }
}

function edited(name: string, edit: (data: Editable) => unknown): unknown {
  const body = structuredClone(readVector(name).body)
  edit(body.data as unknown as Editable)
  return body
}

/** As a Go server encodes a StatusCheck whose proof does not exist yet. */
function zeroCheck(cid: string) {
  const noProof = { index: '', path: null }
  return {
    content_info: { cid, selective_car_cid: '', name: 'a.car', size: 9, miner: cid && 't01000', delta_content_id: 0 },
    sub_piece_info: {
      piece_cid: '',
      size: 0,
      comm_pa: '',
      size_pa: 0,
      comm_pc: '',
      size_pc: 0,
      status: '',
      inclusion_proof: { proofIndex: noProof, proofSubtree: noProof },
      verifier_data: { commPc: '', sizePc: 0 },
    },
    deal_info: { deal_uuid: '', deal_id: 0, status: cid && 'pinned', delta_node: '' },
  }
}
