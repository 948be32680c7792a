import { expect } from 'chai'
import { toBeHex, zeroPadValue } from 'ethers'
import { maskedIdAddress } from '../../../scripts/local/actors.ts'
import { codeThatReturns } from '../../helpers/evm-code.ts'
import {
  asked,
  BURN_ACTOR,
  challenge,
  ethers,
  feeOf,
  loadFixture,
  MODE,
  ONE,
  rule,
  rules,
  RULING,
  setBalance,
  setCode,
  vote,
  WINDOW,
} from './world.ts'

const FEE = feeOf(rules(), ONE)

describe('OracleRegistry', () => {
  async function earned() {
    const fixture = await asked(1, 1, ONE)()
    await vote(fixture, fixture.id, 0, [0])
    return { ...fixture, operator: fixture.owners[0] }
  }
  /** The client has a credit: its request was cancelled. */
  async function returned() {
    const fixture = await asked(1, 1, ONE)()
    await fixture.client.act(fixture.registry.interface.encodeFunctionData('cancel', [fixture.id]))
    return fixture
  }

  describe('withdraw', () => {
    it("pays the caller's whole credit to the caller", async () => {
      const { registry, operator } = await loadFixture(earned)
      expect(await registry.connect(operator).withdraw.staticCall()).to.equal(FEE)

      const withdrawing = registry.connect(operator).withdraw()

      await expect(withdrawing).to.emit(registry, 'Withdrawn').withArgs(operator.address, FEE)
      await expect(withdrawing).to.changeEtherBalances(ethers, [registry, operator], [-FEE, FEE])
      expect(await registry.creditOf(operator)).to.equal(0n)
      expect(await registry.liabilities()).to.equal(0n)
    })

    it('refuses without a credit, so a second time too', async () => {
      const { registry, operator, stranger } = await loadFixture(earned)
      await registry.connect(operator).withdraw()
      for (const caller of [operator, stranger]) {
        await expect(registry.connect(caller).withdraw())
          .to.be.revertedWithCustomError(registry, 'NoCredit')
          .withArgs(caller.address)
      }
    })
  })

  describe('withdrawFor', () => {
    it('pays the account, whoever asks', async () => {
      const { registry, client, stranger } = await loadFixture(returned)

      const withdrawing = registry.connect(stranger).withdrawFor(client)

      await expect(withdrawing).to.emit(registry, 'Withdrawn').withArgs(client, FEE)
      await expect(withdrawing).to.changeEtherBalances(ethers, [registry, client, stranger], [-FEE, FEE, 0n])
    })

    it('refuses an account without a credit', async () => {
      const { registry, stranger } = await loadFixture(returned)
      await expect(registry.withdrawFor(stranger.address))
        .to.be.revertedWithCustomError(registry, 'NoCredit')
        .withArgs(stranger.address)
    })

    it('refuses when the account does not take it, and keeps the credit', async () => {
      const { registry, client } = await loadFixture(returned)
      await client.setPayable(false)

      await expect(registry.withdrawFor(client))
        .to.be.revertedWithCustomError(registry, 'PaymentFailed')
        .withArgs(client, FEE)
      expect(await registry.creditOf(client)).to.equal(FEE)
      expect(await registry.liabilities()).to.equal(FEE)
    })

    it('pays once though the account calls back in', async () => {
      const { registry, client, stranger } = await loadFixture(returned)
      await registry.connect(stranger).request(1n, ONE, '0x', 1n, 1_000n, { value: FEE })
      await client.setMode(MODE.Forward, registry.interface.encodeFunctionData('withdraw'))

      await expect(registry.withdrawFor(client)).to.changeEtherBalances(ethers, [registry, client], [-FEE, FEE])
      expect(await client.forwardSuccess()).to.equal(false)
    })
  })

  describe('an account with two names (a masked id address)', () => {
    const ACTOR = 1234n
    const ALIAS = maskedIdAddress(ACTOR)
    const LOOKUP_DELEGATED_ADDRESS = '0xfE00000000000000000000000000000000000002'

    it('has one credit, which is paid to its real address', async () => {
      const { registry, operator, stranger } = await loadFixture(earned)
      const delegated = `0x040a${operator.address.slice(2)}`
      await setCode(LOOKUP_DELEGATED_ADDRESS, codeThatReturns(delegated, zeroPadValue(toBeHex(ACTOR), 32)))
      expect(await registry.creditOf(ALIAS)).to.equal(FEE)

      const withdrawing = registry.connect(stranger).withdrawFor(ALIAS)

      await expect(withdrawing).to.emit(registry, 'Withdrawn').withArgs(operator, FEE)
      await expect(withdrawing).to.changeEtherBalances(ethers, [registry, operator], [-FEE, FEE])
      expect(await registry.creditOf(operator)).to.equal(0n)
    })
  })

  describe("the sink's credit", () => {
    it('leaves for the burn actor, whoever asks', async () => {
      const fixture = await loadFixture(asked(1, 1, ONE, WINDOW))
      const { registry, stranger, id } = fixture
      await vote(fixture, id, 0, [0])
      await challenge(fixture, id, 0, stranger)
      await rule(fixture, id, 0, RULING.Upheld)
      const burnt = fixture.rules.slash - fixture.rules.slash / 2n
      await expect(registry.connect(stranger).withdrawFor(BURN_ACTOR)).to.changeEtherBalances(
        ethers,
        [registry, BURN_ACTOR],
        [-burnt, burnt],
      )
    })
  })

  context('when coins are forced in', () => {
    it('counts them for nobody', async () => {
      const { registry, operator } = await loadFixture(earned)
      await setBalance(await registry.getAddress(), FEE + 5n)

      expect(await registry.liabilities()).to.equal(FEE)
      await expect(registry.connect(operator).withdraw()).to.changeEtherBalances(
        ethers,
        [registry, operator],
        [-FEE, FEE],
      )
    })

    it('refuses a plain transfer', async () => {
      const { registry, stranger } = await loadFixture(earned)
      await expect(stranger.sendTransaction({ to: registry, value: 1n })).to.revert(ethers)
    })
  })
})
