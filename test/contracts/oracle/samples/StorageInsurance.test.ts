import { expect } from 'chai'
import { answer, challenge, deliver, fail, mature, now, rule } from '../../../helpers/answers.ts'
import { REASON, RULING } from '../../../helpers/registry.ts'
import { DAY, DEAL, ethers, JOB, loadFixture, mine, mineUpTo, PROVIDER, reported, setBalance } from '../edge-world.ts'
import { active, bought, books, check, covered, DEAL_ID, funded, offered, removed, TERM } from './insurance-world.ts'
import { BEGIN, GRACE, PAYOUT, POLICY, POOL, PREMIUM, WAITING } from './insurance-world.ts'

const none = { underwriter: 0n, holder: 0n }
const OFFERED = { free: POOL - PAYOUT, liabilities: POOL, balance: POOL, ...none }
const BOUGHT = { ...OFFERED, liabilities: POOL + PREMIUM, balance: POOL + PREMIUM }
const DECLINED = { ...BOUGHT, state: POLICY.Over, free: POOL, holder: PREMIUM }
const PAID_OUT = { ...BOUGHT, state: POLICY.PaidOut, free: POOL - PAYOUT + PREMIUM, holder: PAYOUT }
const EARNED = { ...BOUGHT, state: POLICY.Over, free: POOL + PREMIUM }

