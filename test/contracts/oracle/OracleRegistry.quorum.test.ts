import { expect } from 'chai'
import {
  ANSWER,
  answerHash,
  ask,
  asked,
  fail,
  feeOf,
  loadFixture,
  mine,
  ONE,
  OTHER,
  PROVIDER,
  REASON,
  rules,
  shareOf,
  STATE,
  THREE,
  vote,
} from './world.ts'

const share = (job: number, stage: number) => shareOf(rules(), job, stage)
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i)

describe('OracleRegistry', () => {
  for (const m of [1, 2, 3, 16]) {
    const n = 2 * m - 1

    context(`with a quorum of ${m} and ${n} operators`, () => {
      it(`answers with vote ${m}, and not before`, async () => {
        const fixture = await loadFixture(asked(m, n, ONE))
        const { registry, id } = fixture
        for (const voter of upTo(m - 1)) {
          await vote(fixture, id, 0, [voter])
          expect((await registry.getRequest(id)).state).to.equal(STATE.Open)
        }
        await vote(fixture, id, 0, [m - 1])
        expect((await registry.getRequest(id)).state).to.equal(STATE.Answered)
      })

      it('pays exactly m operators the m-th part each, and nobody after', async () => {
        const fixture = await loadFixture(asked(m, n, ONE))
        const { registry, owners, reporters, id } = fixture
        const agreed = upTo(m, n - m) // the last m
        await vote(fixture, id, 0, agreed)

        expect(await registry.agreeing(id, 0)).to.deep.equal(agreed.map((i) => owners[i].address))
        for (const i of upTo(n)) {
          const credit = agreed.includes(i) ? share(ONE, 0) : 0n
          expect(await registry.creditOf(owners[i]), `operator ${i}`).to.equal(credit)
        }
        for (const late of upTo(n - m)) {
          await expect(registry.connect(reporters[late]).report(id, 0, ANSWER))
            .to.be.revertedWithCustomError(registry, 'NotOpen')
            .withArgs(id, STATE.Answered)
        }
      })

      // One operator alone always agrees with itself.
      if (m > 1) {
        it('stays open when everybody says something else, and is refundable', async () => {
          const fixture = await loadFixture(asked(m, n, ONE))
          const { registry, client, id, deadline } = fixture
          for (const voter of upTo(n))
            await vote(fixture, id, 0, [voter], `0x${(voter + 1).toString(16).padStart(2, '0')}`)
          expect((await registry.getRequest(id)).state).to.equal(STATE.Open)
          for (const operatorId of upTo(n, 1)) expect(await registry.hasVoted(id, 0, operatorId)).to.equal(true)
          await mine(deadline)
          await registry.refund(id)
          expect(await registry.creditOf(client)).to.equal(feeOf(fixture.rules, ONE))
        })
      }

      it('answers though all but m disagree, on the last vote there is', async () => {
        const fixture = await loadFixture(asked(m, n, ONE))
        const { registry, id } = fixture
        await vote(fixture, id, 0, upTo(m - 1), OTHER)
        await vote(fixture, id, 0, upTo(m, m - 1), ANSWER)
        expect((await registry.getAnswer(id, 0)).answerHash).to.equal(answerHash(true, ANSWER))
        for (const dissenter of upTo(m - 1, 1)) {
          expect((await registry.getOperator(dissenter)).dissented).to.equal(1n)
        }
      })

      it('may have another quorum on every stage', async () => {
        const fixture = await loadFixture(asked(m, n, THREE))
        const { registry, owners, id } = fixture
        await vote(fixture, id, 0, upTo(m))
        await vote(fixture, id, 1, upTo(m, n - m))
        await fail(fixture, id, 2, upTo(m), REASON.DealFailed)
        const { failureFee } = fixture.rules.jobs[1]
        const others = m === 1 ? share(THREE, 0) + failureFee : 0n // m = 1: the same one operator
        expect(await registry.creditOf(owners[n - 1])).to.equal(others + share(THREE, 1))
        const back = BigInt(m) * (share(THREE, 2) - failureFee)
        expect((await registry.getRequest(id)).refunded).to.equal(back)
      })
    })
  }

  context('when operators leave and others take their seats', () => {
    it('gives the newcomers no vote on older requests: two answers can never both find a quorum', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE))
      const { registry, owner, owners, stranger, id } = fixture
      await vote(fixture, id, 0, [0], ANSWER)
      await registry.connect(owners[0]).leave(1n)
      for (const newcomer of [stranger, owners[0]]) {
        if (newcomer === stranger) await registry.connect(owners[1]).leave(2n)
        await registry.connect(owner).admit(PROVIDER, newcomer.address)
        await registry.connect(newcomer).join(PROVIDER, newcomer.address, '')
        const operatorId = await registry.operatorOf(newcomer.address)
        await expect(registry.connect(newcomer).report(id, 0, OTHER))
          .to.be.revertedWithCustomError(registry, 'NotEligible')
          .withArgs(operatorId, id)
      }
      await expect(registry.connect(owners[2]).report(id, 0, OTHER)).not.to.emit(registry, 'StageAnswered')
    })

    it('keeps and pays the vote of who left', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE))
      const { registry, owners, id } = fixture
      await vote(fixture, id, 0, [0])
      await registry.connect(owners[0]).leave(1n)
      expect(await registry.hasVoted(id, 0, 1n)).to.equal(true)

      await vote(fixture, id, 0, [1])

      expect(await registry.agreeing(id, 0)).to.deep.equal([owners[0].address, owners[1].address])
      expect(await registry.creditOf(owners[0])).to.equal(share(ONE, 0))
      expect((await registry.getOperator(1n)).agreed).to.equal(1n)
    })

    it('lets the newcomers vote on newer requests', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE))
      const { registry, owner, owners, stranger } = fixture
      await registry.connect(owners[0]).leave(1n)
      await registry.connect(owner).admit(PROVIDER, stranger.address)
      await registry.connect(stranger).join(PROVIDER, stranger.address, '')
      const { id } = await ask(fixture)
      await registry.connect(stranger).report(id, 0, ANSWER)
      expect(await registry.hasVoted(id, 0, 4n)).to.equal(true)
    })
  })
})
