import { expect } from 'chai'
import {
  act,
  ANSWER,
  ANSWER_STANDING,
  answerHash,
  asked,
  creditsOf,
  DELIVERY,
  ethers,
  feeOf,
  fieldsOf,
  inOneEpoch,
  loadFixture,
  mineUpTo,
  now,
  ONE,
  OTHER,
  PAYLOAD,
  PROVIDER,
  REASON,
  rules,
  served,
  shareOf,
  STATE,
  THREE,
  vote,
  WINDOW,
  type World,
} from './world.ts'

const FEE = feeOf(rules(), ONE)
const share = (stage: number) => shareOf(rules(), THREE, stage)

describe('OracleRegistry', () => {
  const single = asked(1, 1, ONE)
  const three = asked(1, 1, THREE)
  const quorum = asked(2, 3, THREE)

  const report = ({ registry, reporters }: World, voter: number, id: bigint, stage: number, data = ANSWER) =>
    registry.connect(reporters[voter]).report(id, stage, data)

  describe('report', () => {
    context('when the vote makes the quorum', () => {
      it('answers the stage, pays for it and delivers', async () => {
        const fixture = await loadFixture(single)
        const { registry, client, owners, id } = fixture

        const reporting = await report(fixture, 0, id, 0)

        const epoch = await now()
        await expect(reporting).to.emit(registry, 'Voted').withArgs(id, 0n, 1n, answerHash(true, ANSWER))
        await expect(reporting).to.emit(registry, 'StageAnswered').withArgs(id, 0n, ANSWER, epoch)
        await expect(reporting).to.emit(registry, 'StageSettled').withArgs(id, 0n, FEE)
        await expect(reporting).to.emit(registry, 'Credited').withArgs(owners[0].address, id, FEE)
        await expect(reporting).to.emit(registry, 'Delivered').withArgs(id, 0n)
        expect(fieldsOf(await registry.getAnswer(id, 0))).to.deep.equal({
          ...{ answerHash: answerHash(true, ANSWER), answeredEpoch: epoch, matureEpoch: epoch, ok: true },
          ...{ standing: ANSWER_STANDING.Final, delivery: DELIVERY.Done },
        })
        expect(await registry.agreeing(id, 0)).to.deep.equal([owners[0].address])
        expect(await registry.hasVoted(id, 0, 1n)).to.equal(true)
        expect(await registry.creditOf(owners[0])).to.equal(FEE)
        expect([
          await client.calls(),
          await client.lastOk(),
          await client.lastStage(),
          await client.lastData(),
        ]).to.deep.equal([1n, true, 0n, ANSWER])
      })

      it('moves no money: what was escrow is credit', async () => {
        const fixture = await loadFixture(single)
        const { registry, client, id } = fixture
        await expect(report(fixture, 0, id, 0)).to.changeEtherBalances(ethers, [registry, client], [0n, 0n])
        expect(await registry.liabilities()).to.equal(FEE)
      })

      it('ends a request of one stage as Answered', async () => {
        const fixture = await loadFixture(single)
        await report(fixture, 0, fixture.id, 0)
        const { state, stage, settled, escrow, refunded } = await fixture.registry.getRequest(fixture.id)
        expect([state, stage, settled, escrow, refunded]).to.deep.equal([STATE.Answered, 1n, 1n, 0n, 0n])
      })

      it('leaves the next stage open, with its fee in escrow', async () => {
        const fixture = await loadFixture(three)
        await report(fixture, 0, fixture.id, 0)
        const { state, stage, settled, escrow } = await fixture.registry.getRequest(fixture.id)
        expect([state, stage, settled, escrow]).to.deep.equal([STATE.Open, 1n, 1n, share(1) + share(2)])
      })
    })

    context('when more votes are needed', () => {
      it('only counts the vote', async () => {
        const fixture = await loadFixture(quorum)
        const { registry, client, id } = fixture

        const reporting = await report(fixture, 0, id, 0)

        await expect(reporting).to.emit(registry, 'Voted').withArgs(id, 0n, 1n, answerHash(true, ANSWER))
        await expect(reporting).not.to.emit(registry, 'StageAnswered')
        expect(fieldsOf(await registry.getAnswer(id, 0))).to.deep.equal({
          ...{ answerHash: ethers.ZeroHash, answeredEpoch: 0n, matureEpoch: 0n, ok: false },
          ...{ standing: ANSWER_STANDING.None, delivery: DELIVERY.None },
        })
        expect(await registry.agreeing(id, 0)).to.deep.equal([])
        expect(await registry.hasVoted(id, 0, 1n)).to.equal(true)
        expect(await registry.hasVoted(id, 0, 2n)).to.equal(false)
        expect(await registry.hasVoted(id, 1, 1n)).to.equal(false)
        expect(await client.calls()).to.equal(0n)
      })

      it('does not count votes for different answers together', async () => {
        const fixture = await loadFixture(quorum)
        const { registry, id } = fixture
        await vote(fixture, id, 0, [0], ANSWER)
        await expect(report(fixture, 1, id, 0, OTHER)).not.to.emit(registry, 'StageAnswered')
        await expect(report(fixture, 2, id, 0, ANSWER)).to.emit(registry, 'StageAnswered')
      })

      it('pays those that agreed, in equal shares, and counts who did not', async () => {
        const fixture = await loadFixture(quorum)
        const { registry, owners, id } = fixture
        await vote(fixture, id, 0, [1], OTHER)
        await vote(fixture, id, 0, [2, 0], ANSWER)

        expect(await registry.agreeing(id, 0)).to.deep.equal([owners[2].address, owners[0].address])
        expect(await creditsOf(fixture, owners)).to.deep.equal([share(0), 0n, share(0)])
        const views = await Promise.all([1n, 2n, 3n].map((id) => registry.getOperator(id)))
        expect(views.map(({ agreed, dissented, missed }) => [agreed, dissented, missed])).to.deep.equal([
          [1n, 0n, 0n],
          [0n, 1n, 0n],
          [1n, 0n, 0n],
        ])
      })

      it('counts a stage as missed by who was not needed', async () => {
        const fixture = await loadFixture(quorum)
        await vote(fixture, fixture.id, 0, [0, 1])
        const { agreed, dissented, missed } = await fixture.registry.getOperator(3n)
        expect([agreed, dissented, missed]).to.deep.equal([0n, 0n, 1n])
      })

      it('tells an answer from a failure of the same bytes', async () => {
        const fixture = await loadFixture(quorum)
        const { registry, id } = fixture
        const zero = `0x${'00'.repeat(32)}`
        await registry.connect(fixture.reporters[0]).reportFailure(id, 0, REASON.NotFound)
        await expect(report(fixture, 1, id, 0, zero)).not.to.emit(registry, 'StageAnswered')
      })
    })

    it('refuses an unknown request', async () => {
      const fixture = await loadFixture(single)
      await expect(report(fixture, 0, 9n, 0))
        .to.be.revertedWithCustomError(fixture.registry, 'UnknownRequest')
        .withArgs(9n)
    })

    it("refuses who is nobody's reporter", async () => {
      const { registry, stranger, owner, id } = await loadFixture(single)
      for (const caller of [stranger, owner]) {
        await expect(registry.connect(caller).report(id, 0, ANSWER))
          .to.be.revertedWithCustomError(registry, 'NotReporter')
          .withArgs(caller.address)
      }
    })

    it('refuses a second vote on the stage, for the same answer or another', async () => {
      const fixture = await loadFixture(quorum)
      await vote(fixture, fixture.id, 0, [0])
      for (const data of [ANSWER, OTHER]) {
        await expect(report(fixture, 0, fixture.id, 0, data))
          .to.be.revertedWithCustomError(fixture.registry, 'AlreadyVoted')
          .withArgs(fixture.id, 0n, 1n)
      }
    })

    it('refuses a stage before its turn and one that is answered', async () => {
      const fixture = await loadFixture(three)
      await expect(report(fixture, 0, fixture.id, 1))
        .to.be.revertedWithCustomError(fixture.registry, 'WrongStage')
        .withArgs(0n, 1n)
      await vote(fixture, fixture.id, 0, [0])
      await expect(report(fixture, 0, fixture.id, 0))
        .to.be.revertedWithCustomError(fixture.registry, 'WrongStage')
        .withArgs(1n, 0n)
    })

    it('refuses the last stage when only the requester concludes it', async () => {
      const fixture = await loadFixture(three)
      for (const stage of [0, 1]) await vote(fixture, fixture.id, stage, [0])
      await expect(report(fixture, 0, fixture.id, 2))
        .to.be.revertedWithCustomError(fixture.registry, 'StageNotVoted')
        .withArgs(fixture.id, 2n)
    })

    it('refuses an operator that left', async () => {
      const fixture = await loadFixture(quorum)
      await fixture.registry.connect(fixture.owners[0]).leave(1n)
      await expect(report(fixture, 0, fixture.id, 0))
        .to.be.revertedWithCustomError(fixture.registry, 'NotReporter')
        .withArgs(fixture.reporters[0].address)
    })

    it('refuses an operator that joined in the epoch of the request or later', async () => {
      const fixture = await loadFixture(served(2, 2))
      const { registry, client, stranger } = fixture
      await registry.admit(PROVIDER, stranger)
      await inOneEpoch(async () => [
        await registry.connect(stranger).join(PROVIDER, stranger, '', { gasLimit: 1_000_000n }),
        await client.ask(PROVIDER, ONE, PAYLOAD, 1n, 1_000n, { value: 2n * FEE, gasLimit: 1_000_000n }),
      ])
      expect((await registry.getRequest(1n)).requestedEpoch).to.equal((await registry.getOperator(3n)).joinedEpoch)

      await expect(registry.connect(stranger).report(1n, 0, ANSWER))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(3n, 1n)
    })

    it('refuses an operator that did not opt in to the version of the request', async () => {
      const fixture = await loadFixture(served(2, 3))
      const { registry, client, owners } = fixture
      await registry.proposeConfig(PROVIDER, fixture.rules)
      for (const voter of [0, 1]) await registry.connect(owners[voter]).optIn(voter + 1, 2)
      await mineUpTo((await registry.getProvider(PROVIDER)).proposedEpoch)
      await client.ask(PROVIDER, ONE, PAYLOAD, 1n, (await now()) + 100n, { value: 2n * FEE })

      await expect(report(fixture, 2, 1n, 0))
        .to.be.revertedWithCustomError(registry, 'NotEligible')
        .withArgs(3n, 1n)
      await expect(report(fixture, 0, 1n, 0)).to.emit(registry, 'Voted')
    })

    it('takes an answer of 1,024 bytes and refuses 1,025', async () => {
      const fixture = await loadFixture(single)
      await expect(report(fixture, 0, fixture.id, 0, `0x${'00'.repeat(1025)}`))
        .to.be.revertedWithCustomError(fixture.registry, 'AnswerTooLong')
        .withArgs(1024n, 1025n)
      await expect(report(fixture, 0, fixture.id, 0, `0x${'00'.repeat(1024)}`)).to.emit(
        fixture.registry,
        'StageAnswered',
      )
    })

    context('at the deadline', () => {
      it('takes a vote in that very epoch', async () => {
        const fixture = await loadFixture(single)
        await mineUpTo(fixture.deadline - 1n)
        await expect(report(fixture, 0, fixture.id, 0)).to.emit(fixture.registry, 'StageAnswered')
        expect(await now()).to.equal(fixture.deadline)
      })

      it('refuses one in the epoch after', async () => {
        const fixture = await loadFixture(single)
        await mineUpTo(fixture.deadline)
        await expect(report(fixture, 0, fixture.id, 0))
          .to.be.revertedWithCustomError(fixture.registry, 'DeadlinePassed')
          .withArgs(fixture.deadline, fixture.deadline + 1n)
      })
    })
  })

  describe('report, where answers can be challenged', () => {
    it('answers the stage, and neither pays nor delivers', async () => {
      const fixture = await loadFixture(asked(2, 3, THREE, WINDOW))
      const { registry, client, owners, id } = fixture
      await report(fixture, 0, id, 0)

      const reporting = await report(fixture, 1, id, 0)

      const epoch = await now()
      const matureEpoch = epoch + BigInt(WINDOW)
      await expect(reporting).to.emit(registry, 'StageAnswered').withArgs(id, 0n, ANSWER, matureEpoch)
      for (const event of ['StageSettled', 'Credited', 'Delivered', 'DeliveryFailed'] as const) {
        await expect(reporting).not.to.emit(registry, event)
      }
      expect(fieldsOf(await registry.getAnswer(id, 0))).to.deep.equal({
        ...{ answerHash: answerHash(true, ANSWER), answeredEpoch: epoch, matureEpoch, ok: true },
        ...{ standing: ANSWER_STANDING.Challengeable, delivery: DELIVERY.Due },
      })
      const { state, stage, settled, escrow } = await registry.getRequest(id)
      expect([state, stage, settled, escrow]).to.deep.equal([STATE.Open, 1n, 0n, 2n * (share(1) + share(2))])
      expect(await creditsOf(fixture, [...owners, client])).to.deep.equal([0n, 0n, 0n, 0n])
      expect(await client.calls()).to.equal(0n)
    })

    it('takes the next stage at once: nobody waits for the window', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE, WINDOW))
      const { registry, id } = fixture
      await report(fixture, 0, id, 0)
      await report(fixture, 0, id, 1)
      expect((await registry.getRequest(id)).stage).to.equal(2n)
      const [first, second] = await Promise.all([registry.getAnswer(id, 0), registry.getAnswer(id, 1)])
      expect(second.matureEpoch).to.equal(first.matureEpoch + 1n)
    })

    it('refuses while a challenge is open, naming its stage', async () => {
      const fixture = await loadFixture(asked(2, 3, THREE, WINDOW))
      const { registry, stranger, id } = fixture
      await vote(fixture, id, 0, [0, 1])
      await registry.connect(stranger).challenge(id, 0, '0x', { value: await registry.bondFor(id, 0) })
      await expect(report(fixture, 0, id, 1))
        .to.be.revertedWithCustomError(registry, 'UnderChallenge')
        .withArgs(id, 0n)
    })

    it('goes on after an answer, though its requester took early ones', async () => {
      const fixture = await loadFixture(asked(1, 1, THREE, WINDOW))
      const { registry, client, id } = fixture
      await act(fixture, 'allowEarly', id)
      await expect(report(fixture, 0, id, 0))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 0n)
      await expect(report(fixture, 0, id, 1))
        .to.emit(registry, 'Delivered')
        .withArgs(id, 1n)
      expect(await client.calls()).to.equal(2n)
      expect((await registry.getRequest(id)).settled).to.equal(0n)
    })
  })
})
