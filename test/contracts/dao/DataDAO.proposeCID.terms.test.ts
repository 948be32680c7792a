import { expect } from 'chai'
import {
  badgeDao,
  CID,
  FEE,
  loadFixture,
  now,
  ORDER_BUDGET,
  ORDER_PRICE,
  ORDER_SIZE,
  orderTerms,
  OUT_OF_BOUNDS,
  pieceCids,
  proposeCid,
  REQUEST_COST,
  requestTerms,
  REWARD,
  type StorageTerms,
} from './world.ts'

const MAX_TERM = 1278n * 2_880n
const MAX_UINT32 = 2n ** 32n - 1n

describe('DataDAO.proposeCID', () => {
  context('terms of a request', () => {
    const refused = async (terms: Partial<StorageTerms>, error: string, args: unknown[]) => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: requestTerms(terms) }))
        .to.be.revertedWithCustomError(w.pinning, error)
        .withArgs(...args)
    }

    for (const replicas of [0n, 17n]) {
      it(`refuses ${replicas} replicas`, () => refused({ replicas }, 'BadReplicas', [16n, replicas]))
    }

    for (const termEpochs of [0n, MAX_TERM + 1n]) {
      it(`refuses a term of ${termEpochs} epochs`, () => refused({ termEpochs }, 'BadTerm', [1n, MAX_TERM, termEpochs]))
    }

    it('refuses a fetch link of 1,025 bytes', () =>
      refused({ seed: '0x' + '61'.repeat(1_025) }, 'FetchLinkTooLong', [1_024n, 1_025n]))

    it('refuses a piece of a size that no piece has', () =>
      refused({ pieceCid: orderTerms().pieceCid, pieceSize: 2_000n }, 'BadPieceSize', [2_000n]))

    it('refuses a size without a piece', () => refused({ pieceSize: 2_048n }, 'BadPieceSize', [2_048n]))

    it('refuses a piece CID that is none', async () => {
      const w = await loadFixture(badgeDao)
      await expect(
        proposeCid(w, { terms: requestTerms({ pieceCid: CID, pieceSize: 2_048n }) }),
      ).to.be.revertedWithCustomError(pieceCids, 'NotAPieceCid')
    })

    for (const deadlineEpochs of [0n, MAX_TERM + 1n]) {
      it(`refuses a deadline ${deadlineEpochs} epochs after the execution`, async () => {
        const w = await loadFixture(badgeDao)
        await expect(proposeCid(w, { terms: requestTerms({ deadlineEpochs }) }))
          .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
          .withArgs('deadlineEpochs', 1n, MAX_TERM, deadlineEpochs)
      })
    }

    it('refuses a reward that the operators’ quorum does not divide', () =>
      refused({ price: REWARD + 1n }, 'RewardNotDivisible', [2n, REWARD + 1n]))

    it('refuses a deadline that is sooner than the operators take', async () => {
      const w = await loadFixture(badgeDao)
      const least = BigInt(w.rules.jobs[0].minDeadlineEpochs)
      const next = (await now()) + 1n
      await expect(proposeCid(w, { terms: requestTerms({ deadlineEpochs: least - 1n }) }))
        .to.be.revertedWithCustomError(w.registry, 'DeadlineTooSoon')
        .withArgs(next + least, next + least - 1n)
      expect((await proposeCid(w, { terms: requestTerms({ deadlineEpochs: least }) })).id).not.to.equal(0n)
    })

    for (const [what, terms] of [
      ['16 replicas', { replicas: 16n, budget: FEE + 16n * REWARD }],
      ['a term of one epoch', { termEpochs: 1n }],
      ['the longest term', { termEpochs: MAX_TERM }],
      ['the longest deadline', { deadlineEpochs: MAX_TERM }],
      ['a fetch link of 1,024 bytes', { seed: '0x' + '61'.repeat(1_024) }],
      ['no fetch link', { seed: '0x' }],
      ['no reward', { price: 0n, budget: FEE }],
      ['a named piece', { pieceCid: orderTerms().pieceCid, pieceSize: orderTerms().pieceSize }],
      ['a budget that is what it costs', { budget: REQUEST_COST }],
    ] as [string, Partial<StorageTerms>][]) {
      it(`takes ${what}`, async () => {
        const w = await loadFixture(badgeDao)
        expect((await proposeCid(w, { terms: requestTerms(terms) })).id).not.to.equal(0n)
      })
    }

    it('refuses a budget below what it costs now', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: requestTerms({ budget: REQUEST_COST - 1n }) }))
        .to.be.revertedWithCustomError(w.treasury, 'BudgetTooLow')
        .withArgs(REQUEST_COST, REQUEST_COST - 1n)
    })
  })

  context('terms of an order', () => {
    const refused = async (terms: Partial<StorageTerms>, error: string, args: unknown[]) => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms(terms) }))
        .to.be.revertedWithCustomError(w.perpetual, error)
        .withArgs(...args)
    }

    for (const replicas of [0n, 17n]) {
      it(`refuses ${replicas} replicas`, () => refused({ replicas }, 'OutOfBounds', ['replicas', 1n, 16n, replicas]))
    }

    it('refuses a piece of a size that no piece has', () => refused({ pieceSize: 2_000n }, 'BadPieceSize', [2_000n]))

    it('refuses a seed of 1,025 bytes', () =>
      refused({ seed: '0x' + '61'.repeat(1_025) }, 'TextTooLong', [1_024n, 1_025n]))

    it('refuses price 0', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms({ price: 0n }) })).to.be.revertedWithCustomError(
        w.perpetual,
        'OutOfBounds',
      )
    })

    it('refuses a price whose double is none', async () => {
      const w = await loadFixture(badgeDao)
      const price = 2n ** 127n
      await expect(proposeCid(w, { terms: orderTerms({ price }) })).to.be.revertedWithCustomError(
        w.perpetual,
        'OutOfBounds',
      )
    })

    it('refuses no piece', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms({ pieceCid: '0x' }) })).to.be.revertedWithCustomError(
        pieceCids,
        'NotAPieceCid',
      )
    })

    it('refuses more data than the piece can hold', async () => {
      const w = await loadFixture(badgeDao)
      for (const size of [ORDER_SIZE + 1n, 2n ** 64n - 1n]) {
        await expect(proposeCid(w, { size, terms: orderTerms() }))
          .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
          .withArgs('size', 1n, ORDER_SIZE, size)
      }
      expect((await proposeCid(w, { size: ORDER_SIZE, terms: orderTerms() })).id).not.to.equal(0n)
    })

    it('refuses a deadline: an order has none', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms({ deadlineEpochs: 1n }) }))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('deadlineEpochs', 0n, 0n, 1n)
    })

    it('refuses a term that ends no epoch of 32 bits', async () => {
      const w = await loadFixture(badgeDao)
      await expect(proposeCid(w, { terms: orderTerms({ termEpochs: MAX_UINT32 + 1n }) }))
        .to.be.revertedWithCustomError(...OUT_OF_BOUNDS)
        .withArgs('termEpochs', 0n, MAX_UINT32, MAX_UINT32 + 1n)
    })

    it('refuses a budget below one claim of the shortest term', async () => {
      const w = await loadFixture(badgeDao)
      const { minTermEpochs } = await w.perpetual.defaultTerms(ORDER_PRICE)
      const least = ORDER_PRICE * minTermEpochs
      await expect(proposeCid(w, { terms: orderTerms({ budget: least - 1n }) }))
        .to.be.revertedWithCustomError(w.treasury, 'BudgetTooLow')
        .withArgs(least, least - 1n)
      expect((await proposeCid(w, { terms: orderTerms({ budget: least }) })).values).to.deep.equal([least])
    })

    it('takes all of the budget', async () => {
      const w = await loadFixture(badgeDao)
      expect(await w.treasury.quote(CID, ORDER_SIZE, orderTerms())).to.equal(ORDER_BUDGET)
      expect((await proposeCid(w, { terms: orderTerms() })).values).to.deep.equal([ORDER_BUDGET])
    })
  })
})
