import { expect } from 'chai'
import {
  act,
  asked,
  DELIVERY,
  ethers,
  feeOf,
  instrumented,
  loadFixture,
  MODE,
  mineUpTo,
  now,
  ONE,
  OTHER,
  rules,
  shareOf,
  STATE,
  THREE,
  TWO,
  vote,
} from './world.ts'

/** Fees of a stage with a quorum of 2. */
const FEES = [0, 1, 2].map((stage) => 2n * shareOf(rules(), THREE, stage))
const TOTAL = FEES.reduce((sum, fee) => sum + fee)

describe('OracleRegistry', () => {
  describe('cancel', () => {
    context('before the first vote', () => {
      it('refunds everything', async () => {
        const fixture = await loadFixture(asked(2, 3, THREE))
        const { registry, client, id } = fixture

        await expect(act(fixture, 'cancel', id))
          .to.emit(registry, 'RequestCancelled')
          .withArgs(id, 0n, TOTAL)
          .and.to.emit(registry, 'Credited')
          .withArgs(client, id, TOTAL)
        const { state, escrow, refunded } = await registry.getRequest(id)
        expect([state, escrow, refunded]).to.deep.equal([STATE.Cancelled, 0n, TOTAL])
        expect(await registry.creditOf(client)).to.equal(TOTAL)
        expect(await registry.liabilities()).to.equal(TOTAL)
      })
    })

    context('when the first stage was voted on', () => {
      it('pays it to those that voted, whatever they said', async () => {
        const fixture = await loadFixture(asked(2, 3, THREE))
        const { registry, client, owners, id } = fixture
        await vote(fixture, id, 0, [2])
        await vote(fixture, id, 0, [0], OTHER)

        await act(fixture, 'cancel', id)

        expect(await registry.creditOf(owners[0])).to.equal(FEES[0] / 2n)
        expect(await registry.creditOf(owners[1])).to.equal(0n)
        expect(await registry.creditOf(owners[2])).to.equal(FEES[0] / 2n)
        expect(await registry.creditOf(client)).to.equal(FEES[1] + FEES[2])
        expect((await registry.getOperator(1n)).agreed).to.equal(0n)
      })

      it('pays a voter no more than its answer would have brought, however few voted', async () => {
        const fixture = await loadFixture(asked(2, 3, THREE))
        const { registry, client, owners, id } = fixture
        await vote(fixture, id, 0, [2], OTHER)

        await expect(act(fixture, 'cancel', id))
          .to.emit(registry, 'RequestCancelled')
          .withArgs(id, 0n, TOTAL - FEES[0] / 2n)

        expect(await registry.creditOf(owners[2])).to.equal(FEES[0] / 2n)
        expect(await registry.creditOf(client)).to.equal(TOTAL - FEES[0] / 2n)
      })

      it('refunds what the voters cannot share', async () => {
        const fixture = await loadFixture(asked(16, 31, ONE))
        const { registry, client, owners, id } = fixture
        const voters = Array.from({ length: 17 }, (_, i) => i)
        await vote(fixture, id, 0, voters.slice(0, 9))
        await vote(fixture, id, 0, voters.slice(9), OTHER)
        const fee = feeOf(fixture.rules, ONE)
        const share = fee / 17n
        const rest = fee - 17n * share
        expect(rest).to.be.greaterThan(0n)

        await act(fixture, 'cancel', id)

        for (const voter of voters) expect(await registry.creditOf(owners[voter])).to.equal(share)
        expect(await registry.creditOf(client)).to.equal(rest)
        expect((await registry.getRequest(id)).refunded).to.equal(rest)
      })
    })

    context('when stages were answered', () => {
      it('pays the stage in progress to those that agreed on the one before', async () => {
        const fixture = await loadFixture(asked(2, 3, THREE))
        const { registry, client, owners, id } = fixture
        await vote(fixture, id, 0, [0], OTHER)
        await vote(fixture, id, 0, [1, 2])
        await vote(fixture, id, 1, [0])

        await expect(act(fixture, 'cancel', id))
          .to.emit(registry, 'RequestCancelled')
          .withArgs(id, 1n, FEES[2])

        expect(await registry.creditOf(owners[0])).to.equal(0n)
        for (const operator of [1, 2]) {
          expect(await registry.creditOf(owners[operator])).to.equal((FEES[0] + FEES[1]) / 2n)
        }
        expect(await registry.creditOf(client)).to.equal(FEES[2])
      })
    })
  })

  describe('conclude', () => {
    const packed = async () => {
      const fixture = await asked(2, 3, THREE)()
      await vote(fixture, fixture.id, 0, [0, 1])
      await vote(fixture, fixture.id, 1, [1, 2])
      return fixture
    }

    it('pays the last stage to those that agreed on the one before, without a callback', async () => {
      const fixture = await loadFixture(packed)
      const { registry, client, owners, id } = fixture

      await expect(act(fixture, 'conclude', id))
        .to.emit(registry, 'RequestConcluded')
        .withArgs(id, 2n)

      const { state, stage, escrow, refunded } = await registry.getRequest(id)
      expect([state, stage, escrow, refunded]).to.deep.equal([STATE.Answered, 3n, 0n, 0n])
      expect(await registry.creditOf(owners[0])).to.equal(FEES[0] / 2n)
      expect(await registry.creditOf(owners[1])).to.equal(TOTAL / 2n)
      expect(await registry.creditOf(owners[2])).to.equal((FEES[1] + FEES[2]) / 2n)
      expect(await registry.creditOf(client)).to.equal(0n)
      expect(await client.calls()).to.equal(2n)
      expect((await registry.getAnswer(id, 2)).delivery).to.equal(DELIVERY.None)
      expect(await registry.agreeing(id, 2)).to.deep.equal([])
    })

    it('is possible after the deadline, until somebody refunds', async () => {
      const fixture = await loadFixture(packed)
      await mineUpTo(fixture.deadline + 1n)
      await expect(act(fixture, 'conclude', fixture.id)).to.emit(fixture.registry, 'RequestConcluded')
    })

    it('refuses before the last stage', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE))
      for (const stage of [0, 1]) {
        await expect(act(fixture, 'conclude', fixture.id))
          .to.be.revertedWithCustomError(fixture.registry, 'NotConcludable')
          .withArgs(fixture.id, BigInt(stage))
        await vote(fixture, fixture.id, stage, [0])
      }
    })

    it('refuses a job whose last stage is voted', async () => {
      const fixture = await loadFixture(asked(1, 1, TWO))
      await vote(fixture, fixture.id, 0, [0])
      await expect(act(fixture, 'conclude', fixture.id))
        .to.be.revertedWithCustomError(fixture.registry, 'NotConcludable')
        .withArgs(fixture.id, 1n)
    })
  })

  describe('refund', () => {
    it('is refused in the epoch of the deadline, when a vote is still possible', async () => {
      const { registry, stranger, id, deadline } = await loadFixture(asked(1, 1, ONE))
      await mineUpTo(deadline - 1n)
      await expect(registry.connect(stranger).refund(id))
        .to.be.revertedWithCustomError(registry, 'DeadlineNotPassed')
        .withArgs(deadline, deadline)
    })

    it('gives everything back in the next epoch, to the requester, whoever asks', async () => {
      const { registry, client, stranger, id, deadline } = await loadFixture(asked(2, 3, THREE))
      await mineUpTo(deadline)

      const refunding = registry.connect(stranger).refund(id)

      await expect(refunding).to.emit(registry, 'RequestExpired').withArgs(id, 0n, TOTAL)
      await expect(refunding).to.emit(registry, 'Credited').withArgs(client, id, TOTAL)
      expect(await now()).to.equal(deadline + 1n)
      const { state, escrow, refunded } = await registry.getRequest(id)
      expect([state, escrow, refunded]).to.deep.equal([STATE.Expired, 0n, TOTAL])
    })

    it('keeps what answered stages earned; votes on the unanswered one earn nothing', async () => {
      const fixture = await loadFixture(asked(2, 3, THREE))
      const { registry, client, owners, stranger, id, deadline } = fixture
      await vote(fixture, id, 0, [0, 1])
      await vote(fixture, id, 1, [2])
      await mineUpTo(deadline)

      await registry.connect(stranger).refund(id)

      expect(await registry.creditOf(client)).to.equal(FEES[1] + FEES[2])
      expect(await registry.creditOf(owners[0])).to.equal(FEES[0] / 2n)
      expect(await registry.creditOf(owners[2])).to.equal(0n)
      expect((await registry.getRequest(id)).stage).to.equal(1n)
    })

    it('still delivers what was answered before', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE))
      const { registry, client, stranger, id, deadline } = fixture
      await client.setMode(MODE.Refuse, '0x')
      await vote(fixture, id, 0, [0], OTHER)
      await mineUpTo(deadline)
      await registry.refund(id)
      await client.setMode(MODE.Take, '0x')

      await expect(registry.connect(stranger).deliver(id, 0, OTHER))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 0n)
    })

    it('costs at most 60,000 gas', async () => {
      const { registry, stranger, id, deadline } = await loadFixture(asked(1, 1, ONE))
      await mineUpTo(deadline)
      const tx = await registry.connect(stranger).refund(id)
      if (!instrumented) expect((await tx.wait())!.gasUsed).to.be.at.most(60_000n)
    })

    it('moves no money by itself', async () => {
      const { registry, client, id, deadline } = await loadFixture(asked(1, 1, ONE))
      await mineUpTo(deadline)
      await expect(registry.refund(id)).to.changeEtherBalances(ethers, [registry, client], [0n, 0n])
    })
  })
})
