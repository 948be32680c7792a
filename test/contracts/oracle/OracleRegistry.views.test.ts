import { expect } from 'chai'
import { AbiCoder, keccak256 } from 'ethers'
import {
  act,
  ANSWER_STANDING,
  ask,
  asked,
  challenge,
  DELIVERY,
  ethers,
  fail,
  fallSilent,
  feeOf,
  loadFixture,
  mature,
  mine,
  mineUpTo,
  now,
  ONE,
  OTHER,
  PAYLOAD,
  PROVIDER,
  REASON,
  rule,
  rules,
  RULING,
  served,
  STATE,
  THREE,
  TWO,
  vote,
  WINDOW,
} from './world.ts'

const { turnEpochs, minStake, minBond: BOND, slash: SLASH } = rules({ windowEpochs: WINDOW })
const TURN = BigInt(turnEpochs)

describe('OracleRegistry', () => {
  /** Both stages are answered, 11 epochs apart. */
  async function pending() {
    const fixture = await asked(2, 3, TWO, WINDOW)()
    await vote(fixture, fixture.id, 0, [0, 1])
    await mine(10)
    await vote(fixture, fixture.id, 1, [2, 1], OTHER)
    return fixture
  }
  type Pending = Awaited<ReturnType<typeof pending>>

  describe('views of unknown requests', () => {
    it('say so', async () => {
      const { registry } = await loadFixture(served(1, 1))
      for (const view of [
        registry.getRequest(1n),
        registry.getAnswer(1n, 0),
        registry.agreeing(1n, 0),
        registry.hasVoted(1n, 0, 1n),
        registry.assigneeOf(1n),
      ]) {
        await expect(view).to.be.revertedWithCustomError(registry, 'UnknownRequest').withArgs(1n)
      }
    })
  })

  describe('getRequest', () => {
    const fee = feeOf({ ...rules(), quorum: 2 }, TWO)

    it('counts the answers that stand, and those that are settled', async () => {
      const fixture = await loadFixture(pending)
      const { registry, id } = fixture
      const view = async () => {
        const { state, stage, settled, escrow, refunded } = await registry.getRequest(id)
        return [state, stage, settled, escrow, refunded]
      }
      expect(await view()).to.deep.equal([STATE.Answered, 2n, 0n, 0n, 0n])
      await mature(fixture, id, 0)
      expect(await view()).to.deep.equal([STATE.Answered, 2n, 0n, 0n, 0n])
      await registry.sync(id)
      expect(await view()).to.deep.equal([STATE.Answered, 2n, 1n, 0n, 0n])
      await challenge(fixture, id, 1, fixture.stranger)
      expect((await registry.getRequest(id)).challenged).to.equal(true)
      await rule(fixture, id, 1, RULING.Upheld)
      const back = fee - 2n * 720_000n
      expect(await view()).to.deep.equal([STATE.Refuted, 1n, 1n, 0n, back])
      expect((await registry.getRequest(id)).challenged).to.equal(false)
    })
  })

  describe('getAnswer', () => {
    const standings = async ({ registry, id }: Pending) =>
      Promise.all([0, 1].map(async (stage) => (await registry.getAnswer(id, stage)).standing))
    const { Challengeable, Challenged, Final, Undone, None } = ANSWER_STANDING

    it('goes from none to challengeable to final, stage by stage', async () => {
      const fixture = await loadFixture(pending)
      const { registry, id } = fixture
      expect(await standings(fixture)).to.deep.equal([Challengeable, Challengeable])
      expect((await registry.getAnswer(id, 2)).standing).to.equal(None)
      for (const [stage, before, after] of [
        [0, [Challengeable, Challengeable], [Final, Challengeable]],
        [1, [Final, Challengeable], [Final, Final]],
      ] as const) {
        await mineUpTo((await registry.getAnswer(id, stage)).matureEpoch)
        expect(await standings(fixture)).to.deep.equal(before)
        await mine()
        expect(await standings(fixture)).to.deep.equal(after)
      }
    })

    it('holds up the later answers of a challenged one, and the earlier that are not final', async () => {
      for (const stage of [0, 1]) {
        const fixture = await loadFixture(pending)
        await challenge(fixture, fixture.id, stage, fixture.stranger)
        await mine(2 * WINDOW)
        expect(await standings(fixture)).to.deep.equal([Challenged, Challenged])
      }
    })

    it('leaves final what was mature when the challenge was opened', async () => {
      const fixture = await loadFixture(pending)
      await mature(fixture, fixture.id, 0)
      await challenge(fixture, fixture.id, 1, fixture.stranger)
      expect(await standings(fixture)).to.deep.equal([Final, Challenged])
    })

    it('is challengeable again after a rejected challenge, for as long as it was before', async () => {
      const fixture = await loadFixture(pending)
      const { registry, id, stranger } = fixture
      const { matureEpoch } = await registry.getAnswer(id, 1)
      await challenge(fixture, id, 0, stranger)
      const opened = await now()
      await mine(7)
      await rule(fixture, id, 0, RULING.Rejected)
      expect(await standings(fixture)).to.deep.equal([Challengeable, Challengeable])
      expect((await registry.getAnswer(id, 1)).matureEpoch).to.equal(matureEpoch + (await now()) - opened)
    })

    it('is undone from the refuted one on, and keeps its hash', async () => {
      const fixture = await loadFixture(pending)
      const { registry, id } = fixture
      const { answerHash } = await registry.getAnswer(id, 1)
      await challenge(fixture, id, 0, fixture.stranger)
      await rule(fixture, id, 0, RULING.Upheld)
      expect(await standings(fixture)).to.deep.equal([Undone, Undone])
      const { delivery, answerHash: after } = await registry.getAnswer(id, 1)
      expect([delivery, after]).to.deep.equal([DELIVERY.None, answerHash])
    })

    it('is undone by silence', async () => {
      const fixture = await loadFixture(pending)
      await challenge(fixture, fixture.id, 1, fixture.stranger, { bond: 100n * BOND })
      await fallSilent(fixture, fixture.id)
      const [first, second] = await standings(fixture)
      expect([first, second]).to.deep.equal([Challengeable, Undone])
    })

    it('says nothing of a stage that its requester concluded, whatever was voted there', async () => {
      const fixture = await loadFixture(asked(2, 3, THREE))
      const { registry, id } = fixture
      for (const stage of [0, 1]) await vote(fixture, id, stage, [0, 1])
      await fail(fixture, id, 2, [2], REASON.DealFailed)
      await act(fixture, 'conclude', id)
      const { standing, delivery, answerHash } = await registry.getAnswer(id, 2)
      expect([standing, delivery, answerHash]).to.deep.equal([None, DELIVERY.None, ethers.ZeroHash])
    })

    it('never matures before the answer it follows', async () => {
      const fixture = await loadFixture(asked(2, 3, TWO, WINDOW))
      const { registry, stranger, id } = fixture
      await vote(fixture, id, 0, [0, 1])
      await challenge(fixture, id, 0, stranger)
      await mine(20)
      await rule(fixture, id, 0, RULING.Rejected)
      await vote(fixture, id, 1, [0, 1])
      const [first, second] = await Promise.all([registry.getAnswer(id, 0), registry.getAnswer(id, 1)])
      expect(second.answeredEpoch + BigInt(WINDOW)).to.equal(second.matureEpoch)
      expect(second.matureEpoch).to.be.at.least(first.matureEpoch)
    })
  })

  describe('agreeing and hasVoted', () => {
    it('name who made the answer, in the order they voted, also when it is undone', async () => {
      const fixture = await loadFixture(pending)
      const { registry, owners, id } = fixture
      const first = [owners[0].address, owners[1].address]
      const second = [owners[2].address, owners[1].address]
      await challenge(fixture, id, 1, fixture.stranger)
      await rule(fixture, id, 1, RULING.Upheld)
      expect([await registry.agreeing(id, 0), await registry.agreeing(id, 1)]).to.deep.equal([first, second])
      expect(await registry.hasVoted(id, 1, 2n)).to.equal(true)
      expect(await registry.hasVoted(id, 1, 1n)).to.equal(false)
      expect(await registry.agreeing(id, 2)).to.deep.equal([])
    })
  })

  describe('assigneeOf', () => {
    /** Whose turn comes first among `operators`. */
    const first = (id: bigint, operators: bigint[]) =>
      operators[
        Number(BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(['uint256'], [id]))) % BigInt(operators.length))
      ]
    /** `operators` in the order of their turns. */
    const turns = (id: bigint, operators: bigint[]) => {
      const start = operators.indexOf(first(id, operators))
      return operators.map((_, turn) => operators[(start + turn) % operators.length])
    }

    it('goes round, each turn whole and counted from the epoch of the request', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE))
      const { registry, id } = fixture
      const { requestedEpoch } = await registry.getRequest(id)
      const order = turns(id, [1n, 2n, 3n])
      for (let turn = 0; turn < 5; ++turn) {
        if (turn > 0) await mineUpTo(requestedEpoch + BigInt(turn) * TURN)
        expect(await registry.assigneeOf(id), `first epoch of turn ${turn}`).to.equal(order[turn % 3])
        await mineUpTo(requestedEpoch + BigInt(turn + 1) * TURN - 1n)
        expect(await registry.assigneeOf(id), `last epoch of turn ${turn}`).to.equal(order[turn % 3])
      }
    })

    it('begins with another operator for another request', async () => {
      const fixture = await loadFixture(served(2, 3))
      const seen = new Set<bigint>()
      for (let i = 0; i < 12; ++i) {
        const { id } = await ask(fixture)
        const assignee = await fixture.registry.assigneeOf(id)
        expect(assignee).to.equal(first(id, [1n, 2n, 3n]))
        seen.add(assignee)
      }
      expect([...seen].sort()).to.deep.equal([1n, 2n, 3n])
    })

    it('leaves out who joined after the request', async () => {
      const fixture = await loadFixture(asked(2, 2, ONE))
      const { registry, stranger, id } = fixture
      await registry.admit(PROVIDER, stranger)
      await registry.connect(stranger).join(PROVIDER, stranger, '')
      const seen = new Set<bigint>()
      for (let turn = 0; turn < 6; ++turn) {
        seen.add(await registry.assigneeOf(id))
        await mine(TURN)
      }
      expect([...seen].sort()).to.deep.equal([1n, 2n])
    })

    it('leaves out who left, and names nobody when all did', async () => {
      const fixture = await loadFixture(asked(2, 3, ONE))
      const { registry, owners, id } = fixture
      await registry.connect(owners[1]).leave(2n)
      const seen = new Set<bigint>()
      for (let turn = 0; turn < 4; ++turn) {
        seen.add(await registry.assigneeOf(id))
        await mine(TURN)
      }
      expect([...seen].sort()).to.deep.equal([1n, 3n])
      for (const operator of [0, 2]) await registry.connect(owners[operator]).leave(operator + 1)
      expect(await registry.assigneeOf(id)).to.equal(0n)
    })

    it('keeps to the version of the request', async () => {
      const fixture = await loadFixture(served(2, 3))
      const { registry, client, owners, rules: given } = fixture
      const { id: older } = await ask(fixture, { epochs: 100_000n })
      await registry.proposeConfig(PROVIDER, given)
      for (const operator of [0, 2]) await registry.connect(owners[operator]).optIn(operator + 1, 2)
      await mineUpTo((await registry.getProvider(PROVIDER)).proposedEpoch)
      await client.ask(PROVIDER, ONE, PAYLOAD, 1n, (await now()) + 10_000n, { value: feeOf(given, ONE) })

      const seen = { older: new Set<bigint>(), newer: new Set<bigint>() }
      for (let turn = 0; turn < 6; ++turn) {
        seen.older.add(await registry.assigneeOf(older))
        seen.newer.add(await registry.assigneeOf(older + 1n))
        await mine(TURN)
      }
      expect([...seen.older].sort()).to.deep.equal([1n, 2n, 3n])
      expect([...seen.newer].sort()).to.deep.equal([1n, 3n])
    })
  })

  describe('liabilities', () => {
    it('are escrows, unsettled fees, stakes, bonds and credits, and go down by withdrawals alone', async () => {
      const fixture = await loadFixture(asked(2, 3, TWO, WINDOW))
      const { registry, client, owners, stranger, id } = fixture
      const fee = feeOf(fixture.rules, TWO)
      const expected = async (sum: bigint) => {
        expect(await registry.liabilities()).to.equal(sum)
        expect(await ethers.provider.getBalance(registry)).to.equal(sum)
      }

      await expected(3n * minStake + fee)
      await vote(fixture, id, 0, [0, 1])
      await challenge(fixture, id, 0, stranger, { bond: 3n * fee })
      await expected(3n * minStake + 4n * fee)
      await rule(fixture, id, 0, RULING.Upheld)
      await expected(3n * minStake + 4n * fee)

      await registry.connect(stranger).withdraw()
      await registry.withdrawFor(client)
      const toSink = 2n * (SLASH - SLASH / 2n)
      expect(await registry.creditOf(await registry.sink())).to.equal(toSink)
      await expected(3n * minStake - 2n * SLASH + toSink)
      await registry.connect(owners[2]).leave(3n)
      await expected(3n * minStake - 2n * SLASH + toSink)
    })
  })

  it('says whose credit takes what nobody may gain from: f099', async () => {
    const { registry } = await loadFixture(served(1, 1))
    expect(await registry.sink()).to.equal('0xff00000000000000000000000000000000000063')
  })
})
