import { expect } from 'chai'
import {
  act,
  ANSWER_STANDING,
  asked,
  challenge,
  creditsOf,
  DELIVERY,
  ethers,
  fail,
  feeOf,
  JOBS,
  loadFixture,
  locksOf,
  mature,
  mine,
  mineUpTo,
  now,
  ONE,
  OTHER,
  REASON,
  rule,
  rules,
  RULING,
  shareOf,
  STATE,
  THREE,
  TWO,
  vote,
  WINDOW,
} from './world.ts'

const { slash: SLASH } = rules({ windowEpochs: WINDOW })
const share = (job: number, stage: number) => shareOf(rules(), job, stage)

describe('OracleRegistry', () => {
  const answered = (m: number, n: number, job: number) => {
    const name = `answered ${m}/${n} job ${job}`
    fixtures[name] ??= async () => {
      const fixture = await asked(m, n, job, WINDOW)()
      await vote(
        fixture,
        fixture.id,
        0,
        Array.from({ length: m }, (_, voter) => voter),
      )
      return { ...fixture, matureEpoch: (await fixture.registry.getAnswer(fixture.id, 0)).matureEpoch }
    }
    return fixtures[name]
  }
  const fixtures: Record<
    string,
    () => Promise<Awaited<ReturnType<ReturnType<typeof asked>>> & { matureEpoch: bigint }>
  > = {}

  describe('sync', () => {
    it('refuses in the last epoch in which the answer can be challenged', async () => {
      const { registry, id, matureEpoch } = await loadFixture(answered(1, 1, ONE))
      await mineUpTo(matureEpoch - 1n)
      await expect(registry.sync(id)).to.be.revertedWithCustomError(registry, 'NothingToSettle').withArgs(id)
      await mine()
      expect((await registry.getAnswer(id, 0)).standing).to.equal(ANSWER_STANDING.Challengeable)
      await mine()
      expect((await registry.getAnswer(id, 0)).standing).to.equal(ANSWER_STANDING.Final)
    })

    for (const m of [1, 2, 3]) {
      it(`pays ${m} of ${2 * m - 1} in the epoch after, whoever asks, and frees their stake`, async () => {
        const fixture = await loadFixture(answered(m, 2 * m - 1, ONE))
        const { registry, owners, stranger, client, id, matureEpoch } = fixture
        await mineUpTo(matureEpoch)

        const syncing = await registry.connect(stranger).sync(id)

        expect(await now()).to.equal(matureEpoch + 1n)
        const fee = feeOf(fixture.rules, ONE)
        await expect(syncing).to.emit(registry, 'StageSettled').withArgs(id, 0n, fee)
        for (const owner of owners.slice(0, m)) {
          await expect(syncing).to.emit(registry, 'Credited').withArgs(owner, id, share(ONE, 0))
        }
        await expect(syncing).not.to.emit(registry, 'Delivered')
        await expect(syncing).to.changeEtherBalances(ethers, [registry], [0n])
        expect(await creditsOf(fixture, owners)).to.deep.equal(owners.map((_, i) => (i < m ? share(ONE, 0) : 0n)))
        expect(await locksOf(fixture)).to.deep.equal(owners.map(() => 0n))
        expect((await registry.getRequest(id)).settled).to.equal(1n)
        const { standing, delivery } = await registry.getAnswer(id, 0)
        expect([standing, delivery]).to.deep.equal([ANSWER_STANDING.Final, DELIVERY.Due])
        expect(await client.calls()).to.equal(0n)
      })
    }

    it('is refused a second time, and where answers are settled at their quorum', async () => {
      const { registry, id, matureEpoch } = await loadFixture(answered(1, 1, ONE))
      await mineUpTo(matureEpoch)
      await registry.sync(id)
      await expect(registry.sync(id)).to.be.revertedWithCustomError(registry, 'NothingToSettle').withArgs(id)

      const other = await loadFixture(asked(1, 1, ONE))
      await vote(other, other.id, 0, [0])
      await expect(other.registry.sync(other.id))
        .to.be.revertedWithCustomError(other.registry, 'NothingToSettle')
        .withArgs(other.id)
    })

    it('refuses an unknown request', async () => {
      const { registry } = await loadFixture(answered(1, 1, ONE))
      await expect(registry.sync(9n)).to.be.revertedWithCustomError(registry, 'UnknownRequest').withArgs(9n)
    })

    it('settles all that is final, and only that', async () => {
      const fixture = await loadFixture(answered(2, 3, THREE))
      const { registry, owners, id } = fixture
      await mine(5)
      await vote(fixture, id, 1, [2], OTHER)
      await vote(fixture, id, 1, [0, 1])
      await mature(fixture, id, 0)
      await registry.sync(id)
      expect((await registry.getRequest(id)).settled).to.equal(1n)
      expect(await locksOf(fixture)).to.deep.equal([SLASH, SLASH, SLASH])

      await mature(fixture, id, 1)
      const syncing = registry.sync(id)
      await expect(syncing)
        .to.emit(registry, 'StageSettled')
        .withArgs(id, 1n, 2n * share(THREE, 1))
      const both = share(THREE, 0) + share(THREE, 1)
      expect(await creditsOf(fixture, owners)).to.deep.equal([both, both, 0n])
      expect((await registry.getOperator(3n)).dissented).to.equal(1n)
    })

    it('settles two stages at once when nobody asked before', async () => {
      const fixture = await loadFixture(answered(1, 1, TWO))
      const { registry, id } = fixture
      await vote(fixture, id, 1, [0])
      await mature(fixture, id, 1)
      await registry.sync(id)
      expect((await registry.getRequest(id)).settled).to.equal(2n)
      expect(await creditsOf(fixture, fixture.owners)).to.deep.equal([feeOf(fixture.rules, TWO)])
    })

    it('pays m failure fees for a failure', async () => {
      const fixture = await loadFixture(asked(3, 5, ONE, WINDOW))
      const { registry, owners, id } = fixture
      await fail(fixture, id, 0, [4, 2, 0], REASON.BadContent)
      await mature(fixture, id, 0)
      const { failureFee } = JOBS[0]
      await expect(registry.sync(id))
        .to.emit(registry, 'StageSettled')
        .withArgs(id, 0n, 3n * failureFee)
      expect(await creditsOf(fixture, owners)).to.deep.equal([failureFee, 0n, failureFee, 0n, failureFee])
    })

    it('pays an operator that left meanwhile', async () => {
      const fixture = await loadFixture(answered(1, 1, ONE))
      const { registry, owners, id } = fixture
      await registry.connect(owners[0]).leave(1n)
      await mature(fixture, id, 0)
      await registry.sync(id)
      expect(await creditsOf(fixture, owners)).to.deep.equal([share(ONE, 0)])
    })

    for (const [title, end, state] of [
      ['cancelled, with the stage in progress', 'cancel', STATE.Cancelled],
      ['refunded', 'refund', STATE.Expired],
    ] as const) {
      it(`settles what was answered before the request was ${title}`, async () => {
        const fixture = await loadFixture(answered(1, 1, THREE))
        const { registry, owners, id, deadline } = fixture
        if (end === 'refund') await mineUpTo(deadline)
        await act(fixture, end, id)
        const before = await registry.creditOf(owners[0])
        await mature(fixture, id, 0)
        await registry.sync(id)
        const due = share(THREE, 0) + (end === 'cancel' ? share(THREE, 1) : 0n)
        expect((await registry.creditOf(owners[0])) - before).to.equal(due)
        const { state: after, settled } = await registry.getRequest(id)
        expect([after, settled]).to.deep.equal([state, 1n])
      })
    }

    context('when a challenge was opened', () => {
      it('stands still for what was not mature then', async () => {
        const fixture = await loadFixture(answered(1, 1, ONE))
        const { registry, stranger, id, matureEpoch } = fixture
        await mineUpTo(matureEpoch - 1n)
        await challenge(fixture, id, 0, stranger)
        await mine(10)
        await expect(registry.sync(id)).to.be.revertedWithCustomError(registry, 'NothingToSettle').withArgs(id)
      })

      it('goes on for what was mature before', async () => {
        const fixture = await loadFixture(answered(1, 1, TWO))
        const { registry, stranger, id, matureEpoch } = fixture
        await mine(10)
        await vote(fixture, id, 1, [0])
        await mineUpTo(matureEpoch)
        await challenge(fixture, id, 1, stranger)
        await expect(registry.sync(id)).to.emit(registry, 'StageSettled').withArgs(id, 0n, share(TWO, 0))
        expect((await registry.getRequest(id)).settled).to.equal(1n)
      })

      it('settles the stages before a refuted one', async () => {
        const fixture = await loadFixture(answered(1, 1, TWO))
        const { registry, owners, stranger, id } = fixture
        await vote(fixture, id, 1, [0])
        await challenge(fixture, id, 1, stranger)
        await rule(fixture, id, 1, RULING.Upheld)
        expect((await registry.getRequest(id)).state).to.equal(STATE.Refuted)
        await mature(fixture, id, 0)
        await registry.sync(id)
        expect(await creditsOf(fixture, owners)).to.deep.equal([share(TWO, 0)])
        await mine(WINDOW * 2)
        await expect(registry.sync(id)).to.be.revertedWithCustomError(registry, 'NothingToSettle').withArgs(id)
      })
    })
  })
})
