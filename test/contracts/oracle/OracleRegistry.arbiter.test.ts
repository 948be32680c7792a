import { expect } from 'chai'
import { toBeHex, zeroPadValue } from 'ethers'
import { CODE_THAT_FAILS, codeThatReturns } from '../../helpers/evm-code.ts'
import { answered, BOND, gains, HALF, SLASH, type Asked } from './challenges.ts'
import { challenge, ethers, fallSilent, loadFixture, RULING, setCode } from './world.ts'

const word = (value: bigint) => zeroPadValue(toBeHex(value), 32)
const NOBODY = '0x0000000000000000000000000000000000000000'
const UPHELD = word(RULING.Upheld)
const CODE_THAT_BURNS = '0xfe'
/** Asks for memory beyond any gas: MSTORE at 2⁶⁴. */
const CODE_THAT_ASKS_FOR_MEMORY = '0x5f6801000000000000000052'
/** Returns a megabyte of which the first word is {@link UPHELD}. */
const CODE_THAT_RETURNS_A_MEGABYTE = '0x60015f52620fffff5ff3'

describe('OracleRegistry', () => {
  async function challenged() {
    const fixture = await answered()
    await challenge(fixture, fixture.id, 0, fixture.stranger, { bond: BOND })
    return fixture
  }

  const SILENT = { requester: 960_960n, 'operator 1': 480_480n, 'operator 2': 480_480n, challenger: BOND - 960_960n }
  const FALSE = { requester: 960_960n, challenger: BOND + 2n * HALF, sink: 2n * (SLASH - HALF) }

  describe('an arbiter', () => {
    for (const [title, prepare] of [
      ['reverts', ({ arbiter }: Asked) => arbiter.garble('0x', true)],
      ['reverts with the word for Upheld', ({ arbiter }: Asked) => arbiter.garble(UPHELD, true)],
      ['answers nothing', ({ arbiter }: Asked) => arbiter.garble('0x', false)],
      ['answers 31 bytes', ({ arbiter }: Asked) => arbiter.garble(`0x${'01'.repeat(31)}`, false)],
      ['answers None', ({ arbiter }: Asked) => arbiter.garble(word(RULING.None), false)],
      ['answers Silent, which is not its to say', ({ arbiter }: Asked) => arbiter.garble(word(RULING.Silent), false)],
      ['answers what is no ruling', ({ arbiter }: Asked) => arbiter.garble(word(4n), false)],
      ['answers a ruling with a bit above it', ({ arbiter }: Asked) => arbiter.garble(word((1n << 255n) | 1n), false)],
      ['fails whatever it is asked', ({ arbiter }: Asked) => setCode(arbiter.target as string, CODE_THAT_FAILS)],
      ['burns all gas', ({ arbiter }: Asked) => setCode(arbiter.target as string, CODE_THAT_BURNS)],
      ['asks for endless memory', ({ arbiter }: Asked) => setCode(arbiter.target as string, CODE_THAT_ASKS_FOR_MEMORY)],
      ['has no code', ({ arbiter }: Asked) => setCode(arbiter.target as string, '0x')],
    ] as const) {
      context(`that ${title}`, () => {
        it('has not ruled, and at last is silent: the money of all is free', async () => {
          const fixture = await loadFixture(challenged)
          const { registry, id } = fixture
          await prepare(fixture)
          const { deadlineEpoch } = await registry.getChallenge(id)
          await expect(registry.resolve(id))
            .to.be.revertedWithCustomError(registry, 'NotRuled')
            .withArgs(deadlineEpoch, (epoch: bigint) => epoch <= deadlineEpoch)
          expect(await gains(fixture, () => fallSilent(fixture, id))).to.deep.equal(SILENT)
        })
      })
    }

    for (const [title, prepare] of [
      ['says more than the ruling', ({ arbiter }: Asked) => arbiter.garble(`${UPHELD}${'ff'.repeat(64)}`, false)],
      ['returns a megabyte', ({ arbiter }: Asked) => setCode(arbiter.target as string, CODE_THAT_RETURNS_A_MEGABYTE)],
      ['is code alone', ({ arbiter }: Asked) => setCode(arbiter.target as string, codeThatReturns(UPHELD))],
    ] as const) {
      context(`that ${title}`, () => {
        it('has ruled', async () => {
          const fixture = await loadFixture(challenged)
          await prepare(fixture)
          expect(await gains(fixture, () => fixture.registry.resolve(fixture.id))).to.deep.equal(FALSE)
        })
      })
    }

    it('is asked by the name of this registry', async () => {
      const fixture = await loadFixture(challenged)
      const { registry, arbiter, id } = fixture
      const firstWord = arbiter.interface.encodeFunctionData('rulingOf', [registry.target, id, 0]).slice(0, 66)
      await setCode(arbiter.target as string, codeThatReturns(UPHELD, firstWord))
      expect(await gains(fixture, () => registry.resolve(id))).to.deep.equal(FALSE)
    })

    it('is asked about this request and this stage: what it says of others counts for nothing', async () => {
      const fixture = await loadFixture(challenged)
      const { registry, arbiter, id } = fixture
      await arbiter.rule(NOBODY, id, 1, RULING.Upheld)
      await arbiter.rule(NOBODY, id + 1n, 0, RULING.Upheld)
      await expect(registry.resolve(id)).to.be.revertedWithCustomError(registry, 'NotRuled')
      await arbiter.rule(NOBODY, id, 0, RULING.Upheld)
      expect(await gains(fixture, () => registry.resolve(id))).to.deep.equal(FALSE)
    })

    for (const name of ['resolve', 'withdraw', 'challenge', 'refute', 'sync'] as const) {
      it(`that calls ${name} while it is asked is refused, and rules all the same`, async () => {
        const fixture = await loadFixture(challenged)
        const { registry, arbiter, id } = fixture
        const reentrant = await ethers.deployContract('ReentrantArbiter')
        const args = { resolve: [id], withdraw: [], challenge: [id, 0, '0x'], refute: [id, 0, '0x'], sync: [id] }[name]
        const { selector } = registry.interface.getError('ReentrancyGuardReentrantCall')!
        const code = await ethers.provider.getCode(reentrant)
        await setCode(arbiter.target as string, code)
        await reentrant
          .attach(arbiter.target)
          .getFunction('script')
          .send(registry.interface.encodeFunctionData(name as 'refute', args as never), selector)
        expect(await gains(fixture, () => registry.resolve(id))).to.deep.equal(FALSE)
      })
    }
  })
})
