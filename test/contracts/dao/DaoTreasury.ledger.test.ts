import { expect } from 'chai'
import {
  badgeDao,
  carry,
  CID,
  DEPOSIT,
  ethers,
  execute,
  FEE,
  loadFixture,
  MAX_BYTES,
  mineUpTo,
  ORDER_BUDGET,
  ORDER_SIZE,
  orderTerms,
  payloadOf,
  plain,
  propose,
  proposeCid,
  proposeRemoval,
  REQUEST_COST,
  requestTerms,
  REWARD,
  ripen,
  setBalance,
  type DaoWorld,
} from './world.ts'

const ZERO = { deposited: DEPOSIT, refunded: 0n, funded: 0n, paid: 0n, earmarked: 0n }

const balanceOf = async ({ treasury }: DaoWorld) => ethers.provider.getBalance(treasury)

/** What the ledger says, and that what is held is the balance. */
const expectLedger = async (w: DaoWorld, changes: Partial<typeof ZERO>, unseen = 0n) => {
  const ledger = { ...ZERO, ...changes }
  expect(plain(await w.treasury.ledger())).to.deep.equal(ledger)
  const held = ledger.deposited + ledger.refunded - ledger.funded - ledger.paid
  expect(await balanceOf(w)).to.equal(held + unseen)
  expect(await w.treasury.free()).to.equal(held - ledger.earmarked)
}

