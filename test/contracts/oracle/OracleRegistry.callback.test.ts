import type { IOracleRequests } from '../../../types/ethers-contracts/index.js'
import { expect } from 'chai'
import {
  ANSWER,
  asked,
  DELIVERY,
  feeOf,
  loadFixture,
  MAX_BYTES,
  MODE,
  ONE,
  PAYLOAD,
  PROVIDER,
  rules,
  setBalance,
  STATE,
  THREE,
  vote,
} from './world.ts'

const { callbackGas: CALLBACK_GAS } = rules()

describe('OracleRegistry', () => {
  describe('the callback', () => {
    for (const [title, mode] of [
      ['reverts', MODE.Refuse],
      ['uses up its ceiling', MODE.Burn],
      ['returns more than anybody wants to copy', MODE.Bomb],
    ] as const) {
      context(`when it ${title}`, () => {
        it('is recorded as failed; the answer and the pay stand', async () => {
          const fixture = await loadFixture(asked(1, 1, ONE))
          const { registry, client, owners, reporters, id } = fixture
          await client.setMode(mode, '0x')

          const reporting = await registry.connect(reporters[0]).report(id, 0, ANSWER)

          await expect(reporting).to.emit(registry, 'DeliveryFailed').withArgs(id, 0n)
          await expect(reporting).not.to.emit(registry, 'Delivered')
          expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Failed)
          expect((await registry.getRequest(id)).state).to.equal(STATE.Answered)
          expect(await registry.creditOf(owners[0])).to.equal(feeOf(fixture.rules, ONE))
        })
      })
    }

    it('is given exactly the ceiling', async () => {
      const fixture = await loadFixture(asked(1, 1, ONE))
      await vote(fixture, fixture.id, 0, [0])
      const seen = await fixture.client.gasSeen()
      expect(seen).to.be.at.most(CALLBACK_GAS)
      expect(seen).to.be.at.least(CALLBACK_GAS - 1_000n) // what the client's dispatcher spends before it looks
    })

    it('may ask a follow-up question', async () => {
      const fixture = await loadFixture(asked(1, 1, ONE))
      const { registry, client, id, deadline } = fixture
      const question = [PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline + 100n] as const
      await client.setMode(MODE.Forward, registry.interface.encodeFunctionData('request', [...question]))
      await setBalance(await client.getAddress(), feeOf(fixture.rules, ONE))

      await vote(fixture, id, 0, [0])

      expect(await client.forwardSuccess()).to.equal(true)
      expect(await client.followUp()).to.equal(2n)
      expect((await registry.getRequest(2n)).state).to.equal(STATE.Open)
      expect((await registry.getAnswer(id, 0)).delivery).to.equal(DELIVERY.Done)
    })

    it('may ask for what follows to be early', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE))
      const { registry, client, id } = fixture
      await client.setMode(MODE.Forward, registry.interface.encodeFunctionData('allowEarly', [id]))
      await vote(fixture, id, 0, [0])
      expect((await registry.getRequest(id)).early).to.equal(true)
    })

    it('finds everything written: the request, the pay, the next stage', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE))
      const { registry, client, id } = fixture
      await client.setMode(MODE.Forward, registry.interface.encodeFunctionData('getRequest', [id]))
      await vote(fixture, id, 0, [0])
      const result = registry.interface.decodeFunctionResult('getRequest', await client.forwardResult())
      const seen = result[0] as IOracleRequests.RequestViewStruct
      expect([seen.state, seen.stage, seen.settled]).to.deep.equal([STATE.Open, 1n, 1n])
    })
  })
})
