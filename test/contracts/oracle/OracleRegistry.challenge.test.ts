import { expect } from 'chai'
import { hexlify, ZeroAddress } from 'ethers'
import {
  act,
  answered,
  answeredTwice,
  BOND,
  CHALLENGEABLE,
  expectBooks,
  MIN_BOND,
  open,
  RULING_EPOCHS,
  three,
  type Asked,
} from './challenges.ts'
import {
  ANSWER,
  ANSWER_STANDING as STANDING,
  ask,
  asked,
  challenge,
  ethers,
  fallSilent,
  loadFixture,
  mature,
  mineUpTo,
  now,
  ONE,
  rule,
  RULING,
  setBalance,
  THREE,
  vote,
} from './world.ts'

const UNKNOWN = 9n
const LARGEST = (1n << 96n) - 1n

describe('OracleRegistry', () => {
  /** The stranger challenged stage 0. */
  async function challenged() {
    const fixture = await answeredTwice()
    await challenge(fixture, fixture.id, 0, fixture.stranger)
    return fixture
  }

  const callers = ({ owner, owners, stranger }: Asked) =>
    [
      ['a stranger', stranger],
      ['an operator that agreed', owners[0]],
      ['an operator that dissented', owners[2]],
      ["the provider's owner", owner],
    ] as const

  describe('challenge', () => {
    for (const { name, reach, state } of CHALLENGEABLE) {
      context(`when the request is ${name}`, () => {
        it('opens a challenge of an answer that is not mature, whoever calls', async () => {
          const fixture = await loadFixture(reach)
          const { registry, id } = fixture
          for (const [, caller] of callers(fixture)) {
            await registry.connect(caller).challenge.staticCall(id, 0, '0x', { value: BOND })
          }
          const deadline = (await now()) + 1n + RULING_EPOCHS

          await expect(challenge(fixture, id, 0, fixture.stranger, { bond: BOND, evidence: '0xe51d' }))
            .to.emit(registry, 'Challenged')
            .withArgs(id, 0n, fixture.stranger.address, BOND, deadline, '0xe51d')

          expect(await registry.getChallenge(id)).to.deep.equal([
            ...[fixture.stranger.address, 0n, true, RULING.None, deadline - RULING_EPOCHS, deadline, BOND],
          ])
          const view = await registry.getRequest(id)
          expect([view.challenged, view.state]).to.deep.equal([true, state])
          expect((await registry.getAnswer(id, 0)).standing).to.equal(STANDING.Challenged)
          await expectBooks(fixture)
        })
      })
    }

    it('takes the bond, to the attoFIL', async () => {
      const fixture = await loadFixture(answered)
      const { registry, stranger, id } = fixture
      const before = await registry.liabilities()
      await expect(challenge(fixture, id, 0, stranger, { bond: BOND })).to.changeEtherBalances(
        ethers,
        [stranger, registry],
        [-BOND, BOND],
      )
      expect((await registry.liabilities()) - before).to.equal(BOND)
    })

    it('the requester can, by itself', async () => {
      const fixture = await loadFixture(answered)
      const { registry, client, id } = fixture
      await client.act(registry.interface.encodeFunctionData('challenge', [id, 0, '0x']), { value: BOND })
      expect((await registry.getChallenge(id)).challenger).to.equal(client.target)
    })

    context('when there is no such answer', () => {
      it('refuses an unknown request', async () => {
        const { registry } = await loadFixture(three)
        await expect(registry.challenge(UNKNOWN, 0, '0x', { value: BOND }))
          .to.be.revertedWithCustomError(registry, 'UnknownRequest')
          .withArgs(UNKNOWN)
      })

      it('refuses a stage that has no answer', async () => {
        const { registry, id } = await loadFixture(open)
        for (const stage of [1, 2, 255]) {
          await expect(registry.challenge(id, stage, '0x', { value: BOND }))
            .to.be.revertedWithCustomError(registry, 'NotChallengeable')
            .withArgs(id, BigInt(stage))
        }
      })

      it('refuses an answer that is settled', async () => {
        const fixture = await loadFixture(answered)
        const { registry, id } = fixture
        await mature(fixture, id, 0)
        await registry.sync(id)
        await expect(registry.challenge(id, 0, '0x', { value: BOND }))
          .to.be.revertedWithCustomError(registry, 'NotChallengeable')
          .withArgs(id, 0n)
      })

      it('refuses an answer that was final at its quorum', async () => {
        const fixture = await loadFixture(asked(1, 1, ONE))
        await vote(fixture, fixture.id, 0, [0])
        await expect(fixture.registry.challenge(fixture.id, 0, '0x', { value: BOND }))
          .to.be.revertedWithCustomError(fixture.registry, 'NotChallengeable')
          .withArgs(fixture.id, 0n)
      })

      it('refuses a stage that the requester concluded', async () => {
        const fixture = await loadFixture(asked(1, 1, THREE, 30))
        const { registry, id } = fixture
        for (const stage of [0, 1]) await vote(fixture, id, stage, [0])
        await mature(fixture, id, 1)
        await act(fixture, 'conclude', id)
        for (const stage of [0, 1, 2]) {
          await expect(registry.challenge(id, stage, '0x', { value: BOND }))
            .to.be.revertedWithCustomError(registry, 'NotChallengeable')
            .withArgs(id, BigInt(stage))
        }
      })

      for (const ruling of ['Upheld', 'Silent'] as const) {
        it(`refuses an answer that is undone (${ruling}); one before it can still be challenged`, async () => {
          const fixture = await loadFixture(answeredTwice)
          const { registry, stranger, id } = fixture
          await challenge(fixture, id, 1, stranger)
          await (ruling === 'Upheld' ? rule(fixture, id, 1, RULING.Upheld) : fallSilent(fixture, id))
          await expect(registry.challenge(id, 1, '0x', { value: BOND }))
            .to.be.revertedWithCustomError(registry, 'NotChallengeable')
            .withArgs(id, 1n)
          await expect(challenge(fixture, id, 0, stranger)).to.emit(registry, 'Challenged')
        })
      }
    })

    context('at the end of the window', () => {
      it('takes one at the last epoch, refuses one after', async () => {
        const fixture = await loadFixture(answered)
        const { registry, stranger, id } = fixture
        const { matureEpoch } = await registry.getAnswer(id, 0)
        await mineUpTo(matureEpoch - 1n)
        await registry.challenge.staticCall(id, 0, '0x', { value: BOND, blockTag: 'pending' })
        await mineUpTo(matureEpoch)
        await expect(registry.connect(stranger).challenge(id, 0, '0x', { value: BOND }))
          .to.be.revertedWithCustomError(registry, 'WindowClosed')
          .withArgs(matureEpoch, matureEpoch + 1n)
      })

      it('opens one mined in that epoch', async () => {
        const fixture = await loadFixture(answered)
        const { registry, stranger, id } = fixture
        const { matureEpoch } = await registry.getAnswer(id, 0)
        await mineUpTo(matureEpoch - 1n)
        await challenge(fixture, id, 0, stranger)
        expect((await registry.getChallenge(id)).openedEpoch).to.equal(matureEpoch)
      })
    })

    context('when there was a challenge', () => {
      it('refuses another one of any stage while it is open', async () => {
        const { registry, id } = await loadFixture(challenged)
        for (const stage of [0, 1]) {
          await expect(registry.challenge(id, stage, '0x', { value: BOND }))
            .to.be.revertedWithCustomError(registry, 'ChallengeOpen')
            .withArgs(id, 0n)
        }
      })

      it('refuses a second one of the stage; takes one of the other', async () => {
        const fixture = await loadFixture(challenged)
        const { registry, id } = fixture
        await rule(fixture, id, 0, RULING.Rejected)
        await expect(registry.challenge(id, 0, '0x', { value: BOND }))
          .to.be.revertedWithCustomError(registry, 'AlreadyChallenged')
          .withArgs(id, 0n)
        await expect(challenge(fixture, id, 1, fixture.stranger)).to.emit(registry, 'Challenged')
        await rule(fixture, id, 1, RULING.Rejected)
        for (const stage of [0, 1]) {
          await expect(registry.challenge(id, stage, '0x', { value: BOND }))
            .to.be.revertedWithCustomError(registry, 'AlreadyChallenged')
            .withArgs(id, BigInt(stage))
        }
      })

      it("is nothing to another request's answers", async () => {
        const fixture = await loadFixture(challenged)
        const { id } = await ask(fixture)
        await vote(fixture, id, 0, [0, 1], ANSWER)
        await expect(challenge(fixture, id, 0, fixture.stranger)).to.emit(fixture.registry, 'Challenged')
        await expectBooks(fixture)
      })
    })

    context('the bond', () => {
      it('is the least of the version where fees are lower', async () => {
        const fixture = await loadFixture(CHALLENGEABLE[2].reach)
        const { registry, stranger, id } = fixture
        expect(await registry.bondFor(id, 0)).to.equal(MIN_BOND)
        await expect(challenge(fixture, id, 0, stranger, { bond: MIN_BOND - 1n }))
          .to.be.revertedWithCustomError(registry, 'BondTooLow')
          .withArgs(MIN_BOND, MIN_BOND - 1n)
        await expect(challenge(fixture, id, 0, stranger, { bond: MIN_BOND })).to.emit(registry, 'Challenged')
      })

      for (const [stage, fees] of [
        [0, 4_322_880n],
        [1, 2_882_880n],
      ] as const) {
        it(`is the unsettled fees from the stage on where they are higher: stage ${stage} of 2`, async () => {
          const fixture = await loadFixture(answeredTwice)
          const { registry, stranger, id } = fixture
          expect(await registry.bondFor(id, stage)).to.equal(fees)
          await expect(challenge(fixture, id, stage, stranger, { bond: fees - 1n }))
            .to.be.revertedWithCustomError(registry, 'BondTooLow')
            .withArgs(fees, fees - 1n)
          await expect(challenge(fixture, id, stage, stranger, { bond: fees })).to.emit(registry, 'Challenged')
        })
      }

      it('is at most 2⁹⁶ − 1 attoFIL', async () => {
        const fixture = await loadFixture(answered)
        const { registry, stranger, id } = fixture
        await setBalance(stranger.address, 2n * LARGEST)
        await expect(challenge(fixture, id, 0, stranger, { bond: LARGEST + 1n }))
          .to.be.revertedWithCustomError(registry, 'BondTooHigh')
          .withArgs(LARGEST, LARGEST + 1n)
        await challenge(fixture, id, 0, stranger, { bond: LARGEST })
        expect((await registry.getChallenge(id)).bond).to.equal(LARGEST)
        await expectBooks(fixture)
      })
    })

    it('takes evidence of 1,024 bytes and refuses 1,025', async () => {
      const fixture = await loadFixture(answered)
      const { registry, stranger, id } = fixture
      const evidence = (length: number) => hexlify(new Uint8Array(length).fill(7))
      await expect(challenge(fixture, id, 0, stranger, { evidence: evidence(1025) }))
        .to.be.revertedWithCustomError(registry, 'EvidenceTooLong')
        .withArgs(1024n, 1025n)
      await expect(challenge(fixture, id, 0, stranger, { evidence: evidence(1024) })).to.emit(registry, 'Challenged')
    })
  })

  describe('bondFor', () => {
    it('is the least bond where nothing is unsettled, or nothing answered', async () => {
      const fixture = await loadFixture(answered)
      const { registry, id } = fixture
      expect(await registry.bondFor(id, 0)).to.equal(960_960n)
      expect(await registry.bondFor(id, 1)).to.equal(MIN_BOND)
      await mature(fixture, id, 0)
      await registry.sync(id)
      expect(await registry.bondFor(id, 0)).to.equal(MIN_BOND)
    })

    it('refuses an unknown request', async () => {
      const { registry } = await loadFixture(three)
      await expect(registry.bondFor(UNKNOWN, 0))
        .to.be.revertedWithCustomError(registry, 'UnknownRequest')
        .withArgs(UNKNOWN)
    })
  })

  describe('getChallenge', () => {
    it('is empty before the first', async () => {
      const { registry, id } = await loadFixture(answered)
      expect(await registry.getChallenge(id)).to.deep.equal([ZeroAddress, 0n, false, RULING.None, 0n, 0n, 0n])
    })

    it('shows the last one, its ruling too', async () => {
      const fixture = await loadFixture(challenged)
      const { registry, owners, id } = fixture
      await rule(fixture, id, 0, RULING.Rejected)
      const first = await registry.getChallenge(id)
      expect([first.open, first.ruling, first.stage]).to.deep.equal([false, RULING.Rejected, 0n])
      await challenge(fixture, id, 1, owners[2])
      const second = await registry.getChallenge(id)
      expect([second.open, second.ruling, second.stage]).to.deep.equal([true, RULING.None, 1n])
      expect(second.challenger).to.equal(owners[2].address)
    })

    it('refuses an unknown request', async () => {
      const { registry } = await loadFixture(three)
      await expect(registry.getChallenge(UNKNOWN))
        .to.be.revertedWithCustomError(registry, 'UnknownRequest')
        .withArgs(UNKNOWN)
    })
  })
})
