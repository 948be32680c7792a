import { expect } from 'chai'
import { onChain } from '../../helpers/podsi.ts'
import {
  answer,
  answerFinally,
  challenge,
  challengeable,
  CID,
  complete,
  deliver,
  ESCROW,
  ethers,
  FAILURE_FEE,
  failFinally,
  fallSilent,
  LINK,
  loadFixture,
  mature,
  mineUpTo,
  networkHelpers,
  PACK_FEE,
  PACK,
  pack,
  packed,
  packedAnswer,
  packedRaaS,
  PIECE,
  plain,
  pinnedAnswer,
  QUORUM,
  RAAS_TERM,
  REASON,
  REGISTRY_STATE,
  RULES,
  rule,
  RULING,
  STAGE,
  STATE,
  storedPiece,
  submitRaaS,
  whileDeaf,
  world,
} from './world.ts'
import { shareOf } from '../../helpers/registry.ts'

const PACKED = packedAnswer(onChain(PIECE))
const DAY = 2_880n
/** What the operators of a stage earn for up to 1 GiB. */
const earned = (stage: number) => QUORUM * shareOf(RULES, PACK, stage, 1n << 30n)

async function requested() {
  const w = await world()
  return { ...w, ...(await submitRaaS(w)) }
}

async function pinned() {
  const w = await requested()
  await answerFinally(w, w.id, STAGE.pinned, pinnedAnswer())
  return w
}

async function ordered() {
  const w = await packedRaaS()
  await w.pinning.openOrder(w.id)
  return w
}

/** *Packed* has its quorum, and can still be challenged. */
async function notFinal() {
  const w = await challengeable()
  const asked = await submitRaaS(w)
  await answerFinally(w, asked.id, STAGE.pinned, pinnedAnswer())
  await answer(w, asked.id, STAGE.packed, PACKED)
  return { ...w, ...asked }
}

async function challenged() {
  const w = await notFinal()
  await challenge(w, w.id, STAGE.packed, w.stranger)
  return w
}

