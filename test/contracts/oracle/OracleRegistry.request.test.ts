import { expect } from 'chai'
import type { BaseContractMethod } from 'ethers'
import {
  ANSWER,
  ask,
  ethers,
  feeOf,
  fieldsOf,
  inOneEpoch,
  join,
  JOBS,
  loadFixture,
  MAX_BYTES,
  mine,
  now,
  ONE,
  PAYLOAD,
  PROVIDER,
  rules,
  served,
  setBalance,
  STATE,
  THREE,
  TWO,
  WINDOW,
  world,
} from './world.ts'

const FEE = feeOf(rules(), ONE)
const UNKNOWN = 9n
const FIVE_YEARS = 5_256_000n
const LARGEST = 1n << 59n

describe('OracleRegistry', () => {
  /** A deadline that is `epochs` after the epoch of the next transaction. */
  const deadlineIn = async (epochs: bigint) => (await now()) + 1n + epochs

  describe('request', () => {
    it('keeps the fee and tells the operators', async () => {
      const { registry, stranger } = await loadFixture(served(1, 1))
      const deadline = await deadlineIn(20n)

      const asking = registry.connect(stranger).request(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value: FEE })

      await expect(asking)
        .to.emit(registry, 'Requested')
        .withArgs(1n, PROVIDER, stranger.address, 1n, ONE, PAYLOAD, MAX_BYTES, deadline, FEE)
      await expect(asking).to.changeEtherBalances(ethers, [stranger, registry], [-FEE, FEE])
      expect(await registry.liabilities()).to.equal(FEE)
      expect(fieldsOf(await registry.getRequest(1n))).to.deep.equal({
        ...{ requester: stranger.address, providerId: PROVIDER, version: 1n, job: BigInt(ONE), state: STATE.Open },
        ...{ stage: 0n, stageCount: 1n, settled: 0n, quorum: 1n, early: false, challenged: false, failReason: 0n },
        ...{ maxBytes: MAX_BYTES, requestedEpoch: await now(), deadlineEpoch: deadline, escrow: FEE, refunded: 0n },
      })
    })

    it('returns ids from 1 upwards', async () => {
      const { registry, client } = await loadFixture(served(1, 1))
      const deadline = await deadlineIn(100n)
      for (const id of [1n, 2n]) {
        const question = [PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value: FEE }] as const
        expect(await client.ask.staticCall(...question)).to.equal(id)
        await client.ask(...question)
      }
      expect(await registry.liabilities()).to.equal(2n * FEE)
    })

    it('shows the stages of the job', async () => {
      const fixture = await loadFixture(served(2, 3))
      const { id } = await ask(fixture, { job: THREE })
      const { stageCount, escrow, job, quorum } = await fixture.registry.getRequest(id)
      expect([stageCount, escrow, job, quorum]).to.deep.equal([3n, feeOf(fixture.rules, THREE), BigInt(THREE), 2n])
    })

    type Question = (deadline: bigint) => unknown[]
    const valid: Question = (deadline) => [PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline]
    /** {@link valid} with other arguments. */
    const but =
      (changes: Record<number, unknown>): Question =>
      (deadline) =>
        Object.values({ ...valid(deadline), ...changes })

    const bad: [title: string, question: Question, value: bigint, error: string, args: Question][] = [
      ['an unknown provider', but({ 0: UNKNOWN }), FEE, 'UnknownProvider', () => [UNKNOWN]],
      ['provider 0', but({ 0: 0n }), FEE, 'UnknownProvider', () => [0n]],
      ['an unknown job', but({ 1: 9 }), FEE, 'UnknownJob', () => [PROVIDER, 9n]],
      ['content of no size', but({ 3: 0n }), FEE, 'ZeroMaxBytes', () => []],
      [
        'content of more than 2^59 bytes',
        but({ 3: LARGEST + 1n }),
        FEE,
        'MaxBytesTooLarge',
        () => [LARGEST, LARGEST + 1n],
      ],
      ['a payload of 8,193 bytes', but({ 2: `0x${'00'.repeat(8193)}` }), FEE, 'PayloadTooLong', () => [8192n, 8193n]],
      ['a deadline one epoch too soon', (end) => valid(end - 1n), FEE, 'DeadlineTooSoon', (end) => [end, end - 1n]],
      ['a deadline in the past', () => valid(0n), FEE, 'DeadlineTooSoon', (end) => [end, 0n]],
      [
        'a deadline one epoch too far',
        (end) => valid(end - 20n + FIVE_YEARS + 1n),
        FEE,
        'DeadlineTooFar',
        (end) => [end - 20n + FIVE_YEARS, end - 20n + FIVE_YEARS + 1n],
      ],
      [
        'the last epoch there is',
        () => valid((1n << 64n) - 1n),
        FEE,
        'DeadlineTooFar',
        (end) => [end - 20n + FIVE_YEARS, (1n << 64n) - 1n],
      ],
      ['no fee', valid, 0n, 'WrongFee', () => [FEE, 0n]],
      ['one attoFIL too little', valid, FEE - 1n, 'WrongFee', () => [FEE, FEE - 1n]],
      ['one attoFIL too much', valid, FEE + 1n, 'WrongFee', () => [FEE, FEE + 1n]],
      [
        'the fee of one MiB less',
        but({ 3: MAX_BYTES + 1n }),
        FEE,
        'WrongFee',
        () => [feeOf(rules(), ONE, 2n * MAX_BYTES), FEE],
      ],
    ]
    for (const [title, question, value, error, args] of bad) {
      it(`refuses ${title}`, async () => {
        const { registry } = await loadFixture(served(1, 1))
        const deadline = await deadlineIn(20n)
        const asked = registry.getFunction('request') as unknown as BaseContractMethod
        await expect(asked.send(...question(deadline), { value }))
          .to.be.revertedWithCustomError(registry, error)
          .withArgs(...args(deadline))
        expect(await registry.liabilities()).to.equal(0n)
      })
    }

    it('takes a payload of 8,192 bytes and the earliest deadline', async () => {
      const { registry, client } = await loadFixture(served(1, 1))
      const payload = `0x${'00'.repeat(8192)}`
      await expect(client.ask(PROVIDER, ONE, payload, MAX_BYTES, await deadlineIn(20n), { value: FEE })).to.emit(
        registry,
        'Requested',
      )
    })

    it('takes content of 2^59 bytes and the latest deadline', async () => {
      const fixture = await loadFixture(served(1, 1))
      const { registry, client } = fixture
      const fee = feeOf(fixture.rules, ONE, LARGEST)
      const deadline = await deadlineIn(FIVE_YEARS)
      await client.ask(PROVIDER, ONE, PAYLOAD, LARGEST, deadline, { value: fee })
      const { maxBytes, deadlineEpoch, escrow } = await registry.getRequest(1n)
      expect([maxBytes, deadlineEpoch, escrow]).to.deep.equal([LARGEST, deadline, fee])
    })

    it('takes a job for nothing, which then leaves nothing to pay', async () => {
      const stages = [{ base: 0n, perGiB: 0n }]
      const fixture = await loadFixture(() => world(1, 1, { jobs: [{ ...JOBS[0], failureFee: 0n, stages }] }))
      const { registry, client, reporters } = fixture
      await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, await deadlineIn(20n))

      await expect(registry.connect(reporters[0]).report(1n, 0, '0x'))
        .to.emit(registry, 'StageSettled')
        .withArgs(1n, 0n, 0n)
        .and.not.to.emit(registry, 'Credited')
      expect(await registry.liabilities()).to.equal(0n)
    })

    it('refuses a fee that its ledger cannot hold', async () => {
      const dear = (1n << 64n) - 1n
      const stages = Array.from({ length: 8 }, () => ({ base: dear, perGiB: dear }))
      const fixture = await loadFixture(() => world(16, 16, { jobs: [{ ...JOBS[0], stages }] }))
      const { registry, owner } = fixture
      const fee = feeOf(fixture.rules, ONE, LARGEST)
      await setBalance(owner.address, 2n * fee)
      await expect(registry.request(PROVIDER, ONE, PAYLOAD, LARGEST, await deadlineIn(20n), { value: fee }))
        .to.be.revertedWithCustomError(registry, 'FeeTooHigh')
        .withArgs((1n << 96n) - 1n, fee)
    })

    it('may be made by somebody without code: the answer counts as delivered', async () => {
      const { registry, stranger, reporters } = await loadFixture(served(1, 1))
      const deadline = await deadlineIn(20n)
      await registry.connect(stranger).request(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value: FEE })
      await expect(registry.connect(reporters[0]).report(1n, 0, ANSWER))
        .to.emit(registry, 'Delivered')
        .withArgs(1n, 0n)
    })

    context('with fewer than m operators that can vote', () => {
      const question = [PROVIDER, ONE, PAYLOAD, MAX_BYTES, 1_000n] as const
      const gasLimit = 1_000_000n

      it('refuses when too few joined', async () => {
        const { registry } = await loadFixture(served(2, 1))
        await expect(registry.request(...question, { value: 2n * FEE }))
          .to.be.revertedWithCustomError(registry, 'TooFewOperators')
          .withArgs(2n, 1n)
      })

      it('refuses in the epoch in which the m-th one becomes active, and not in the next', async () => {
        const { registry, owner } = await loadFixture(served(1, 0))
        await registry.admit(PROVIDER, owner)
        const [, asking] = await inOneEpoch(async () => [
          await registry.join(PROVIDER, owner, '', { gasLimit }),
          await registry.request(...question, { value: FEE, gasLimit }),
        ])
        expect(asking.status).to.equal(0)
        await expect(registry.request(...question, { value: FEE })).to.emit(registry, 'Requested')
      })

      it('does not subtract who became active and left in the same epoch', async () => {
        const fixture = await loadFixture(served(2, 2))
        const { registry, stranger } = fixture
        await registry.admit(PROVIDER, stranger)
        const [, , asking] = await inOneEpoch(async () => [
          await registry.connect(stranger).join(PROVIDER, stranger, '', { gasLimit }),
          await registry.connect(stranger).leave(3n, { gasLimit }),
          await registry.connect(stranger).request(...question, { value: 2n * FEE, gasLimit }),
        ])
        expect(asking.status).to.equal(1)
        expect((await registry.getRequest(1n)).requestedEpoch).to.equal((await registry.getOperator(3n)).joinedEpoch)
      })

      it('does not count an operator whose reporter has not accepted', async () => {
        const { registry, owner, stranger } = await loadFixture(served(1, 0))
        await registry.admit(PROVIDER, owner)
        await registry.join(PROVIDER, stranger, '')
        await expect(registry.request(...question, { value: FEE }))
          .to.be.revertedWithCustomError(registry, 'TooFewOperators')
          .withArgs(1n, 0n)
      })
    })

    context('when a new version was announced', () => {
      const dearer = JOBS.map((job) => ({
        ...job,
        stages: [{ base: 999_000n, perGiB: 0n }],
        concludedByRequester: false,
      }))

      async function announced() {
        const fixture = await world(1, 1)
        const changed = rules({ jobs: dearer })
        await fixture.registry.proposeConfig(PROVIDER, changed)
        const { proposedEpoch } = await fixture.registry.getProvider(PROVIDER)
        return { ...fixture, changed, proposedEpoch }
      }

      it('asks under the version in force up to the epoch before, and under the new one from then on', async () => {
        const { registry, client, owners, changed, proposedEpoch } = await loadFixture(announced)
        await registry.connect(owners[0]).optIn(1n, 2)
        await mine(proposedEpoch - 3n - (await now()))
        const deadline = proposedEpoch + 1_000n

        expect(await registry.quote(PROVIDER, ONE, MAX_BYTES)).to.equal(FEE)
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value: FEE }) // at proposedEpoch − 2
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value: FEE })
        const fee = feeOf(changed, ONE)
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value: fee })

        expect(await registry.quote(PROVIDER, ONE, MAX_BYTES)).to.equal(fee)
        const requests = await Promise.all([1n, 2n, 3n].map((id) => registry.getRequest(id)))
        expect(requests.map(({ version }) => version)).to.deep.equal([1n, 1n, 2n])
        expect(requests.map(({ requestedEpoch }) => requestedEpoch)).to.deep.equal(
          [2n, 1n, 0n].map((before) => proposedEpoch - before),
        )
      })

      it('keeps the fees of the version that a request was made with', async () => {
        const { registry, client, owners, reporters, proposedEpoch } = await loadFixture(announced)
        await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, proposedEpoch + 1_000n, { value: FEE })
        await registry.connect(owners[0]).optIn(1n, 2)
        await mine(proposedEpoch - (await now()))
        await registry.connect(reporters[0]).report(1n, 0, ANSWER)
        expect(await registry.creditOf(owners[0])).to.equal(FEE)
      })

      it('refuses when nobody opted in to it', async () => {
        const { registry, changed, proposedEpoch } = await loadFixture(announced)
        await mine(proposedEpoch - (await now()))
        const value = feeOf(changed, ONE)
        await expect(registry.request(PROVIDER, ONE, PAYLOAD, MAX_BYTES, proposedEpoch + 1_000n, { value }))
          .to.be.revertedWithCustomError(registry, 'TooFewOperators')
          .withArgs(1n, 0n)
      })
    })
  })

  describe('quote', () => {
    for (const m of [1, 2, 3]) {
      it(`is ${m} times what each operator earns for all stages`, async () => {
        const fixture = await loadFixture(served(m, 0))
        for (const job of [ONE, THREE, TWO]) {
          expect(await fixture.registry.quote(PROVIDER, job, MAX_BYTES)).to.equal(feeOf(fixture.rules, job))
        }
      })
    }

    it('counts begun MiB, and attoFIL that a MiB begins', async () => {
      const stages = [{ base: 1_000n, perGiB: 1_025n }] // 1 attoFIL and 1/1024 of one for each MiB
      const { registry } = await loadFixture(() => world(2, 0, { jobs: [{ ...JOBS[0], failureFee: 0n, stages }] }))
      const MIB = 1n << 20n
      for (const [maxBytes, perOperator] of [
        [1n, 1_002n],
        [MIB, 1_002n],
        [MIB + 1n, 1_003n],
        [2n * MIB, 1_003n],
        [1_024n * MIB, 2_025n],
        [1_024n * MIB + 1n, 2_027n],
      ] as const) {
        expect(await registry.quote(PROVIDER, ONE, maxBytes), `${maxBytes} bytes`).to.equal(2n * perOperator)
      }
    })

    it('is what the request then costs, and how its size is kept', async () => {
      const { registry, client } = await loadFixture(served(3, 3, WINDOW))
      const value = await registry.quote(PROVIDER, THREE, 3n * MAX_BYTES + 1n)
      await client.ask(PROVIDER, THREE, PAYLOAD, 3n * MAX_BYTES + 1n, await deadlineIn(60n), { value })
      const { escrow, maxBytes } = await registry.getRequest(1n)
      expect([escrow, maxBytes]).to.deep.equal([value, 4n * MAX_BYTES])
    })

    it('refuses what request refuses', async () => {
      const { registry } = await loadFixture(served(1, 1))
      for (const [args, error, expected] of [
        [[UNKNOWN, ONE, 1n], 'UnknownProvider', [UNKNOWN]],
        [[PROVIDER, 9, 1n], 'UnknownJob', [PROVIDER, 9n]],
        [[PROVIDER, ONE, 0n], 'ZeroMaxBytes', []],
        [[PROVIDER, ONE, LARGEST + 1n], 'MaxBytesTooLarge', [LARGEST, LARGEST + 1n]],
      ] as const) {
        await expect(registry.quote(...args))
          .to.be.revertedWithCustomError(registry, error)
          .withArgs(...expected)
      }
    })
  })

  it('has providers apart: their rules, their operators, their requests', async () => {
    const { registry, stranger, reporters } = await loadFixture(served(1, 1))
    await registry.registerProvider('other', stranger, true, rules(), [])
    expect(await join(registry, 2n, { owner: stranger, reporter: stranger }, 0n)).to.equal(2n)
    await registry.request(2n, ONE, PAYLOAD, MAX_BYTES, 1_000n, { value: FEE })

    await expect(registry.connect(reporters[0]).report(1n, 0, '0x'))
      .to.be.revertedWithCustomError(registry, 'NotEligible')
      .withArgs(1n, 1n)
    await expect(registry.connect(stranger).report(1n, 0, '0x')).to.emit(registry, 'StageAnswered')
  })
})
