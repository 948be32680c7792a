import { expect } from 'chai'
import { encode } from 'cborg'
import { scriptActor } from '../../helpers/actors.ts'
import { CODE_THAT_FAILS } from '../../helpers/evm-code.ts'
import { moved } from './money.ts'
import { activeByDeal, activeBySector, settle } from './replicas.ts'
import { DAY, ethers, loadFixture, MARKET, mineUpTo, PRICE, SAID, STATE } from './world.ts'

const CBOR = 0x51
const GET_DEAL_ACTIVATION = 2567238399n
const VALIDATE_SECTOR_STATUS = 3092458564n
const CALL_ACTOR_ID = '0xfe00000000000000000000000000000000000005'
const GRACE = 7n * DAY

/** A replica in a deal; market and miner answer on as they do, except where a test says otherwise. */
async function scripted() {
  const w = await activeByDeal()
  const market = await scriptActor(MARKET)
  await market.passRestTo(await ethers.deployContract('LocalMarket'))
  const miner = await scriptActor(1000n)
  await miner.passRestTo(await ethers.deployContract('LocalMiner'))
  await mineUpTo(w.deal.start + 49n)
  return { ...w, scriptedMarket: market, scriptedMiner: miner }
}

/** A sector of direct data at its end. */
async function scriptedSectorAtTheEnd() {
  const w = await activeBySector()
  const miner = await scriptActor(1000n)
  await miner.passRestTo(await ethers.deployContract('LocalMiner'))
  const { end } = await w.storage.getSlot(w.claim.slot)
  await mineUpTo(end)
  return { ...w, scriptedMiner: miner, end }
}

/** What may be wrong with an answer of exit 0. */
const MALFORMED: [what: string, codec: number, data: Uint8Array | string, error: string][] = [
  ['nothing', 0, '0x', 'BadActorReturn'],
  ['null', CBOR, encode(null), 'CborWrongType'],
  ['text', CBOR, encode('yes'), 'CborWrongType'],
  ['an answer that goes on', CBOR, Uint8Array.of(0xf5, 0), 'CborTrailing'],
]

describe('PerpetualStorage', () => {
  describe('settle, when an actor’s answer is none (D 13)', () => {
    for (const exitCode of [7, 16, 17, 18, 22, 33]) {
      it(`reverts with ActorUnclear for exit ${exitCode} of GetDealActivation, and changes nothing`, async () => {
        const w = await loadFixture(scripted)
        const { storage, claim: c, scriptedMarket } = w
        const before = await storage.getSlot(c.slot)
        await scriptedMarket.script(GET_DEAL_ACTIVATION, exitCode, 0, '0x')

        const change = await moved(w, c.orderId, async () => {
          await expect(settle(w, w.deal)).to.be.revertedWithCustomError(storage, 'ActorUnclear').withArgs(exitCode)
        })

        expect(change).to.deep.equal({})
        expect(await storage.getSlot(c.slot)).to.deep.equal(before)
      })
    }

    for (const exitCode of [7, 16, 17, 18, 22, 32, 33]) {
      it(`reverts with Unproven for exit ${exitCode} of ValidateSectorStatus, whatever is said`, async () => {
        const w = await loadFixture(scripted)
        await w.scriptedMiner.script(VALIDATE_SECTOR_STATUS, exitCode, 0, '0x')

        for (const said of [SAID.Active, SAID.Faulty, SAID.Dead]) {
          await expect(settle(w, w.deal, said))
            .to.be.revertedWithCustomError(w.storage, 'Unproven')
            .withArgs(w.claim.slot)
        }
      })
    }

    for (const [what, codec, data] of MALFORMED) {
      it(`reverts when GetDealActivation or ValidateSectorStatus answers with ${what}`, async () => {
        const w = await loadFixture(scripted)
        const { storage, scriptedMarket, scriptedMiner } = w
        await scriptedMiner.script(VALIDATE_SECTOR_STATUS, 0, codec, data)
        await expect(settle(w, w.deal)).to.be.revert(ethers)
        await scriptedMiner.unscript(VALIDATE_SECTOR_STATUS)
        await scriptedMarket.script(GET_DEAL_ACTIVATION, 0, codec, data)
        await expect(settle(w, w.deal)).to.be.revert(ethers)

        const { provenTo, state } = await storage.getSlot(w.claim.slot)
        expect([provenTo, state]).to.deep.equal([w.deal.start, STATE.Active])
      })
    }

    it('reverts with ActorUnclear for a deal that was never activated, even with exit 0', async () => {
      const w = await loadFixture(scripted)
      for (const activated of [-1, 0]) {
        await w.scriptedMarket.script(GET_DEAL_ACTIVATION, 0, CBOR, encode([activated, -1]))

        await expect(settle(w, w.deal)).to.be.revertedWithCustomError(w.storage, 'ActorUnclear').withArgs(0n)
      }
    })

    it('reverts with ActorUnclear for an actor that is not there (exit −6)', async () => {
      const w = await loadFixture(scripted)
      await ethers.provider.send('hardhat_setCode', ['0xff00000000000000000000000000000000000005', '0x'])

      await expect(settle(w, w.deal)).to.be.revertedWithCustomError(w.storage, 'ActorUnclear').withArgs(-6n)
    })

    it('reverts with PrecompileFailed when no actor can be called, while time alone goes on', async () => {
      const w = await loadFixture(scripted)
      const { storage, claim: c } = w
      await ethers.provider.send('hardhat_setCode', [CALL_ACTOR_ID, CODE_THAT_FAILS])
      await expect(settle(w, w.deal))
        .to.be.revertedWithCustomError(storage, 'PrecompileFailed')
        .withArgs(MARKET, GET_DEAL_ACTIVATION)
      const { end } = await storage.getSlot(c.slot)
      await mineUpTo(end + GRACE)

      await storage.release(c.slot)

      expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Ended)
    })

    it('takes exit 32 of GetDealActivation before the end, and nothing else, for a loss', async () => {
      const w = await loadFixture(scripted)
      await w.scriptedMarket.script(GET_DEAL_ACTIVATION, 32, 0, '0x')

      await settle(w, w.deal)

      expect((await w.storage.getSlot(w.claim.slot)).state).to.equal(STATE.Lost)
    })

    it('pays by the next answer that is one', async () => {
      const w = await loadFixture(scripted)
      const { claim: c, deal: d, scriptedMarket } = w
      await scriptedMarket.script(GET_DEAL_ACTIVATION, 22, 0, '0x')
      await expect(settle(w, d)).to.be.revert(ethers)
      await scriptedMarket.unscript(GET_DEAL_ACTIVATION)
      await mineUpTo(d.start + 99n)

      const change = await moved(w, c.orderId, () => settle(w, d))

      expect(change).to.deep.equal({ reserved: -100n * PRICE, earned: 100n * PRICE })
    })

    it('ends without a miner’s answer only when time for it is over', async () => {
      const w = await loadFixture(scriptedSectorAtTheEnd)
      const { storage, claim: c, scriptedMiner, end } = w
      await scriptedMiner.script(VALIDATE_SECTOR_STATUS, 17, 0, '0x')
      await expect(settle(w, w.sector)).to.be.revertedWithCustomError(storage, 'Unproven').withArgs(c.slot)
      await mineUpTo(end + GRACE)

      await settle(w, w.sector)

      expect((await storage.getSlot(c.slot)).state).to.equal(STATE.Ended)
      expect(await storage.earnedOf(1000n)).to.equal(0n)
    })
  })
})