describe('StorageInsurance', () => {
  const empty = () => funded()
  const offer = () => offered()
  const waiting = () => bought()
  const challengeable = () => bought(10)

  describe('fund', () => {
    it("adds to the pool, and nobody's coins are taken in another way", async () => {
      const { registry, sample, owner, stranger } = await loadFixture(empty)
      const funding = sample.fund({ value: 5n })
      await expect(funding).to.emit(sample, 'Funded').withArgs(5n)
      await expect(funding).to.changeEtherBalances(ethers, [owner, sample], [-5n, 5n])
      expect([await sample.free(), await sample.liabilities()]).to.deep.equal([POOL + 5n, POOL + 5n])
      await expect(stranger.sendTransaction({ to: sample, value: 1n }))
        .to.be.revertedWithCustomError(sample, 'NotTheRegistry')
        .withArgs(registry, stranger.address)
    })

    it('is for the underwriter', async () => {
      const { sample, owner, stranger } = await loadFixture(empty)
      await expect(sample.connect(stranger).fund({ value: 5n }))
        .to.be.revertedWithCustomError(sample, 'NotUnderwriter')
        .withArgs(owner.address, stranger.address)
    })
  })

  describe('release', () => {
    it("moves what is not set aside to the underwriter's credit", async () => {
      const insurance = await loadFixture(offer)
      await insurance.sample.release(POOL - PAYOUT)
      expect(await books(insurance)).to.deep.equal({
        ...{ ...OFFERED, state: POLICY.Offered, free: 0n, underwriter: POOL - PAYOUT },
      })
    })

    it('refuses what is set aside', async () => {
      const { sample } = await loadFixture(offer)
      await expect(sample.release(POOL - PAYOUT + 1n))
        .to.be.revertedWithCustomError(sample, 'NotEnoughFree')
        .withArgs(POOL - PAYOUT, POOL - PAYOUT + 1n)
    })

    it('is for the underwriter', async () => {
      const { sample, owner, stranger } = await loadFixture(empty)
      await expect(sample.connect(stranger).release(1n))
        .to.be.revertedWithCustomError(sample, 'NotUnderwriter')
        .withArgs(owner.address, stranger.address)
    })
  })

  describe('offer', () => {
    it('sets the payout aside', async () => {
      const insurance = await loadFixture(empty)
      const { sample, asker } = insurance
      await expect(sample.offer(asker, DEAL_ID, PREMIUM, PAYOUT))
        .to.emit(sample, 'PolicyOffered')
        .withArgs(1n, asker.address, DEAL_ID, PREMIUM, PAYOUT)
      expect(await books(insurance)).to.deep.equal({ ...OFFERED, state: POLICY.Offered })
      expect([...(await sample.getPolicy(1n))]).to.deep.equal([
        ...[asker.address, POLICY.Offered, DEAL_ID, 0n, 0n, PREMIUM, PAYOUT],
      ])
    })

    it('refuses a payout that the pool does not hold, or of nothing', async () => {
      const { sample, asker } = await loadFixture(offer)
      await expect(sample.offer(asker, DEAL_ID, PREMIUM, POOL - PAYOUT + 1n))
        .to.be.revertedWithCustomError(sample, 'NotEnoughFree')
        .withArgs(POOL - PAYOUT, POOL - PAYOUT + 1n)
      await expect(sample.offer(asker, DEAL_ID, PREMIUM, 0n)).to.be.revertedWithCustomError(sample, 'ZeroPayout')
    })

    it("is for the underwriter: nobody insures a provider's own deal without its judgement", async () => {
      const { sample, owner, stranger } = await loadFixture(empty)
      await expect(sample.connect(stranger).offer(stranger, DEAL_ID, 0n, POOL))
        .to.be.revertedWithCustomError(sample, 'NotUnderwriter')
        .withArgs(owner.address, stranger.address)
    })
  })

  describe('revoke', () => {
    it('frees what was set aside', async () => {
      const insurance = await loadFixture(offer)
      await expect(insurance.sample.revoke(1n)).to.emit(insurance.sample, 'PolicyOver').withArgs(1n, 0n)
      expect(await books(insurance)).to.deep.equal({ ...OFFERED, state: POLICY.Over, free: POOL })
    })

    it('refuses a policy that is bought, revoked, or none', async () => {
      const { sample } = await loadFixture(waiting)
      await sample.offer(sample, DEAL_ID, 0n, 1n)
      await sample.revoke(2n)
      for (const [policyId, state] of [
        [1n, POLICY.Waiting],
        [2n, POLICY.Over],
        [3n, POLICY.None],
      ]) {
        await expect(sample.revoke(policyId))
          .to.be.revertedWithCustomError(sample, 'WrongState')
          .withArgs(policyId, POLICY.Offered, state)
      }
    })

    it('is for the underwriter', async () => {
      const { sample, owner, asker } = await loadFixture(offer)
      await expect(sample.connect(asker).revoke(1n))
        .to.be.revertedWithCustomError(sample, 'NotUnderwriter')
        .withArgs(owner.address, asker.address)
    })
  })

  describe('buy', () => {
    it('takes the premium and begins the waiting time', async () => {
      const insurance = await loadFixture(offer)
      const { sample, asker } = insurance
      const checkEpoch = (await now()) + 1n + WAITING
      const buying = sample.connect(asker).buy(1n, { value: PREMIUM })
      await expect(buying).to.emit(sample, 'PolicyBought').withArgs(1n, checkEpoch)
      await expect(buying).to.changeEtherBalances(ethers, [asker, sample], [-PREMIUM, PREMIUM])
      expect(await books(insurance)).to.deep.equal({ ...BOUGHT, state: POLICY.Waiting })
      expect((await sample.getPolicy(1n)).checkEpoch).to.equal(checkEpoch)
    })

    it('is for the holder, at the premium, once', async () => {
      const { sample, asker, stranger } = await loadFixture(offer)
      await expect(sample.connect(stranger).buy(1n, { value: PREMIUM }))
        .to.be.revertedWithCustomError(sample, 'NotHolder')
        .withArgs(asker.address, stranger.address)
      await expect(sample.connect(asker).buy(1n, { value: PREMIUM + 1n }))
        .to.be.revertedWithCustomError(sample, 'WrongPremium')
        .withArgs(PREMIUM, PREMIUM + 1n)
      await sample.connect(asker).buy(1n, { value: PREMIUM })
      await expect(sample.connect(asker).buy(1n, { value: PREMIUM }))
        .to.be.revertedWithCustomError(sample, 'WrongState')
        .withArgs(1n, POLICY.Offered, POLICY.Waiting)
    })
  })

  describe('check', () => {
    it('asks for the status of the deal, for anybody who pays', async () => {
      const { registry, edge, sample, stranger, price } = await loadFixture(waiting)
      const deadline = (await now()) + 1n + DAY
      const checking = sample.connect(stranger).check(1n, { value: price })
      await expect(checking).to.emit(sample, 'DealChecked').withArgs(1n, 1n)
      await expect(checking)
        .to.emit(registry, 'Requested')
        .withArgs(...[1n, PROVIDER, sample, 1n, JOB.status, await edge.encodeStatus(DEAL_ID), 1n, deadline, price])
      await expect(checking).to.changeEtherBalances(ethers, [stranger, sample, registry], [-price, 0n, price])
    })

    it("cannot be paid out of the pool: another amount than the registry's quote is refused", async () => {
      const { registry, sample, price } = await loadFixture(waiting)
      await expect(sample.check(1n)).to.be.revertedWithCustomError(registry, 'WrongFee').withArgs(price, 0n)
    })

    it('gives the fee back to who checked when nobody answers, and touches no other money', async () => {
      const insurance = await loadFixture(waiting)
      const { registry, sample, stranger, price } = insurance
      const id = await check(insurance)
      await mine(DAY)
      await expect(sample.connect(stranger).refundTo(id, stranger)).to.changeEtherBalances(
        ethers,
        [registry, sample, stranger],
        [-price, 0n, price],
      )
      expect(await books(insurance)).to.deep.equal({ ...BOUGHT, state: POLICY.Waiting })
    })

    it('refuses within the waiting time', async () => {
      const { sample, asker, price } = await loadFixture(offer)
      await sample.connect(asker).buy(1n, { value: PREMIUM })
      const { checkEpoch } = await sample.getPolicy(1n)
      await mineUpTo(checkEpoch - 2n)
      await expect(sample.check(1n, { value: price }))
        .to.be.revertedWithCustomError(sample, 'TooEarly')
        .withArgs(checkEpoch, checkEpoch - 1n)
      await mine(1)
      await expect(sample.check(1n, { value: price })).to.emit(sample, 'DealChecked')
    })

    it('refuses from the end of the cover on: an answer would not count', async () => {
      const { sample, endEpoch, price } = await loadFixture(covered)
      await mineUpTo(endEpoch - 1n)
      await expect(sample.check(1n, { value: price }))
        .to.be.revertedWithCustomError(sample, 'CoverEnded')
        .withArgs(endEpoch, endEpoch)
    })

    it('refuses a policy that is not bought, over, or none', async () => {
      const { sample, price } = await loadFixture(offer)
      for (const [policyId, state] of [
        [1n, POLICY.Offered],
        [2n, POLICY.None],
      ]) {
        await expect(sample.check(policyId, { value: price }))
          .to.be.revertedWithCustomError(sample, 'NotCheckable')
          .withArgs(policyId, state)
      }
      await sample.revoke(1n)
      await expect(sample.check(1n, { value: price }))
        .to.be.revertedWithCustomError(sample, 'NotCheckable')
        .withArgs(1n, POLICY.Over)
    })
  })

  describe('the beginning of the cover', () => {
    it('is the answer that the deal is active', async () => {
      const insurance = await loadFixture(waiting)
      const id = await check(insurance)
      const endEpoch = (await now()) + TERM
      await expect(answer(insurance, id, 0, reported(active(endEpoch))))
        .to.emit(insurance.sample, 'CoverBegun')
        .withArgs(1n, endEpoch)
      expect(await books(insurance)).to.deep.equal({ ...BOUGHT, state: POLICY.Covered })
      expect((await insurance.sample.getPolicy(1n)).endEpoch).to.equal(endEpoch)
    })

    it('does not come from an answer that can be challenged', async () => {
      const insurance = await loadFixture(challengeable)
      const { sample } = insurance
      const id = await check(insurance)
      const data = reported(active((await now()) + TERM))
      await expect(answer(insurance, id, 0, data)).not.to.emit(sample, 'CoverBegun')
      await expect(deliver(insurance, id, 0, data)).to.emit(sample, 'CoverBegun')
    })

    it('waits on while the deal is only published', async () => {
      const insurance = await loadFixture(waiting)
      const id = await check(insurance)
      await answer(insurance, id, 0, reported({ ...active((await now()) + TERM), state: DEAL.Published }))
      expect(await books(insurance)).to.deep.equal({ ...BOUGHT, state: POLICY.Waiting })
    })

    it('waits on when the operators cannot tell', async () => {
      const insurance = await loadFixture(waiting)
      await fail(insurance, await check(insurance), 0, REASON.NotFound)
      expect(await books(insurance)).to.deep.equal({ ...BOUGHT, state: POLICY.Waiting })
    })

    for (const [title, status] of [
      ['was lost already', () => removed],
      [
        'was lost already, whatever end is named',
        (epoch: bigint) => ({ ...active(epoch + TERM), state: DEAL.Removed }),
      ],
      ['never was', () => ({ ...removed, state: DEAL.Unknown })],
      ['is over', () => ({ ...active(5n), state: DEAL.Ended })],
      ['is over when the answer comes', (epoch: bigint) => active(epoch)],
    ] as const) {
      it(`does not come when the deal ${title}: the premium goes back, the payout to the pool`, async () => {
        const insurance = await loadFixture(waiting)
        const id = await check(insurance)
        const atAnswer = (await now()) + 2n
        await expect(answer(insurance, id, 0, reported(status(atAnswer))))
          .to.emit(insurance.sample, 'PolicyOver')
          .withArgs(1n, PREMIUM)
        expect(await books(insurance)).to.deep.equal(DECLINED)
      })
    }

    it('does not come after a policy expired: a late answer changes nothing', async () => {
      const insurance = await loadFixture(challengeable)
      const { sample } = insurance
      const { checkEpoch } = await sample.getPolicy(1n)
      const id = await check(insurance)
      const data = reported(active((await now()) + 2n * BEGIN))
      await answer(insurance, id, 0, data)
      await mineUpTo(checkEpoch + BEGIN)
      await sample.expire(1n)
      await deliver(insurance, id, 0, data)
      expect(await books(insurance)).to.deep.equal(DECLINED)
    })
  })

  describe('a loss', () => {
    it('is the answer that the deal is removed, before its end: the holder may take the payout', async () => {
      const insurance = await loadFixture(covered)
      const { sample, asker } = insurance
      const id = await check(insurance)
      await expect(answer(insurance, id, 0, reported(removed)))
        .to.emit(sample, 'PolicyPaidOut')
        .withArgs(1n, id, asker.address, PAYOUT)
      expect(await books(insurance)).to.deep.equal(PAID_OUT)
    })

    it('counts in the last epoch before the end, not in the first after it', async () => {
      for (const [late, expected] of [
        [0n, POLICY.PaidOut],
        [1n, POLICY.Covered],
      ]) {
        const insurance = await loadFixture(covered)
        const { registry, sample, reporters, endEpoch } = insurance
        const id = await check(insurance)
        await registry.connect(reporters[0]).report(id, 0, reported(removed))
        await mineUpTo(endEpoch - 2n + late)
        await registry.connect(reporters[1]).report(id, 0, reported(removed))
        expect((await registry.getAnswer(id, 0)).answeredEpoch).to.equal(endEpoch - 1n + late)
        expect((await sample.getPolicy(1n)).state).to.equal(expected)
      }
    })

    it('is not that the market removed a deal after its end: anybody can settle one that was kept', async () => {
      const insurance = await loadFixture(covered)
      const { sample, endEpoch } = insurance
      await mineUpTo(endEpoch - 2n)
      const id = await check(insurance)
      await expect(answer(insurance, id, 0, reported(removed))).not.to.emit(sample, 'PolicyPaidOut')
      expect(await books(insurance)).to.deep.equal({ ...BOUGHT, state: POLICY.Covered })
    })

    it('is paid also when its answer is delivered after the end', async () => {
      const insurance = await loadFixture(challengeable)
      const { sample, asker } = insurance
      const first = await check(insurance)
      const endEpoch = (await now()) + 60n
      await answer(insurance, first, 0, reported(active(endEpoch)))
      await deliver(insurance, first, 0, reported(active(endEpoch)))
      const second = await check(insurance)
      await answer(insurance, second, 0, reported(removed))
      await mature(insurance, second, 0)
      await mineUpTo(endEpoch + GRACE - 1n)

      await expect(insurance.registry.deliver(second, 0, reported(removed)))
        .to.emit(sample, 'PolicyPaidOut')
        .withArgs(1n, second, asker.address, PAYOUT)
    })

    it('is not a lie that was challenged in time', async () => {
      const insurance = await loadFixture(challengeable)
      const { challenger } = insurance
      const first = await check(insurance)
      const data = reported(active((await now()) + TERM))
      await answer(insurance, first, 0, data)
      await deliver(insurance, first, 0, data)
      const second = await check(insurance)
      await answer(insurance, second, 0, reported(removed))
      await challenge(insurance, second, 0, challenger)
      await rule(insurance, second, 0, RULING.Upheld)
      expect(await books(insurance)).to.deep.equal({ ...BOUGHT, state: POLICY.Covered })
    })

    for (const state of ['Unknown', 'Published', 'Active', 'Ended'] as const) {
      it(`is not the answer ${state}`, async () => {
        const insurance = await loadFixture(covered)
        const id = await check(insurance)
        await answer(insurance, id, 0, reported({ ...active(insurance.endEpoch), state: DEAL[state] }))
        expect(await books(insurance)).to.deep.equal({ ...BOUGHT, state: POLICY.Covered })
      })
    }

    it('is paid once, however often it is shown', async () => {
      const insurance = await loadFixture(covered)
      const first = await check(insurance)
      const second = await check(insurance)
      await answer(insurance, first, 0, reported(removed))
      await answer(insurance, second, 0, reported(removed))
      await expect(insurance.sample.sync(first, 0, reported(removed)))
        .to.be.revertedWithCustomError(insurance.sample, 'StageOutOfOrder')
        .withArgs(first, 1n, 0n)
      expect(await books(insurance)).to.deep.equal(PAID_OUT)
    })

    it('is shown by an older question too, when a later one began the cover: what is removed was active before', async () => {
      const insurance = await loadFixture(waiting)
      const first = await check(insurance)
      const second = await check(insurance)
      await answer(insurance, second, 0, reported(active((await now()) + TERM)))
      await answer(insurance, first, 0, reported(removed))
      expect(await books(insurance)).to.deep.equal(PAID_OUT)
    })

    it('is not the answer about another deal, which is not taken', async () => {
      const insurance = await loadFixture(covered)
      const { registry, sample } = insurance
      const id = await check(insurance)
      const data = reported({ ...removed, dealId: 43n })
      await expect(answer(insurance, id, 0, data))
        .to.emit(registry, 'DeliveryFailed')
        .withArgs(id, 0n)
      await expect(sample.sync(id, 0, data))
        .to.be.revertedWithCustomError(sample, 'WrongDeal')
        .withArgs(DEAL_ID, 43n)
    })

    it("leaves another holder's policy on the same deal as it is", async () => {
      const insurance = await loadFixture(covered)
      const { sample, stranger } = insurance
      await sample.offer(stranger, DEAL_ID, 1n, 1_000n)
      await sample.connect(stranger).buy(2n, { value: 1n })
      await answer(insurance, await check(insurance), 0, reported(removed))
      expect((await sample.getPolicy(2n)).state).to.equal(POLICY.Waiting)
      expect(await sample.creditOf(stranger)).to.equal(0n)
    })
  })

  describe('expire', () => {
    it('gives the premium back when the cover did not begin in time', async () => {
      const insurance = await loadFixture(waiting)
      const { sample, stranger } = insurance
      const { checkEpoch } = await sample.getPolicy(1n)
      await mineUpTo(checkEpoch + BEGIN - 1n)
      await expect(sample.connect(stranger).expire(1n))
        .to.be.revertedWithCustomError(sample, 'TooEarly')
        .withArgs(checkEpoch + BEGIN + 1n, checkEpoch + BEGIN)
      await mine(1)
      await expect(sample.connect(stranger).expire(1n)).to.emit(sample, 'PolicyOver').withArgs(1n, PREMIUM)
      expect(await books(insurance)).to.deep.equal(DECLINED)
    })

    it('gives premium and payout to the pool when cover and grace are over', async () => {
      const insurance = await loadFixture(covered)
      const { sample, stranger, endEpoch } = insurance
      await mineUpTo(endEpoch + GRACE - 1n)
      await expect(sample.connect(stranger).expire(1n))
        .to.be.revertedWithCustomError(sample, 'TooEarly')
        .withArgs(endEpoch + GRACE + 1n, endEpoch + GRACE)
      await mine(1)
      await expect(sample.connect(stranger).expire(1n)).to.emit(sample, 'PolicyOver').withArgs(1n, 0n)
      expect(await books(insurance)).to.deep.equal(EARNED)
    })

    it('refuses a policy that is offered, paid out, over, or none', async () => {
      const insurance = await loadFixture(covered)
      const { sample, asker } = insurance
      await answer(insurance, await check(insurance), 0, reported(removed))
      await sample.offer(asker, DEAL_ID, 0n, 1n)
      await sample.offer(asker, DEAL_ID, 0n, 1n)
      await sample.revoke(3n)
      for (const [policyId, state] of [
        [1n, POLICY.PaidOut],
        [2n, POLICY.Offered],
        [3n, POLICY.Over],
        [4n, POLICY.None],
      ]) {
        await expect(sample.expire(policyId))
          .to.be.revertedWithCustomError(sample, 'WrongState')
          .withArgs(policyId, POLICY.Covered, state)
      }
    })
  })

  describe('withdraw', () => {
    async function lost() {
      const insurance = await covered()
      await answer(insurance, await check(insurance), 0, reported(removed))
      return insurance
    }

    it('pays the credit to whom its owner names, once', async () => {
      const { sample, asker, challenger } = await loadFixture(lost)
      const paying = sample.connect(asker).withdraw(challenger)
      await expect(paying).to.emit(sample, 'Withdrawn').withArgs(asker.address, challenger.address, PAYOUT)
      await expect(paying).to.changeEtherBalances(ethers, [sample, asker, challenger], [-PAYOUT, 0n, PAYOUT])
      await expect(sample.connect(asker).withdraw(asker))
        .to.be.revertedWithCustomError(sample, 'NoCredit')
        .withArgs(asker.address)
    })

    it('empties the contract to the attoFIL when all have taken theirs, and leaves forced coins alone', async () => {
      const insurance = await loadFixture(lost)
      const { sample, owner, asker } = insurance
      const address = await sample.getAddress()
      await setBalance(address, (await ethers.provider.getBalance(address)) + 3n)

      await sample.release(await sample.free())
      await expect(sample.withdraw(owner)).to.changeEtherBalance(ethers, owner, POOL - PAYOUT + PREMIUM)
      await expect(sample.connect(asker).withdraw(asker)).to.changeEtherBalance(ethers, asker, PAYOUT)

      expect(await books(insurance)).to.deep.equal({
        ...{ state: POLICY.PaidOut, free: 0n, liabilities: 0n, balance: 3n, ...none },
      })
      await expect(sample.offer(asker, DEAL_ID, 0n, 1n))
        .to.be.revertedWithCustomError(sample, 'NotEnoughFree')
        .withArgs(0n, 1n)
    })

    it('is refused when the account does not take money, and can be asked again', async () => {
      const { edge, sample, asker } = await loadFixture(lost)
      await expect(sample.connect(asker).withdraw(await edge.getAddress()))
        .to.be.revertedWithCustomError(sample, 'PaymentFailed')
        .withArgs(edge, PAYOUT)
      await expect(sample.connect(asker).withdraw(asker)).to.changeEtherBalance(ethers, asker, PAYOUT)
    })

    it('pays once to who calls again when paid', async () => {
      const { sample } = await loadFixture(empty)
      const thief = await ethers.deployContract('Reentrant')
      const { interface: calls } = sample
      await sample.offer(thief, DEAL_ID, PREMIUM, PAYOUT)
      await thief.act(sample, calls.encodeFunctionData('buy', [1n]), { value: PREMIUM })
      await mineUpTo((await now()) + WAITING + BEGIN)
      await sample.expire(1n)

      const paying = thief.actTwice(sample, calls.encodeFunctionData('withdraw', [await thief.getAddress()]))

      await expect(paying).to.changeEtherBalances(ethers, [sample, thief], [-PREMIUM, PREMIUM])
      expect([await thief.calls(), await thief.secondSucceeded()]).to.deep.equal([1n, false])
      expect(await thief.secondResult()).to.equal(calls.encodeErrorResult('NoCredit', [await thief.getAddress()]))
    })
  })
})
