import { AbiCoder } from 'ethers'
import { expect } from 'chai'
import {
  CID,
  DEFAULT_FEE,
  ESCROW,
  ethers,
  LINK,
  loadFixture,
  now,
  PACK,
  PACK_FEE,
  PROVIDER,
  RAAS_TERM,
  setBalance,
  STATE,
  submitRaaS,
  world,
  type RaaS,
  type World,
} from './world.ts'

const coder = AbiCoder.defaultAbiCoder()
const DAY = 2_880n
const EVICT = 14n * DAY
const RENEWAL = 30n * DAY
const FIRST = 1n

function send({ pinning, requester }: World, given: RaaS & { value?: bigint } = {}) {
  const { replicas = 2n, repair = 0n, renew = 0n, escrow = ESCROW, cid = CID, link = LINK } = given
  const value = given.value ?? PACK_FEE + escrow
  return pinning.connect(requester).submitRaaS(cid, link, replicas, repair, renew, { value })
}

describe('PinningRequests', () => {
  describe('submitRaaS', () => {
    it('asks the operators to pack, for up to 1 GiB and 10 days', async () => {
      const w = await loadFixture(world)
      const { pinning, registry } = w
      const deadline = (await now()) + 1n + 10n * DAY
      const payload = coder.encode(['tuple(bytes,bytes)'], [[CID, LINK]])

      const tx = send(w)

      await expect(tx)
        .to.emit(registry, 'Requested')
        .withArgs(FIRST, PROVIDER, pinning, 1n, PACK, payload, 1n << 30n, deadline, PACK_FEE)
      await expect(tx).to.changeEtherBalances(ethers, [registry, pinning], [PACK_FEE, ESCROW])
    })

    it("emits the standard's event as it was asked, and its own with every fact", async () => {
      const w = await loadFixture(world)
      const { pinning, requester } = w

      const tx = send(w, { repair: 5n * DAY })

      await expect(tx)
        .to.emit(pinning, 'SubmitAggregatorRequestWithRaaS')
        .withArgs(FIRST, CID, 2n, 5n * DAY, 0n)
      await expect(tx)
        .to.emit(pinning, 'PerpetualRequested')
        .withArgs(FIRST, requester, 2n, [5n * DAY, RENEWAL, 7n, 0n, LINK], ESCROW, PACK_FEE)
    })

    it('holds the rest for the order', async () => {
      const { pinning, requester, ...w } = await loadFixture(world)
      const { id, deadline } = await submitRaaS({ pinning, requester, ...w }, { repair: 3n * DAY, renew: 4n * DAY })

      const request = await pinning.getRequest(id)

      expect([request.requester, request.state, request.replicas, request.cid]).to.deep.equal([
        ...[requester.address, STATE.Requested, 2n, CID],
      ])
      expect([request.reward, request.rewardPerReplica, request.proven]).to.deep.equal([ESCROW, 0n, 0n])
      expect(request.deadlineEpoch).to.equal(deadline)
      expect(await pinning.liabilities()).to.equal(ESCROW)
      expect([...(await pinning.perpetualTermsOf(id))]).to.deep.equal([3n * DAY, 4n * DAY, 7n, 0n, LINK])
    })

    it('is listed like any request', async () => {
      const { pinning, requester, ...w } = await loadFixture(world)
      await submitRaaS({ pinning, requester, ...w })
      await submitRaaS({ pinning, requester, ...w })

      expect([...(await pinning.requestIdsOf(requester, 0, 9))]).to.deep.equal([1n, 2n])
      expect([...(await pinning.getAllCIDs(0, 9))]).to.deep.equal([CID])
      expect(await pinning.requestCount()).to.equal(2n)
    })

    it('shows no terms of an order for a request with deals', async () => {
      const { pinning, requester } = await loadFixture(world)
      await pinning.connect(requester).submit(CID, LINK, { value: DEFAULT_FEE })

      expect([...(await pinning.perpetualTermsOf(FIRST))]).to.deep.equal([0n, 0n, 0n, 0n, '0x'])
      await expect(pinning.perpetualTermsOf(2n)).to.be.revertedWithCustomError(pinning, 'UnknownRequest').withArgs(2n)
    })

    context('the price', () => {
      it('is the escrow over all replicas for the longest term, floored', async () => {
        const w = await loadFixture(world)
        for (const [escrow, replicas, price] of [
          [RAAS_TERM, 1n, 1n],
          [2n * RAAS_TERM - 1n, 1n, 1n],
          [2n * RAAS_TERM, 1n, 2n],
          [16n * RAAS_TERM * 1_000_000n, 16n, 1_000_000n],
        ]) {
          const { id } = await submitRaaS(w, { escrow, replicas })
          expect((await w.pinning.perpetualTermsOf(id)).price).to.equal(price)
        }
      })

      it('is at least 1: FeeTooLow names the least value', async () => {
        const w = await loadFixture(world)
        const least = PACK_FEE + 3n * RAAS_TERM

        await expect(send(w, { replicas: 3n, value: least - 1n }))
          .to.be.revertedWithCustomError(w.pinning, 'FeeTooLow')
          .withArgs(least, least - 1n)
        await expect(send(w, { replicas: 3n, value: 1n }))
          .to.be.revertedWithCustomError(w.pinning, 'FeeTooLow')
          .withArgs(least, 1n)
        await expect(send(w, { replicas: 3n, value: least })).to.emit(w.pinning, 'PerpetualRequested')
      })

      it('may double and still be one that orders have', async () => {
        const w = await loadFixture(world)
        const most = (1n << 95n) - 1n
        await setBalance(w.requester.address, 1n << 160n)

        await expect(send(w, { replicas: 1n, escrow: RAAS_TERM * (most + 1n) }))
          .to.be.revertedWithCustomError(w.pinning, 'OutOfBounds')
          .withArgs('price', 1n, most, most + 1n)
        await expect(send(w, { replicas: 1n, escrow: RAAS_TERM * most })).to.emit(w.pinning, 'PerpetualRequested')
      })
    })

    const BOUNDS = [
      { what: 'repairThreshold', key: 'repair', least: DAY, most: 42n * DAY - 1n, normal: EVICT, at: 0 },
      { what: 'renewThreshold', key: 'renew', least: 3n * DAY, most: 60n * DAY, normal: RENEWAL, at: 1 },
    ] as const
    for (const { what, key, least, most, normal, at } of BOUNDS) {
      context(`the ${what}`, () => {
        it(`is ${least} to ${most} epochs, and ${normal} if it is 0`, async () => {
          const w = await loadFixture(world)
          for (const [given, taken] of [
            [0n, normal],
            [least, least],
            [most, most],
          ]) {
            const { id } = await submitRaaS(w, { [key]: given })
            expect((await w.pinning.perpetualTermsOf(id))[at]).to.equal(taken)
          }
        })

        for (const given of [1n, least - 1n, most + 1n, (1n << 64n) + least, (1n << 256n) - 1n]) {
          it(`reverts with OutOfBounds for ${given}`, async () => {
            const w = await loadFixture(world)

            await expect(send(w, { [key]: given }))
              .to.be.revertedWithCustomError(w.pinning, 'OutOfBounds')
              .withArgs(what, least, most, given)
          })
        }
      })
    }

    for (const replicas of [0n, 17n, 65_537n, (1n << 256n) - 1n]) {
      it(`reverts with BadReplicas for ${replicas} replicas`, async () => {
        const w = await loadFixture(world)

        await expect(send(w, { replicas }))
          .to.be.revertedWithCustomError(w.pinning, 'BadReplicas')
          .withArgs(16n, replicas)
      })
    }

    it('reverts with ZeroFee for nothing', async () => {
      const w = await loadFixture(world)

      await expect(send(w, { value: 0n }))
        .to.be.revertedWithCustomError(w.pinning, 'ZeroFee')
        .withArgs()
    })

    it('reverts with InvalidCid for what is no CID', async () => {
      const w = await loadFixture(world)

      await expect(send(w, { cid: '0x' }))
        .to.be.revertedWithCustomError(w.pinning, 'InvalidCid')
        .withArgs('0x', 0n)
    })

    it('takes a link of 1,024 bytes, and reverts with FetchLinkTooLong for more', async () => {
      const w = await loadFixture(world)

      await expect(send(w, { link: `0x${'61'.repeat(1_025)}` }))
        .to.be.revertedWithCustomError(w.pinning, 'FetchLinkTooLong')
        .withArgs(1_024n, 1_025n)
      const { id } = await submitRaaS(w, { link: `0x${'61'.repeat(1_024)}` })
      expect((await w.pinning.perpetualTermsOf(id)).seed).to.equal(`0x${'61'.repeat(1_024)}`)
    })
  })
})
