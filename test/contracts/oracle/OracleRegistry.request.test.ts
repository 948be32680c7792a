import { expect } from 'chai'
import type { BaseContractMethod } from 'ethers'
import {
  ask,
  CALLBACK_GAS,
  ethers,
  feeOf,
  JOBS,
  loadFixture,
  MAX_BYTES,
  now,
  ONE,
  PAYLOAD,
  PROVIDER,
  rules,
  served,
  STATE,
  THREE,
  world,
} from './world.ts'

const FEE = feeOf(ONE)
const UNKNOWN = 9n

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
        .withArgs(1n, PROVIDER, stranger.address, ONE, PAYLOAD, MAX_BYTES, deadline, FEE)
      await expect(asking).to.changeEtherBalances(ethers, [stranger, registry], [-FEE, FEE])
      expect(await registry.liabilities()).to.equal(FEE)
      expect(await registry.getRequest(1n)).to.deep.equal([
        stranger.address,
        PROVIDER,
        1n,
        BigInt(ONE),
        STATE.Open,
        0n,
        1n,
        1n,
        0n,
        await now(),
        deadline,
        FEE,
        0n,
      ])
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
      const fixture = await loadFixture(served(1, 1))
      const { id } = await ask(fixture, { job: THREE })
      const { stageCount, escrow, job } = await fixture.registry.getRequest(id)
      expect([stageCount, escrow, job]).to.deep.equal([3n, feeOf(THREE), BigInt(THREE)])
    })

    const bad: [string, (deadline: bigint) => unknown[], bigint, string, (deadline: bigint) => unknown[]][] = [
      [
        'an unknown provider',
        (end) => [UNKNOWN, ONE, PAYLOAD, MAX_BYTES, end],
        FEE,
        'UnknownProvider',
        () => [UNKNOWN],
      ],
      ['an unknown job', (end) => [PROVIDER, 9, PAYLOAD, MAX_BYTES, end], FEE, 'UnknownJob', () => [PROVIDER, 9n]],
      ['content of no size', (end) => [PROVIDER, ONE, PAYLOAD, 0n, end], FEE, 'ZeroMaxBytes', () => []],
      [
        'a payload of 8,193 bytes',
        (end) => [PROVIDER, ONE, `0x${'00'.repeat(8193)}`, MAX_BYTES, end],
        FEE,
        'PayloadTooLong',
        () => [8192n, 8193n],
      ],
      [
        'a deadline one epoch too soon',
        (end) => [PROVIDER, ONE, PAYLOAD, MAX_BYTES, end - 1n],
        FEE,
        'DeadlineTooSoon',
        (end) => [end, end - 1n],
      ],
      [
        'one attoFIL too little',
        (end) => [PROVIDER, ONE, PAYLOAD, MAX_BYTES, end],
        FEE - 1n,
        'WrongFee',
        () => [FEE, FEE - 1n],
      ],
      [
        'one attoFIL too much',
        (end) => [PROVIDER, ONE, PAYLOAD, MAX_BYTES, end],
        FEE + 1n,
        'WrongFee',
        () => [FEE, FEE + 1n],
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
      })
    }

    it('takes a payload of 8,192 bytes and the earliest deadline', async () => {
      const { registry, client } = await loadFixture(served(1, 1))
      const deadline = await deadlineIn(20n)
      const payload = `0x${'00'.repeat(8192)}`
      await expect(client.ask(PROVIDER, ONE, payload, MAX_BYTES, deadline, { value: FEE })).to.emit(
        registry,
        'Requested',
      )
    })

    it('takes a job for nothing, which then leaves nothing to pay', async () => {
      const fixture = await world(1, 1, { jobs: [{ ...JOBS[0], stageFees: [0n] }] })
      const { registry, client, reporters } = fixture
      await client.ask(PROVIDER, ONE, PAYLOAD, MAX_BYTES, await deadlineIn(20n))

      await expect(registry.connect(reporters[0]).report(1n, 0, '0x'))
        .to.emit(registry, 'StageAnswered')
        .and.not.to.emit(registry, 'Credited')
      expect(await registry.liabilities()).to.equal(0n)
    })

    context('with fewer than m operators that can vote', () => {
      it('refuses when too few joined', async () => {
        const { registry } = await loadFixture(served(2, 1))
        await expect(registry.request(PROVIDER, ONE, PAYLOAD, MAX_BYTES, 1_000n, { value: FEE }))
          .to.be.revertedWithCustomError(registry, 'TooFewOperators')
          .withArgs(2n, 1n)
      })

      it('refuses in the epoch in which the m-th one becomes active, and not in the next', async () => {
        const { registry, owner } = await loadFixture(served(1, 0))
        await registry.admit(PROVIDER, owner.address)
        const question = [PROVIDER, ONE, PAYLOAD, MAX_BYTES, 1_000n, { value: FEE, gasLimit: 500_000n }] as const
        await ethers.provider.send('evm_setAutomine', [false])
        try {
          await registry.join(PROVIDER, owner.address, '')
          const asking = await registry.request(...question)
          await ethers.provider.send('evm_mine', [])
          expect((await ethers.provider.getTransactionReceipt(asking.hash))!.status).to.equal(0)
        } finally {
          await ethers.provider.send('evm_setAutomine', [true])
        }
        await expect(registry.request(...question)).to.emit(registry, 'Requested')
      })

      it('does not subtract who became active and left in the same epoch', async () => {
        const { registry, stranger } = await loadFixture(served(2, 2))
        await registry.admit(PROVIDER, stranger.address)
        const gasLimit = 500_000n
        await ethers.provider.send('evm_setAutomine', [false])
        try {
          await registry.connect(stranger).join(PROVIDER, stranger.address, '', { gasLimit })
          await registry.connect(stranger).leave(3n, { gasLimit })
          const asking = await registry
            .connect(stranger)
            .request(PROVIDER, ONE, '0x', 1n, 1_000n, { value: FEE, gasLimit })
          await ethers.provider.send('evm_mine', [])
          expect((await ethers.provider.getTransactionReceipt(asking.hash))!.status).to.equal(1)
        } finally {
          await ethers.provider.send('evm_setAutomine', [true])
        }
        expect((await registry.getRequest(1n)).requestedEpoch).to.equal((await registry.getOperator(3n)).joinedEpoch)
      })

      it('does not count an operator whose reporter has not accepted', async () => {
        const { registry, owner, stranger } = await loadFixture(served(1, 0))
        await registry.admit(PROVIDER, owner.address)
        await registry.join(PROVIDER, stranger.address, '')
        await expect(registry.request(PROVIDER, ONE, PAYLOAD, MAX_BYTES, 1_000n, { value: FEE }))
          .to.be.revertedWithCustomError(registry, 'TooFewOperators')
          .withArgs(1n, 0n)
      })
    })

    it('may be made by somebody without code: the answer counts as delivered', async () => {
      const { registry, stranger, reporters } = await loadFixture(served(1, 1))
      const deadline = await deadlineIn(20n)
      await registry.connect(stranger).request(PROVIDER, ONE, PAYLOAD, MAX_BYTES, deadline, { value: FEE })
      await expect(registry.connect(reporters[0]).report(1n, 0, '0x01'))
        .to.emit(registry, 'Delivered')
        .withArgs(1n, 0n)
    })
  })

  describe('quote', () => {
    it("is the sum of the job's stages, whatever the size", async () => {
      const { registry } = await loadFixture(served(1, 1))
      for (const { job } of JOBS) {
        for (const maxBytes of [0n, 1n << 63n]) {
          expect(await registry.quote(PROVIDER, job, maxBytes)).to.equal(feeOf(job))
        }
      }
    })
  })

  describe('views of unknown requests', () => {
    it('say so', async () => {
      const { registry } = await loadFixture(served(1, 1))
      for (const view of [
        registry.getRequest(1n),
        registry.getAnswer(1n, 0),
        registry.agreeing(1n, 0),
        registry.hasVoted(1n, 0, 1n),
      ]) {
        await expect(view).to.be.revertedWithCustomError(registry, 'UnknownRequest').withArgs(1n)
      }
    })
  })

  it('has providers apart: their rules, their operators, their requests', async () => {
    const { registry, stranger, reporters } = await loadFixture(served(1, 1))
    await registry.registerProvider(rules({ callbackGas: CALLBACK_GAS + 1n }))
    await registry.admit(2n, stranger.address)
    await registry.connect(stranger).join(2n, stranger.address, '')
    await registry.request(2n, ONE, PAYLOAD, MAX_BYTES, 1_000n, { value: FEE })

    await expect(registry.connect(reporters[0]).report(1n, 0, '0x'))
      .to.be.revertedWithCustomError(registry, 'NotEligible')
      .withArgs(1n, 1n)
    await expect(registry.connect(stranger).report(1n, 0, '0x')).to.emit(registry, 'StageAnswered')
  })
})
