import { expect } from 'chai'
import { encode } from 'cborg'
import { scriptActor } from '../../helpers/actors.ts'
import { complete, ethers, loadFixture, MARKET, now, packed } from './world.ts'

const CBOR = 0x51
const GET_DEAL_DATA_COMMITMENT = 1157985802n
const GET_DEAL_PROVIDER = 935081690n
const GET_DEAL_ACTIVATION = 2567238399n
const GET_DEAL_TERM = 163777312n

/** The market answers on as it does, except where a test says otherwise. */
async function scripted() {
  const w = await packed()
  const implementation = await ethers.deployContract('LocalMarket')
  const market = await scriptActor(MARKET)
  await market.passRestTo(implementation)
  return { ...w, market }
}

describe('PinningRequests', () => {
  describe('complete, refused', () => {
    context('A 1: by a market that does not answer as it should', () => {
      for (const [getter, method] of Object.entries({
        GetDealDataCommitment: GET_DEAL_DATA_COMMITMENT,
        GetDealProvider: GET_DEAL_PROVIDER,
        GetDealActivation: GET_DEAL_ACTIVATION,
        GetDealTerm: GET_DEAL_TERM,
      })) {
        it(`reverts with DealUnknown, DealRemoved or ActorUnclear by the exit code of ${getter}`, async () => {
          const w = await loadFixture(scripted)
          const { pinning, market, id, deal, segment } = w

          await market.script(method, 17, 0, '0x')
          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'DealUnknown')
            .withArgs(deal.dealId)
          await market.script(method, 32, 0, '0x')
          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'DealRemoved')
            .withArgs(deal.dealId)
          for (const exitCode of [7, 22, 33]) {
            await market.script(method, exitCode, 0, '0x')
            await expect(complete(w, id, deal, segment))
              .to.be.revertedWithCustomError(pinning, 'ActorUnclear')
              .withArgs(exitCode)
          }
        })

        it(`reverts with BadActorReturn when ${getter} answers with nothing`, async () => {
          const w = await loadFixture(scripted)
          const { pinning, market, id, deal, segment } = w
          await market.script(method, 0, 0, '0x')

          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'BadActorReturn')
            .withArgs(MARKET, method, 0n, 0n)
        })
      }

      it('reverts with DealNotActive for an activation at epoch 0', async () => {
        const w = await loadFixture(scripted)
        const { pinning, market, id, deal, segment } = w
        await market.script(GET_DEAL_ACTIVATION, 0, CBOR, encode([0, -1]))

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealNotActive')
          .withArgs(deal.dealId)
      })

      it('reverts with DealRemoved for a deal that is answered as terminated', async () => {
        const w = await loadFixture(scripted)
        const { pinning, market, id, deal, segment } = w
        await market.script(GET_DEAL_ACTIVATION, 0, CBOR, encode([await now(), 0n]))

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'DealRemoved')
          .withArgs(deal.dealId)
      })

      it('A 5: reverts with BadDealTerm for negative epochs', async () => {
        const w = await loadFixture(scripted)
        const { pinning, market, id, deal, segment } = w
        for (const [start, duration] of [
          [-1, 518_400],
          [1, -1],
        ]) {
          await market.script(GET_DEAL_TERM, 0, CBOR, encode([start, duration]))
          await expect(complete(w, id, deal, segment))
            .to.be.revertedWithCustomError(pinning, 'BadDealTerm')
            .withArgs(deal.dealId, start, duration)
        }
      })

      it('reverts with CborTrailing for an answer that goes on', async () => {
        const w = await loadFixture(scripted)
        const { pinning, market, id, deal, segment } = w
        await market.script(GET_DEAL_PROVIDER, 0, CBOR, Uint8Array.of(...encode(1000), 0))

        await expect(complete(w, id, deal, segment))
          .to.be.revertedWithCustomError(pinning, 'CborTrailing')
          .withArgs(3n, 4n)
      })
    })
  })
})
