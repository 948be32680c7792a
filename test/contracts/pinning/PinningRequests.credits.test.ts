import { expect } from 'chai'
import { ACTOR_ADDRESSES, maskedIdAddress } from '../../../scripts/local/actors.ts'
import {
  CID,
  complete,
  ethers,
  fail,
  FAILURE_FEE,
  FEE,
  LINK,
  lastRequest,
  loadFixture,
  pack,
  packed,
  REASON,
  REWARD,
  setBalance,
  STAGE,
  STATE,
  storedPiece,
  terms,
  world,
} from './world.ts'

const TAKE = 0
const FORWARD = 4
const REQUESTER_ACTOR = 3_001n

/** What a request that nobody could find gives back. */
const BACK = FEE + REWARD - FAILURE_FEE

async function stored() {
  const w = await packed()
  await complete(w, w.id, w.deal, w.segment)
  return w
}

/** A contract asked, and the operators failed its request; it refuses native value. */
async function failedForContract() {
  const w = await world()
  const asker = await ethers.deployContract('ProbeClient', [w.pinning])
  const submission = w.pinning.interface.encodeFunctionData('submitWithTerms', [CID, LINK, await terms()])
  await asker.act(submission, { value: FEE + REWARD })
  await asker.setPayable(false)
  const id = await lastRequest(w)
  await fail(w, id, STAGE.pinned, REASON.NotFound)
  await w.pinning.refund(id)
  return { ...w, asker, id }
}

describe('PinningRequests', () => {
  describe('withdraw', () => {
    it('pays the caller its credit', async () => {
      const { pinning, owners } = await loadFixture(stored)

      const tx = pinning.connect(owners[0]).withdraw()

      await expect(tx)
        .to.emit(pinning, 'Withdrawn')
        .withArgs(owners[0], REWARD / 2n)
      await expect(tx).to.changeEtherBalances(ethers, [owners[0], pinning], [REWARD / 2n, -REWARD / 2n])
      expect(await pinning.creditOf(owners[0])).to.equal(0n)
      expect(await pinning.creditOf(owners[1])).to.equal(REWARD / 2n)
      expect(await pinning.liabilities()).to.equal(REWARD / 2n)
    })

    it('reverts with NoCredit the second time', async () => {
      const { pinning, owners } = await loadFixture(stored)
      await pinning.connect(owners[0]).withdraw()

      await expect(pinning.connect(owners[0]).withdraw())
        .to.be.revertedWithCustomError(pinning, 'NoCredit')
        .withArgs(owners[0])
    })

    it('A 2: pays nobody out of value that was forced in', async () => {
      const { pinning, stranger } = await loadFixture(stored)
      await setBalance(await pinning.getAddress(), 10n ** 18n)

      await expect(pinning.connect(stranger).withdraw())
        .to.be.revertedWithCustomError(pinning, 'NoCredit')
        .withArgs(stranger)
    })
  })

  describe('withdrawFor', () => {
    it('pays the account, whoever asks', async () => {
      const { pinning, owners, stranger } = await loadFixture(stored)
      expect(await pinning.withdrawFor.staticCall(owners[1])).to.equal(REWARD / 2n)

      await expect(pinning.connect(stranger).withdrawFor(owners[1])).to.changeEtherBalances(
        ethers,
        [owners[1], pinning],
        [REWARD / 2n, -REWARD / 2n],
      )
    })

    it('A 3: knows an account by its masked actor id (0xff…) too', async () => {
      const { pinning, owners } = await loadFixture(stored)
      const book = await ethers.getContractAt('AddressBook', ACTOR_ADDRESSES.addressBook)
      await book.assign(owners[0].address, REQUESTER_ACTOR)
      const masked = maskedIdAddress(REQUESTER_ACTOR)
      expect(await pinning.creditOf(masked)).to.equal(REWARD / 2n)

      await expect(pinning.withdrawFor(masked))
        .to.emit(pinning, 'Withdrawn')
        .withArgs(owners[0], REWARD / 2n)
    })

    it('reverts with NoCredit for an account without', async () => {
      const { pinning, owners } = await loadFixture(stored)

      await expect(pinning.withdrawFor(owners[2]))
        .to.be.revertedWithCustomError(pinning, 'NoCredit')
        .withArgs(owners[2])
    })
  })

  context('when the requester is a contract that cannot take native value', () => {
    it('keeps its credit and reverts with PaymentFailed', async () => {
      const { pinning, asker } = await loadFixture(failedForContract)

      await expect(pinning.withdrawFor(asker))
        .to.be.revertedWithCustomError(pinning, 'PaymentFailed')
        .withArgs(asker, BACK)
      expect(await pinning.creditOf(asker)).to.equal(BACK)
    })

    it('blocks nobody else', async () => {
      const w = await loadFixture(failedForContract)
      const { pinning, requester, owners, registry } = w
      await pinning.connect(requester).submitWithTerms(CID, LINK, await terms(), { value: FEE + REWARD })
      const id = await lastRequest({ registry })
      await pack(w, id)
      const { deal, segment } = await storedPiece()

      await complete(w, id, deal, segment)
      await pinning.connect(owners[0]).withdraw()

      expect((await pinning.getRequest(id)).state).to.equal(STATE.Stored)
      expect(await pinning.liabilities()).to.equal(BACK + REWARD / 2n)
    })

    it('is paid once it can', async () => {
      const { pinning, asker } = await loadFixture(failedForContract)
      await asker.setPayable(true)

      await expect(pinning.withdrawFor(asker)).to.changeEtherBalances(ethers, [asker, pinning], [BACK, -BACK])
    })
  })

  context('when who is paid calls back', () => {
    const reentering = async (call: (id: bigint) => string) => {
      const w = await loadFixture(failedForContract)
      await w.asker.setPayable(true)
      await w.asker.setMode(FORWARD, call(w.id))
      return w
    }

    it('has no credit any more', async () => {
      const { pinning, asker } = await reentering(() => '0x3ccfd60b')

      await expect(pinning.withdrawFor(asker)).to.changeEtherBalances(ethers, [asker, pinning], [BACK, -BACK])
      expect(await asker.forwardSuccess()).to.equal(false)
      expect(await asker.mode()).to.equal(TAKE)
    })

    it('gets no second refund', async () => {
      const { pinning } = await loadFixture(failedForContract)
      const w = await reentering((id) => pinning.interface.encodeFunctionData('refund', [id]))
      await w.pinning.withdrawFor(w.asker)

      expect(await w.asker.forwardSuccess()).to.equal(false)
      expect(await w.pinning.liabilities()).to.equal(0n)
    })
  })
})
