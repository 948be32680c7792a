import { expect } from 'chai'
import type { Interface } from 'ethers'
import { onChain } from '../../helpers/podsi.ts'
import { revertName } from '../../helpers/revert-name.ts'
import {
  answer,
  answerFinally,
  challenge,
  challengeable,
  ethers,
  fail,
  FAILURE_FEE,
  failureData,
  fallSilent,
  FEE,
  loadFixture,
  mature,
  mineUpTo,
  packedAnswer,
  PIECE,
  pinnedAnswer,
  REASON,
  REWARD,
  rule,
  RULING,
  STAGE,
  STAGE_FEES,
  STATE,
  submit,
  type World,
} from './world.ts'

type Case = World & { id: bigint }

/** The operators agreed that nobody offers the data; that can be challenged. */
async function failed() {
  const w = await challengeable()
  const asked = await submit(w)
  await fail(w, asked.id, STAGE.pinned, REASON.NotFound)
  return { ...w, ...asked }
}

/** *Packed* has its quorum and can be challenged. */
async function packing() {
  const w = await challengeable()
  const asked = await submit(w)
  await answerFinally(w, asked.id, STAGE.pinned, pinnedAnswer())
  await answer(w, asked.id, STAGE.packed, packedAnswer(onChain(PIECE)))
  return { ...w, ...asked }
}

async function cancelled() {
  const w = await packing()
  await w.pinning.connect(w.requester).cancel(w.id)
  return w
}

/** The last vote came at the deadline; the request expired while *Packed* could still be challenged. */
async function expired() {
  const w = await challengeable()
  const asked = await submit(w)
  await answerFinally(w, asked.id, STAGE.pinned, pinnedAnswer())
  await mineUpTo(asked.deadline - 2n)
  await answer(w, asked.id, STAGE.packed, packedAnswer(onChain(PIECE)))
  await w.pinning.refund(asked.id)
  return { ...w, ...asked }
}

/** Makes a call that may find nothing to do, and says so by `name`. */
async function ifAny(call: Promise<unknown>, { interface: known }: { interface: Interface }, name: string) {
  await call.catch((error: unknown) => {
    if (revertName(known, error) !== name) throw error
  })
}

const refundIfAny = ({ pinning, id }: Case) => ifAny(pinning.refund(id), pinning, 'NothingToRefund')
const withdrawIfAny = ({ pinning, requester }: Case) => ifAny(pinning.withdrawFor(requester), pinning, 'NoCredit')

/** Everything that moves the request's money before it is final, between the steps of a challenge. */
const MEDDLING: Record<string, (c: Case) => Promise<unknown>> = {
  'nobody does anything': () => Promise.resolve(),
  'it is refunded each time': refundIfAny,
  'a stranger has the registry pay out, then it is refunded': async (c) => {
    await ifAny(c.registry.withdrawFor(c.pinning), c.registry, 'NoCredit')
    await refundIfAny(c)
  },
  'it is refunded, and the requester withdraws': async (c) => {
    await refundIfAny(c)
    await withdrawIfAny(c)
  },
}

const VERDICTS = [
  { verdict: 'upheld', state: STATE.Refuted, back: FEE + REWARD, close: (c: Case) => rule(c, c.id, 0, RULING.Upheld) },
  { verdict: 'left to silence', state: STATE.Undecided, back: FEE + REWARD, close: (c: Case) => fallSilent(c, c.id) },
  {
    ...{ verdict: 'rejected', state: STATE.Failed, back: FEE - FAILURE_FEE + REWARD },
    async close(c: Case) {
      await rule(c, c.id, STAGE.pinned, RULING.Rejected)
      await mature(c, c.id, STAGE.pinned)
      await c.registry.deliver(c.id, STAGE.pinned, failureData(REASON.NotFound))
    },
  },
]

describe('PinningRequests', () => {
  describe('each attoFIL is booked once', () => {
    for (const { verdict, state, back, close } of VERDICTS) {
      context(`a failure whose challenge is ${verdict}`, () => {
        for (const [what, meddle] of Object.entries(MEDDLING)) {
          it(`while ${what}`, async () => {
            const w: Case = await loadFixture(failed)
            const { pinning, registry, requester, stranger, id } = w
            const before = await ethers.provider.getBalance(requester)

            await meddle(w)
            await challenge(w, id, STAGE.pinned, stranger)
            await meddle(w)
            await close(w)
            await meddle(w)
            await refundIfAny(w)
            await withdrawIfAny(w)

            expect((await pinning.getRequest(id)).state).to.equal(state)
            expect((await ethers.provider.getBalance(requester)) - before).to.equal(back)
            expect(await ethers.provider.getBalance(pinning)).to.equal(0n)
            expect(await pinning.liabilities()).to.equal(0n)
            expect(await registry.creditOf(pinning)).to.equal(0n)
            await expect(pinning.refund(id))
              .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
              .withArgs(id, state)
          })
        }
      })
    }

    context('when the last answer of what is over is undone later', () => {
      it('gives its fee back to a request that was cancelled, and that of the stage in progress', async () => {
        const fees = STAGE_FEES[1] + STAGE_FEES[2]
        const w = await loadFixture(cancelled)
        const { pinning, requester, stranger, id } = w
        expect(await pinning.creditOf(requester)).to.equal(REWARD)
        await challenge(w, id, STAGE.packed, stranger)
        await expect(pinning.refund(id)).to.be.revertedWithCustomError(pinning, 'NothingToRefund')
        await rule(w, id, STAGE.packed, RULING.Upheld)

        await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, fees)

        expect((await pinning.getRequest(id)).state).to.equal(STATE.Cancelled)
        expect(await pinning.creditOf(requester)).to.equal(REWARD + fees)
      })

      it('gives its fee back to a request that expired', async () => {
        const w = await loadFixture(expired)
        const { pinning, requester, stranger, id } = w
        expect(await pinning.creditOf(requester)).to.equal(REWARD + STAGE_FEES[2])
        await challenge(w, id, STAGE.packed, stranger)
        await fallSilent(w, id)

        await expect(pinning.refund(id)).to.emit(pinning, 'Refunded').withArgs(id, requester, STAGE_FEES[1])

        expect((await pinning.getRequest(id)).state).to.equal(STATE.Expired)
      })

      it('gives nothing more when the answer was true, and takes it as of a request that is over', async () => {
        const w = await loadFixture(cancelled)
        const { pinning, registry, id } = w
        await mature(w, id, STAGE.packed)

        const tx = registry.deliver(id, STAGE.packed, packedAnswer(onChain(PIECE)))

        await expect(tx).to.emit(registry, 'Delivered').withArgs(id, STAGE.packed)
        await expect(tx).not.to.emit(pinning, 'Packed')
        await expect(pinning.refund(id))
          .to.be.revertedWithCustomError(pinning, 'NothingToRefund')
          .withArgs(id, STATE.Cancelled)
      })
    })
  })
})
