import { expect } from 'chai'
import { concat, toUtf8String } from 'ethers'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const PIECE_CID = `0x0181e203922020${'ab'.repeat(32)}`
const PIECE_SIZE = 1n << 35n

/** `[bytes(proposal), 3]`: the head is 82 58 57, the deal's id 03. */
const NOTIFY = vectors.MarketNotifyDeal.params
const PROPOSAL = `0x${NOTIFY.slice(8, -2)}`

/** The label in the vector: the text `lbl`. */
const LABEL = '636c626c'

const withLabel = (label: string) => PROPOSAL.replace(LABEL, label)

describe('DealProposal', () => {
  async function deployed() {
    return { harness: await ethers.deployContract('DealProposalHarness') }
  }

  describe('decode', () => {
    it('reads every field of what the market actor sends', async () => {
      const { harness } = await loadFixture(deployed)
      const proposal = await harness.decode(PROPOSAL)
      expect(proposal.pieceCid).to.equal(PIECE_CID)
      expect(proposal.pieceSize).to.equal(PIECE_SIZE)
      expect(proposal.verified).to.equal(false)
      expect(proposal.client).to.equal('0x0065')
      expect(proposal.provider).to.equal('0x0064')
      expect(toUtf8String(proposal.label)).to.equal('lbl')
      expect(proposal.labelIsText).to.equal(true)
      expect(proposal.startEpoch).to.equal(1_002_880n)
      expect(proposal.endEpoch).to.equal(1_521_280n)
      expect(proposal.pricePerEpoch).to.equal(0n)
      expect(proposal.providerCollateral).to.equal(10n ** 19n)
      expect(proposal.clientCollateral).to.equal(0n)
    })

    it('tells a label of bytes from one of text', async () => {
      const { harness } = await loadFixture(deployed)
      const { label, labelIsText } = await harness.decode(withLabel('43ff00fe'))
      expect([label, labelIsText]).to.deep.equal(['0xff00fe', false])
    })

    it('takes a label of nothing', async () => {
      const { harness } = await loadFixture(deployed)
      const { label, labelIsText } = await harness.decode(withLabel('60'))
      expect([label, labelIsText]).to.deep.equal(['0x', true])
    })

    for (const [what, bytes, error, ...args] of [
      ['ten fields', PROPOSAL.replace('0x8b', '0x8a'), 'CborWrongLength', 0n, 11n, 10n],
      ['twelve fields', PROPOSAL.replace('0x8b', '0x8c'), 'CborWrongLength', 0n, 11n, 12n],
      ['a label that is a number', withLabel('07'), 'CborWrongType', 61n, 2n, 0n],
      ['a negative price', PROPOSAL.replace('1a001736804049', '1a00173680420105' + '49'), 'CborNegative', 75n],
      ['a piece without the link’s prefix', PROPOSAL.replace('582800', '582801'), 'CborNotCid', 5n],
      ['bytes behind it', `${PROPOSAL}00`, 'CborTrailing', 87n, 88n],
      ['nothing', '0x', 'CborTruncated', 0n, 1n, 0n],
    ] as const) {
      it(`reverts with ${error} for ${what}`, async () => {
        const { harness } = await loadFixture(deployed)
        await expect(harness.decode(bytes))
          .to.be.revertedWithCustomError(harness, error)
          .withArgs(...args)
      })
    }
  })

  describe('decodeAuthenticate', () => {
    it('takes the message out of [signature, message], as it was submitted', async () => {
      const { harness } = await loadFixture(deployed)
      const params = concat(['0x8243a1b2c3', `0x5857${PROPOSAL.slice(2)}`])
      expect(await harness.decodeAuthenticate(params)).to.equal(PROPOSAL)
    })

    it('takes a message without a signature', async () => {
      const { harness } = await loadFixture(deployed)
      expect(await harness.decodeAuthenticate('0x82404101')).to.equal('0x01')
    })

    for (const [what, params, error, ...args] of [
      ['a signature alone', '0x8140', 'CborWrongLength', 0n, 2n, 1n],
      ['a message that is text', '0x82406101', 'CborWrongType', 2n, 2n, 3n],
      ['a third part', '0x82404040', 'CborTrailing', 3n, 4n],
      ['a message that is cut off', '0x82404201', 'CborTruncated', 3n, 2n, 1n],
    ] as const) {
      it(`reverts with ${error} for ${what}`, async () => {
        const { harness } = await loadFixture(deployed)
        await expect(harness.decodeAuthenticate(params))
          .to.be.revertedWithCustomError(harness, error)
          .withArgs(...args)
      })
    }
  })

  describe('decodeNotify', () => {
    it('reads the proposal, with f0 addresses, and the deal’s id', async () => {
      const { harness } = await loadFixture(deployed)
      const [proposal, dealId] = await harness.decodeNotify(NOTIFY)
      expect(dealId).to.equal(3n)
      expect(proposal).to.deep.equal(await harness.decode(PROPOSAL))
    })

    for (const [what, params, error, ...args] of [
      ['no deal id', `0x815857${PROPOSAL.slice(2)}`, 'CborWrongLength', 0n, 2n, 1n],
      ['a negative deal id', `${NOTIFY.slice(0, -2)}20`, 'CborWrongType', 90n, 0n, 1n],
      ['a proposal that is not wrapped in bytes', `0x82${PROPOSAL.slice(2)}03`, 'CborWrongType', 1n, 2n, 4n],
      ['bytes behind it', `${NOTIFY}00`, 'CborTrailing', 91n, 92n],
    ] as const) {
      it(`reverts with ${error} for ${what}`, async () => {
        const { harness } = await loadFixture(deployed)
        await expect(harness.decodeNotify(params))
          .to.be.revertedWithCustomError(harness, error)
          .withArgs(...args)
      })
    }
  })
})
