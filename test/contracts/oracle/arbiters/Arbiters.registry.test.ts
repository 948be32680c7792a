import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import type { CouncilArbiter, TimelockArbiter } from '../../../../types/ethers-contracts/index.js'
import { gains, HALF, SLASH } from '../challenges.ts'
import {
  act,
  ask,
  challenge,
  ethers,
  loadFixture,
  mineUpTo,
  networkHelpers,
  now,
  ONE,
  OTHER,
  RULING,
  STATE,
  vote,
  WINDOW,
  world,
} from '../world.ts'

const { Upheld, Rejected, Silent } = RULING
const BOND = 5_000_001n
const FEES = 960_960n
const DELAY = 3_600n

describe('Arbiters of an OracleRegistry', () => {
  /** A request answered by operators 1 and 2, which its client was told at once; challenged by the stranger, for `arbiter` to rule on. */
  async function challenged<T extends CouncilArbiter | TimelockArbiter>(arbiter: T) {
    const address = await arbiter.getAddress()
    const served = await world(2, 3, { windowEpochs: WINDOW, slash: SLASH, arbiter: address })
    const { id } = await ask(served, { job: ONE })
    await act(served, 'allowEarly', id)
    await vote(served, id, 0, [0, 1], OTHER)
    await challenge(served, id, 0, served.stranger, { bond: BOND })
    const { deadlineEpoch } = await served.registry.getChallenge(id)
    return { ...served, ruler: arbiter, id, deadlineEpoch }
  }

  async function byCouncil() {
    const members = (await ethers.getSigners()).slice(10, 13)
    const arbiter = await ethers.deployContract('CouncilArbiter', [members.map(({ address }) => address), 2])
    return { ...(await challenged(arbiter)), members }
  }

  async function byTimelock() {
    const proposer = (await ethers.getSigners())[10]
    const timelock = await ethers.deployContract('TimelockController', [
      DELAY,
      [proposer.address],
      [ZeroAddress],
      ZeroAddress,
    ])
    const arbiter = await ethers.deployContract('TimelockArbiter', [timelock])
    return { ...(await challenged(arbiter)), proposer, timelock }
  }

  describe('CouncilArbiter', () => {
    /** Members vote, each for its ruling. */
    const votes =
      (w: Awaited<ReturnType<typeof byCouncil>>, ...rulings: bigint[]) =>
      async () => {
        for (const [i, ruling] of rulings.entries())
          await w.ruler.connect(w.members[i]).vote(w.registry, w.id, 0, ruling)
      }

    it('upholds: who agreed is slashed, the challenger gets half of that and its bond, the requester its fees', async () => {
      const w = await loadFixture(byCouncil)

      expect(await gains(w, votes(w, Upheld, Upheld))).to.deep.equal({
        requester: FEES,
        challenger: BOND + 2n * HALF,
        sink: 2n * (SLASH - HALF),
      })
      expect((await w.registry.getRequest(w.id)).state).to.equal(STATE.Refuted)
      expect((await w.registry.getChallenge(w.id)).ruling).to.equal(Upheld)
    })

    it('rejects: who agreed shares the bond, and the answer stands', async () => {
      const w = await loadFixture(byCouncil)

      expect(await gains(w, votes(w, Rejected, Upheld, Rejected))).to.deep.equal({
        'operator 1': BOND / 2n,
        'operator 2': BOND / 2n,
        sink: 1n,
      })
      expect((await w.registry.getRequest(w.id)).state).to.equal(STATE.Answered)
      expect((await w.registry.getChallenge(w.id)).ruling).to.equal(Rejected)
    })

    it('closes the challenge in the transaction of the deciding vote', async () => {
      const w = await loadFixture(byCouncil)
      const { ruler, members, registry, id } = w
      await votes(w, Upheld)()

      await expect(ruler.connect(members[2]).vote(registry, id, 0, Upheld))
        .to.emit(ruler, 'Ruled')
        .withArgs(registry, id, 0n, Upheld, true)
        .and.to.emit(registry, 'ChallengeClosed')
        .withArgs(id, 0n, Upheld, BOND, 0n)
    })

    it('that does not come to a ruling is silent', async () => {
      const w = await loadFixture(byCouncil)
      await votes(w, Upheld, Rejected)()
      await mineUpTo(w.deadlineEpoch)

      await expect(w.registry.resolve(w.id))
        .to.emit(w.registry, 'ChallengeClosed')
        .withArgs(w.id, 0n, Silent, BOND - FEES, FEES)
      await expect(w.ruler.connect(w.members[2]).vote(w.registry, w.id, 0, Upheld))
        .to.be.revertedWithCustomError(w.ruler, 'NoOpenChallenge')
        .withArgs(w.registry, w.id, 0n)
    })

    for (const [gas, gasLimit] of [
      ['for the registry itself', 185_000n],
      ['to tell the requester, which has a million for that', 800_000n],
    ] as const) {
      it(`does not take the deciding vote with too little gas ${gas}`, async () => {
        const w = await loadFixture(byCouncil)
        const { ruler, members, registry, id } = w
        await votes(w, Upheld)()

        await expect(ruler.connect(members[1]).vote(registry, id, 0, Upheld, { gasLimit }))
          .to.be.revertedWithCustomError(ruler, 'TooLittleGas')
          .withArgs(
            (required: bigint) => required < gasLimit,
            (available: bigint) => available < gasLimit,
          )
        expect(await ruler.votesOn(registry, id)).to.deep.equal([1n, 0n])

        await expect(ruler.connect(members[1]).vote(registry, id, 0, Upheld))
          .to.emit(ruler, 'Ruled')
          .withArgs(registry, id, 0n, Upheld, true)
      })
    }
  })

  describe('TimelockArbiter', () => {
    const operation = async ({ ruler, registry, id }: Awaited<ReturnType<typeof byTimelock>>, ruling: bigint) =>
      [
        await ruler.getAddress(),
        0n,
        ruler.interface.encodeFunctionData('rule', [await registry.getAddress(), id, 0n, ruling]),
        ZeroHash,
        ZeroHash,
      ] as const

    for (const [name, ruling, state] of [
      ['upholds', Upheld, STATE.Refuted],
      ['rejects', Rejected, STATE.Answered],
    ] as const) {
      it(`${name} a challenge by schedule, wait, execute`, async () => {
        const w = await loadFixture(byTimelock)
        const call = await operation(w, ruling)
        await w.timelock.connect(w.proposer).schedule(...call, DELAY)
        await networkHelpers.time.increase(DELAY)
        expect(await now()).to.be.at.most(w.deadlineEpoch)

        await expect(w.timelock.connect(w.stranger).execute(...call))
          .to.emit(w.registry, 'ChallengeClosed')
          .withArgs(w.id, 0n, ruling, ruling === Upheld ? BOND : 0n, ruling === Upheld ? 0n : BOND - 1n)
        expect((await w.registry.getRequest(w.id)).state).to.equal(state)
      })
    }

    it('is silent when the DAO carries out its ruling too late', async () => {
      const w = await loadFixture(byTimelock)
      const call = await operation(w, Upheld)
      await w.timelock.connect(w.proposer).schedule(...call, DELAY)
      await networkHelpers.time.increase(DELAY)
      await mineUpTo(w.deadlineEpoch)

      await expect(w.timelock.execute(...call))
        .to.be.revertedWithCustomError(w.ruler, 'RulingTooLate')
        .withArgs(w.deadlineEpoch, w.deadlineEpoch + 1n)
      await w.registry.resolve(w.id)
      expect((await w.registry.getChallenge(w.id)).ruling).to.equal(Silent)
    })
  })
})
