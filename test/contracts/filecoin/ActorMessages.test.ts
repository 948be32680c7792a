import { expect } from 'chai'
import { connect } from '../../helpers/network.ts'
import vectors from '../../vectors/actors.json' with { type: 'json' }

const { ethers, networkHelpers } = await connect()
const { loadFixture } = networkHelpers

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
})