describe('DaoTreasury: the ledger', () => {
  it('begins with the first deposit', async () => {
    await expectLedger(await loadFixture(badgeDao), {})
  })

  it('counts a deposit of anybody', async () => {
    const w = await loadFixture(badgeDao)
    await expect(w.stranger.sendTransaction({ to: w.treasury, value: 7n }))
      .to.emit(w.treasury, 'Deposited')
      .withArgs(w.stranger.address, 7n)
    await expectLedger(w, { deposited: DEPOSIT + 7n })
  })

  it('counts what a request costs; what is left of its budget stays', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await proposeCid(w)
    await ripen(w, proposal)
    await expectLedger(w, { earmarked: BigInt(requestTerms().budget) })
    await expect(execute(w, proposal)).to.emit(w.treasury, 'CidFunded').withArgs(0n, 1n, REQUEST_COST)
    await expectLedger(w, { funded: REQUEST_COST })
  })

  it('counts all of an order’s budget', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await proposeCid(w, { terms: orderTerms() })
    await ripen(w, proposal)
    await expect(execute(w, proposal)).to.emit(w.treasury, 'CidFunded').withArgs(0n, 1n, ORDER_BUDGET)
    await expectLedger(w, { funded: ORDER_BUDGET })
  })

  it('counts what a proposal pays', async () => {
    const w = await loadFixture(badgeDao)
    const before = await ethers.provider.getBalance(w.stranger)
    await carry(
      w,
      await propose(w, [
        { target: w.stranger, value: 7n },
        { target: w.stranger, value: 2n },
      ]),
    )
    await expectLedger(w, { paid: 9n })
    expect(await ethers.provider.getBalance(w.stranger)).to.equal(before + 9n)
  })

  it('counts what a proposal adds to an order as paid: the DAO is its client', async () => {
    const w = await loadFixture(badgeDao)
    await carry(w, await proposeCid(w, { terms: orderTerms() }))
    const data = w.perpetual.interface.encodeFunctionData('topUp', [1n])
    await carry(w, await propose(w, [{ target: w.perpetual, value: 11n, data }]))
    await expectLedger(w, { funded: ORDER_BUDGET, paid: 11n })
    expect((await w.perpetual.getOrder(1n)).free).to.equal(ORDER_BUDGET + 11n)
  })

  it('moves nothing when it sends to itself', async () => {
    const w = await loadFixture(badgeDao)
    await carry(w, await propose(w, [{ target: w.treasury, value: 7n }]))
    await expectLedger(w, {})
  })

  it('counts what comes with an execution as a deposit', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await propose(w, [{ target: w.stranger, value: 7n }])
    await ripen(w, proposal)
    await expect(w.dao.execute(...payloadOf(proposal), { value: 5n }))
      .to.emit(w.treasury, 'Deposited')
      .withArgs(await w.dao.getAddress(), 5n)
    await expectLedger(w, { deposited: DEPOSIT + 5n, paid: 7n })
  })

  it('counts what an expired request gives back', async () => {
    const w = await loadFixture(badgeDao)
    await carry(w, await proposeCid(w))
    const { deadlineEpoch } = await w.pinning.getRequest(1n)
    await mineUpTo(deadlineEpoch)
    await w.pinning.refund(1n)
    expect(await w.pinning.creditOf(w.treasury)).to.equal(REQUEST_COST)
    await expect(w.pinning.connect(w.stranger).withdrawFor(w.treasury))
      .to.emit(w.treasury, 'Refunded')
      .withArgs(await w.pinning.getAddress(), REQUEST_COST)
    await expectLedger(w, { funded: REQUEST_COST, refunded: REQUEST_COST })
  })

  it('counts what a cancelled request gives back: that is a proposal too', async () => {
    const w = await loadFixture(badgeDao)
    await carry(w, await proposeCid(w))
    const data = w.pinning.interface.encodeFunctionData('cancel', [1n])
    await carry(w, await propose(w, [{ target: w.pinning, data }]))
    await w.pinning.withdrawFor(w.treasury)
    await expectLedger(w, { funded: REQUEST_COST, refunded: FEE + REWARD })
  })

  it('counts what an order gives back when its CID is removed', async () => {
    const w = await loadFixture(badgeDao)
    await carry(w, await proposeCid(w, { terms: orderTerms() }))
    await carry(w, await proposeRemoval(w))
    await expect(w.perpetual.connect(w.stranger).withdrawFor(w.treasury))
      .to.emit(w.treasury, 'Refunded')
      .withArgs(await w.perpetual.getAddress(), ORDER_BUDGET)
    await expectLedger(w, { funded: ORDER_BUDGET, refunded: ORDER_BUDGET })
  })

  context('of money that came without a call', () => {
    const FORCED = 1_000n

    const forced = async () => {
      const w = await badgeDao()
      await setBalance(await w.treasury.getAddress(), DEPOSIT + FORCED)
      return w
    }

    it('knows nothing', async () => {
      await expectLedger(await loadFixture(forced), {}, FORCED)
    })

    it('is told by anybody who has it absorbed', async () => {
      const w = await loadFixture(forced)
      expect(await w.treasury.absorb.staticCall()).to.equal(FORCED)
      await expect(w.treasury.connect(w.stranger).absorb())
        .to.emit(w.treasury, 'Deposited')
        .withArgs(w.stranger.address, FORCED)
      await expectLedger(w, { deposited: DEPOSIT + FORCED })
    })

    it('has none to absorb the second time', async () => {
      const w = await loadFixture(forced)
      await w.treasury.absorb()
      await expect(w.treasury.absorb()).to.be.revertedWithCustomError(w.treasury, 'NothingToAbsorb').withArgs()
    })

    it('absorbs it beside what is earmarked', async () => {
      const w = await loadFixture(forced)
      await ripen(w, await propose(w, [{ target: w.stranger, value: 7n }]))
      await w.treasury.absorb()
      await expectLedger(w, { deposited: DEPOSIT + FORCED, earmarked: 7n })
    })
  })
})

describe('DaoTreasury.quote', () => {
  it('is what a request costs now, its fee and its rewards', async () => {
    const { treasury } = await loadFixture(badgeDao)
    expect(await treasury.quote(CID, MAX_BYTES, requestTerms({ replicas: 3n }))).to.equal(FEE + 3n * REWARD)
  })

  it('is an order’s budget, and one claim of the shortest term at least', async () => {
    const { treasury, perpetual } = await loadFixture(badgeDao)
    const terms = orderTerms()
    const { minTermEpochs } = await perpetual.defaultTerms(terms.price)
    expect(await treasury.quote(CID, ORDER_SIZE, terms)).to.equal(ORDER_BUDGET)
    expect(await treasury.quote(CID, ORDER_SIZE, { ...terms, budget: 1n })).to.equal(
      BigInt(terms.price) * minTermEpochs,
    )
  })
})