describe('PinningRequests', () => {
  describe('openOrder', () => {
    it('opens the order of the requester with all that rests here, whoever calls', async () => {
      const { pinning, perpetual, requester, stranger, id } = await loadFixture(packedRaaS)

      const tx = pinning.connect(stranger).openOrder(id)

      await expect(tx).to.emit(pinning, 'Ordered').withArgs(id, 1n, requester, ESCROW)
      await expect(tx).to.changeEtherBalances(ethers, [pinning, perpetual], [-ESCROW, ESCROW])
      const { client, free, reserved } = await perpetual.getOrder(1n)
      expect([client, free, reserved]).to.deep.equal([requester.address, ESCROW, 0n])
      expect(await perpetual.liabilities()).to.equal(ESCROW)
      expect(await pinning.liabilities()).to.equal(0n)
      const { state, reward } = await pinning.getRequest(id)
      expect([state, reward]).to.deep.equal([STATE.Ordered, 0n])
      expect((await pinning.perpetualTermsOf(id)).orderId).to.equal(1n)
    })

    it('orders the piece at the price that the escrow pays, twice that as the ceiling, for ever', async () => {
      const { perpetual } = await loadFixture(ordered)

      const order = await perpetual.getOrder(1n)

      expect([order.pieceDigest, order.pieceSize]).to.deep.equal([onChain(PIECE).digest, PIECE.size])
      expect([order.status, order.replicas, order.endEpoch]).to.deep.equal([1n, 2n, 0n])
      expect([order.price, order.ceiling]).to.deep.equal([7n, 14n])
      expect([order.payloadCid, order.seed]).to.deep.equal([CID, LINK])
    })

    it("keeps PerpetualStorage's default terms but for the thresholds", async () => {
      const w = await loadFixture(world)
      const { id } = await submitRaaS(w, { repair: 5n * DAY, renew: 6n * DAY })
      await pack(w, id)
      await w.pinning.openOrder(id)

      const { terms } = await w.perpetual.getOrder(1n)

      const defaults = plain(await w.perpetual.defaultTerms(7n))
      expect(plain(terms)).to.deep.equal({ ...defaults, evictEpochs: 5n * DAY, renewalEpochs: 6n * DAY })
    })

    it('opens every slot at once, at the full price', async () => {
      const { perpetual } = await loadFixture(ordered)

      const [slots] = await perpetual.openSlotsOf(1n)

      expect(slots.map(({ price }) => price)).to.deep.equal([7n, 7n])
    })

    it('leaves the requester what a client has: what is free can be taken back', async () => {
      const { pinning, perpetual, requester, stranger } = await loadFixture(ordered)

      await expect(perpetual.connect(stranger).cancel(1n)).to.be.revertedWithCustomError(perpetual, 'NotClient')
      await perpetual.connect(requester).cancel(1n)

      await expect(perpetual.withdrawFor(requester)).to.changeEtherBalances(
        ethers,
        [perpetual, requester, pinning],
        [-ESCROW, ESCROW, 0n],
      )
    })

    for (const [what, asked] of [
      ['the least of everything', { replicas: 1n, escrow: RAAS_TERM, repair: DAY, renew: 3n * DAY, link: '0x' }],
      [
        'the most of everything',
        {
          ...{ replicas: 16n, escrow: 16n * RAAS_TERM * ((1n << 95n) - 1n), link: `0x${'61'.repeat(1_024)}` },
          ...{ repair: 42n * DAY - 1n, renew: 60n * DAY },
        },
      ],
    ] as const) {
      it(`accepts what submitRaaS accepts: ${what}`, async () => {
        const w = await loadFixture(world)
        await networkHelpers.setBalance(w.requester.address, 1n << 160n)
        const { id } = await submitRaaS(w, asked)
        await pack(w, id)

        await w.pinning.openOrder(id)

        expect((await w.perpetual.getOrder(1n)).free).to.equal(asked.escrow)
        expect((await w.perpetual.openSlotsOf(1n)).slots).to.have.lengthOf(Number(asked.replicas))
      })
    }

    it('can be called long after the deadline', async () => {
      const { pinning, requester, deadline, id } = await loadFixture(packedRaaS)
      await mineUpTo(deadline + 100_000n)

      expect((await pinning.getRequest(id)).state).to.equal(STATE.Packed)
      await expect(pinning.refund(id))
        .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        .withArgs(id, STATE.Packed)
      await expect(pinning.openOrder(id)).to.emit(pinning, 'Ordered').withArgs(id, 1n, requester, ESCROW)
    })

    it('numbers the orders of several requests, and moves the money of each once', async () => {
      const w = await loadFixture(packedRaaS)
      const { pinning, perpetual } = w
      const { id } = await submitRaaS(w, { escrow: ESCROW + 5n, replicas: 1n })
      await pack(w, id)

      await pinning.openOrder(id)
      await pinning.openOrder(w.id)

      const free = async (orderId: bigint) => (await perpetual.getOrder(orderId)).free
      expect([await free(1n), await free(2n)]).to.deep.equal([ESCROW + 5n, ESCROW])
      expect([await pinning.liabilities(), await ethers.provider.getBalance(pinning)]).to.deep.equal([0n, 0n])
    })

    it('A 2: takes nothing of what was forced in', async () => {
      const { pinning, perpetual, id } = await loadFixture(packedRaaS)
      const balance = await ethers.provider.getBalance(pinning)
      await networkHelpers.setBalance(await pinning.getAddress(), balance + 77n)

      await expect(pinning.openOrder(id)).to.changeEtherBalances(ethers, [pinning, perpetual], [-ESCROW, ESCROW])
    })

    it('reverts with UnknownRequest for an id nobody asked for', async () => {
      const { pinning, id } = await loadFixture(packedRaaS)

      await expect(pinning.openOrder(id + 1n))
        .to.be.revertedWithCustomError(pinning, 'UnknownRequest')
        .withArgs(id + 1n)
    })

    for (const { what, fixture, state } of [
      { what: 'nobody answered', fixture: requested, state: STATE.Requested },
      { what: 'is pinned only', fixture: pinned, state: STATE.Pinned },
      { what: 'is Packed but not final', fixture: notFinal, state: STATE.Pinned },
      { what: 'is ordered already', fixture: ordered, state: STATE.Ordered },
      { what: 'wants deals', fixture: packed, state: STATE.Packed },
    ]) {
      it(`reverts with NotOrderable for a request that ${what}`, async () => {
        const { pinning, id } = await loadFixture(fixture)

        await expect(pinning.openOrder(id)).to.be.revertedWithCustomError(pinning, 'NotOrderable').withArgs(id, state)
      })
    }

    it('reverts as PerpetualStorage does, and changes nothing', async () => {
      const { pinning, perpetual, requester, id } = await loadFixture(packedRaaS)
      await networkHelpers.setCode(await perpetual.getAddress(), '0xfe')

      await expect(pinning.openOrder(id)).to.revert(ethers)

      expect((await pinning.getRequest(id)).state).to.equal(STATE.Packed)
      expect(await pinning.liabilities()).to.equal(ESCROW)
      await pinning.connect(requester).cancel(id)
      expect(await pinning.creditOf(requester)).to.equal(ESCROW)
    })
  })

  describe('a request for perpetual storage', () => {
    it('counts no deals: complete and onchain_complete revert with NotCompletable', async () => {
      const w = await loadFixture(packedRaaS)
      const { pinning, id } = w
      const { deal, segment } = await storedPiece()

      await expect(complete(w, id, deal, segment))
        .to.be.revertedWithCustomError(pinning, 'NotCompletable')
        .withArgs(id, STATE.Packed)
      await expect(pinning.onchain_complete(id, 5n, deal.dealId, deal.providerId))
        .to.be.revertedWithCustomError(pinning, 'NotCompletable')
        .withArgs(id, STATE.Packed)
    })

    context('when it is cancelled', () => {
      for (const { when, fixture, back } of [
        { when: 'before any vote', fixture: requested, back: ESCROW + PACK_FEE },
        { when: 'while Pinned, Packed being in progress', fixture: pinned, back: ESCROW },
        { when: 'while Packed', fixture: packedRaaS, back: ESCROW },
      ]) {
        it(`${when}, gives back ${back === ESCROW ? 'the escrow' : 'everything'}`, async () => {
          const { pinning, registry, requester, id } = await loadFixture(fixture)

          await expect(pinning.connect(requester).cancel(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, back)

          expect((await pinning.getRequest(id)).state).to.equal(STATE.Cancelled)
          expect([await pinning.creditOf(requester), await pinning.liabilities()]).to.deep.equal([back, back])
          expect(await registry.creditOf(pinning)).to.equal(0n)
          await expect(pinning.withdrawFor(requester)).to.changeEtherBalances(
            ethers,
            [pinning, requester],
            [-back, back],
          )
          await expect(pinning.openOrder(id))
            .to.be.revertedWithCustomError(pinning, 'NotOrderable')
            .withArgs(id, STATE.Cancelled)
        })
      }

      it('while Packed waits to be final, the answer changes nothing any more', async () => {
        const w = await loadFixture(notFinal)
        const { pinning, requester, id } = w
        await pinning.connect(requester).cancel(id)

        await deliver(w, id, STAGE.packed, PACKED)

        expect((await pinning.getRequest(id)).state).to.equal(STATE.Cancelled)
        expect(await pinning.creditOf(requester)).to.equal(ESCROW)
        await expect(pinning.refund(id))
          .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
          .withArgs(id, STATE.Cancelled)
      })

      it('reverts with NotCancellable once it is ordered', async () => {
        const { pinning, requester, id } = await loadFixture(ordered)

        await expect(pinning.connect(requester).cancel(id))
          .to.be.revertedWithCustomError(pinning, 'NotCancellable')
          .withArgs(id, STATE.Ordered)
        await expect(pinning.refund(id))
          .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
          .withArgs(id, STATE.Ordered)
      })
    })

    for (const [what, fixture, stage, back] of [
      ['nothing is found', requested, STAGE.pinned, ESCROW + PACK_FEE - FAILURE_FEE],
      ['packing fails', pinned, STAGE.packed, ESCROW + PACK_FEE - earned(0) - FAILURE_FEE],
    ] as const) {
      it(`gives back the escrow and the unearned fee when ${what}`, async () => {
        const w = await loadFixture(fixture)
        const { pinning, requester, id } = w
        await failFinally(w, id, stage, REASON.NotFound)

        await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, back)

        expect((await pinning.getRequest(id)).state).to.equal(STATE.Failed)
        expect(await pinning.liabilities()).to.equal(back)
        await expect(pinning.openOrder(id))
          .to.be.revertedWithCustomError(pinning, 'NotOrderable')
          .withArgs(id, STATE.Failed)
      })
    }

    it('gives back the escrow and the unearned fee when the deadline passes', async () => {
      const { pinning, requester, deadline, id } = await loadFixture(pinned)
      await mineUpTo(deadline)
      const back = ESCROW + PACK_FEE - earned(0)

      await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, back)

      expect((await pinning.getRequest(id)).state).to.equal(STATE.Expired)
      await expect(pinning.openOrder(id))
        .to.be.revertedWithCustomError(pinning, 'NotOrderable')
        .withArgs(id, STATE.Expired)
    })

    it('is not over at the deadline when Packed has its quorum: it is delivered and ordered later', async () => {
      const w = await loadFixture(notFinal)
      const { pinning, requester, deadline, id } = w
      await mineUpTo(deadline + 10n)
      await mature(w, id, STAGE.packed)

      expect((await pinning.getRequest(id)).state).to.equal(STATE.Pinned)
      await expect(pinning.refund(id))
        .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        .withArgs(id, STATE.Pinned)
      await pinning.sync(id, STAGE.packed, PACKED)
      await expect(pinning.openOrder(id)).to.emit(pinning, 'Ordered').withArgs(id, 1n, requester, ESCROW)
    })

    it('ends as Failed when the operators answer a piece of a size that no order can have', async () => {
      const w = await loadFixture(pinned)
      const { pinning, requester, id } = w

      const tx = answerFinally(w, id, STAGE.packed, packedAnswer({ ...onChain(PIECE), size: 3_000n }))

      await expect(tx).to.emit(pinning, 'Failed').withArgs(id, REASON.BadContent)
      await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, ESCROW)
    })

    it('can be cancelled when no callback can ever tell of its piece', async () => {
      const w = await loadFixture(pinned)
      const { pinning, registry, requester, id } = w
      await whileDeaf(w, () => answer(w, id, STAGE.packed, '0x1234'))
      expect((await registry.getRequest(id)).state).to.equal(REGISTRY_STATE.Answered)
      await expect(pinning.sync(id, STAGE.packed, '0x1234')).to.revert(ethers)

      await pinning.connect(requester).cancel(id)

      expect(await pinning.creditOf(requester)).to.equal(ESCROW)
    })

    context('when Packed is challenged', () => {
      it('cannot be ordered, nor refunded', async () => {
        const { pinning, id } = await loadFixture(challenged)

        await expect(pinning.openOrder(id))
          .to.be.revertedWithCustomError(pinning, 'NotOrderable')
          .withArgs(id, STATE.Pinned)
        await expect(pinning.refund(id))
          .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
          .withArgs(id, STATE.Pinned)
      })

      it('is ordered when the challenge is rejected and the answer final', async () => {
        const w = await loadFixture(challenged)
        const { pinning, requester, id } = w
        await rule(w, id, STAGE.packed, RULING.Rejected)
        await deliver(w, id, STAGE.packed, PACKED)

        await expect(pinning.openOrder(id)).to.emit(pinning, 'Ordered').withArgs(id, 1n, requester, ESCROW)
      })

      for (const { how, state, end } of [
        { how: 'upheld', state: STATE.Refuted, end: (w: Challenged) => rule(w, w.id, STAGE.packed, RULING.Upheld) },
        { how: 'left to silence', state: STATE.Undecided, end: (w: Challenged) => fallSilent(w, w.id) },
      ]) {
        it(`gives back the escrow and the fee of Packed when it is ${how}`, async () => {
          const w = await loadFixture(challenged)
          const { pinning, requester, id } = w
          await end(w)
          const back = ESCROW + earned(1)

          await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, back)

          expect((await pinning.getRequest(id)).state).to.equal(state)
          expect([await pinning.creditOf(requester), await pinning.liabilities()]).to.deep.equal([back, back])
          await expect(pinning.openOrder(id)).to.be.revertedWithCustomError(pinning, 'NotOrderable').withArgs(id, state)
        })
      }
    })
  })
})

type Challenged = Awaited<ReturnType<typeof challenged>>
