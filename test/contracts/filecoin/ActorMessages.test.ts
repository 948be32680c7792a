import { expect } from 'chai'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

const DIGEST = `0x${'ab'.repeat(32)}`
const PIECE_SIZE = 1n << 35n

describe('actors’ messages, read with Cbor', () => {
  async function deployed() {
    return {
      messages: await ethers.deployContract('ActorMessagesHarness'),
      cbor: await ethers.deployContract('CborHarness'),
    }
  }

  it('PublishStorageDeals answers with ids and a bitfield', async () => {
    const { messages } = await loadFixture(deployed)
    expect(await messages.publishStorageDealsReturn(vectors.PublishStorageDeals.two)).to.deep.equal([
      [0n, 1n, 2n],
      '0x74',
    ])
  })

  it('SettleDealPayments answers with a batch and a payment each', async () => {
    const { messages } = await loadFixture(deployed)
    expect(await messages.settleDealPaymentsReturn(vectors.SettleDealPayments.completed)).to.deep.equal([
      1n,
      [],
      [[518_400_000_000_000_000n, true]],
    ])
  })

  it('GetClaims answers with a fail code for each claim that is missing', async () => {
    const { messages } = await loadFixture(deployed)
    expect(await messages.noClaimsReturn(vectors.GetClaims.missing)).to.deep.equal([
      0n,
      [
        [0n, 17n],
        [1n, 17n],
      ],
    ])
  })

  it('AuthenticateMessage answers true from an account, and nothing from an Ethereum account', async () => {
    const { cbor } = await loadFixture(deployed)
    expect(await cbor.readBool(vectors.AuthenticateMessage.account)).to.equal(true)
    await expect(cbor.readBool(vectors.AuthenticateMessage.ethaccount))
      .to.be.revertedWithCustomError(cbor, 'CborTruncated')
      .withArgs(0n, 1n, 0n)
  })

  it('MarketNotifyDeal carries the encoded proposal, with f0 addresses, and the deal’s id', async () => {
    const { messages } = await loadFixture(deployed)
    const [proposal, dealId] = await messages.marketNotifyDealParams(vectors.MarketNotifyDeal.params)
    expect(dealId).to.equal(3n)
    expect(proposal.pieceDigest).to.equal(DIGEST)
    expect(proposal.pieceSize).to.equal(PIECE_SIZE)
    expect(proposal.verified).to.equal(false)
    expect(proposal.client).to.equal('0x0065')
    expect(proposal.provider).to.equal('0x0064')
    expect(ethers.toUtf8String(proposal.label)).to.equal('lbl')
    expect(proposal.startEpoch).to.equal(1_002_880n)
    expect(proposal.endEpoch).to.equal(1_521_280n)
    expect(proposal.pricePerEpoch).to.equal(0n)
    expect(proposal.providerCollateral).to.equal(10n ** 19n)
    expect(proposal.clientCollateral).to.equal(0n)
  })

  it('SectorContentChanged carries sectors with their pieces and payloads', async () => {
    const { messages } = await loadFixture(deployed)
    expect(await messages.sectorContentChangedParams(vectors.SectorContentChanged.params)).to.deep.equal([
      [7n, 1_521_280n, [[DIGEST, PIECE_SIZE, '0x00']]],
    ])
  })

  it('SectorContentChanged is answered with a bool for each piece of each sector', async () => {
    const { messages } = await loadFixture(deployed)
    expect(await messages.sectorContentChangedReturn(vectors.SectorContentChanged.accepted)).to.equal(true)
  })
})
