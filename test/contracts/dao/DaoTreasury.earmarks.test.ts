import { expect } from 'chai'
import {
  badgeDao,
  daoWorld,
  DEPOSIT,
  ethers,
  EXECUTION_WINDOW_SECONDS,
  execute,
  loadFixture,
  kept,
  mineUpTo,
  networkHelpers,
  now,
  operationOf,
  passTo,
  payloadOf,
  plain,
  PROVIDER,
  propose,
  proposeCid,
  PROPOSAL_STATE,
  queue,
  QUEUE_WINDOW,
  REQUEST_COST,
  requestTerms,
  ripen,
  saltOf,
  SETTINGS,
  SPARE,
  stateOf,
  succeed,
  ZERO_WORD,
  type DaoWorld,
  type Proposal,
  type StorageTerms,
} from './world.ts'

const BUDGET = BigInt(requestTerms().budget)
const RAISE = 2n * SPARE
const DELAY_SECONDS = BigInt(SETTINGS.timelockDelay) * 30n

const poor = () => daoWorld({ deposit: BUDGET - 1n })

const passed = async () => {
  const w = await badgeDao()
  const proposal = await proposeCid(w)
  await succeed(w, proposal)
  return { ...w, proposal }
}

const ripe = async () => {
  const w = await badgeDao()
  const proposal = await proposeCid(w)
  await ripen(w, proposal)
  return { ...w, proposal, operation: await operationOf(w, proposal) }
}

const latest = async () => BigInt(await networkHelpers.time.latest())

const executeBy = async ({ dao }: DaoWorld, { id }: Proposal) => (await dao.windowsOf(id)).executeBySeconds

describe('DaoTreasury: earmarks', () => {
  it('are made when it is queued, for its delay and 14 days', async () => {
    const w = await loadFixture(passed)
    const operation = await operationOf(w, w.proposal)
    const sent = queue(w, w.proposal)
    await sent
    const until = (await latest()) + DELAY_SECONDS + EXECUTION_WINDOW_SECONDS
    await expect(sent).to.emit(w.treasury, 'Earmarked').withArgs(operation, BUDGET, until)
    expect(await w.treasury.earmarkOf(operation)).to.deep.equal([BUDGET, until])
    expect(await w.treasury.free()).to.equal(DEPOSIT - BUDGET)
    expect(await w.dao.proposalEta(w.proposal.id)).to.equal(until - EXECUTION_WINDOW_SECONDS)
    expect(await executeBy(w, w.proposal)).to.equal(until)
  })

  it('are of what an ordinary proposal sends, altogether', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await propose(w, [
      { target: w.stranger, value: 7n },
      { target: w.guardian, value: 2n },
    ])
    await ripen(w, proposal)
    expect((await w.treasury.earmarkOf(await operationOf(w, proposal))).amount).to.equal(9n)
  })

  it('are of nothing for a proposal that sends nothing', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await propose(w, [{ target: w.stranger }])
    await ripen(w, proposal)
    const [amount, until] = await w.treasury.earmarkOf(await operationOf(w, proposal))
    expect([amount, until > 0n]).to.deep.equal([0n, true])
  })

  it('end with the execution', async () => {
    const w = await loadFixture(ripe)
    await expect(execute(w, w.proposal)).to.emit(w.treasury, 'EarmarkEnded').withArgs(w.operation, BUDGET)
    expect(await w.treasury.earmarkOf(w.operation)).to.deep.equal([0n, 0n])
    expect(await w.treasury.free()).to.equal(DEPOSIT - REQUEST_COST)
  })

  context('when the treasury is too short', () => {
    it('queue says so, and the proposal stays as it was until there is enough', async () => {
      const w = await loadFixture(poor)
      const proposal = await proposeCid(w)
      await succeed(w, proposal)
      await expect(queue(w, proposal))
        .to.be.revertedWithCustomError(w.treasury, 'TreasuryShort')
        .withArgs(BUDGET, BUDGET - 1n)
      expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Succeeded)

      await w.stranger.sendTransaction({ to: w.treasury, value: 1n })
      await queue(w, proposal)
      expect(await w.treasury.free()).to.equal(0n)
    })

    it('what another has earmarked is not free', async () => {
      const w = await loadFixture(ripe)
      const free = DEPOSIT - BUDGET
      const proposal = await propose(w, [{ target: w.stranger, value: free + 1n }])
      await succeed(w, proposal)
      await expect(queue(w, proposal))
        .to.be.revertedWithCustomError(w.treasury, 'TreasuryShort')
        .withArgs(free + 1n, free)
    })

    it('what another has earmarked stays earmarked when one is executed', async () => {
      const w = await loadFixture(ripe)
      const proposal = await propose(w, [{ target: w.stranger, value: 1n }])
      await ripen(w, proposal)
      await execute(w, proposal)
      expect((await w.treasury.ledger()).earmarked).to.equal(BUDGET)
      await execute(w, w.proposal)
      expect((await w.treasury.ledger()).earmarked).to.equal(0n)
    })
  })

  context('when its time has passed', () => {
    it('can be queued up to its last epoch, inclusive', async () => {
      const w = await loadFixture(passed)
      const { queueByEpoch } = await w.dao.windowsOf(w.proposal.id)
      expect(queueByEpoch).to.equal(w.proposal.deadline + QUEUE_WINDOW)
      expect(await executeBy(w, w.proposal)).to.equal(0n)
      await passTo(queueByEpoch - 1n)
      await queue(w, w.proposal)
      expect(await stateOf(w, w.proposal)).to.equal(PROPOSAL_STATE.Queued)
    })

    it('can be executed from its eta on', async () => {
      const w = await loadFixture(passed)
      await queue(w, w.proposal)
      const eta = await w.dao.proposalEta(w.proposal.id)
      await networkHelpers.time.setNextBlockTimestamp(eta - 1n)
      await expect(execute(w, w.proposal)).to.be.revertedWithCustomError(w.treasury, 'TimelockUnexpectedOperationState')
      await networkHelpers.time.setNextBlockTimestamp(eta)
      await execute(w, w.proposal)
      expect(await stateOf(w, w.proposal)).to.equal(PROPOSAL_STATE.Executed)
    })

    it('can be executed up to its last second, inclusive', async () => {
      const w = await loadFixture(ripe)
      await networkHelpers.time.setNextBlockTimestamp(await executeBy(w, w.proposal))
      await execute(w, w.proposal)
      expect(await latest()).to.equal((await w.dao.proposalEta(w.proposal.id)) + EXECUTION_WINDOW_SECONDS)
    })

    it('is released by anybody, and not before', async () => {
      const w = await loadFixture(ripe)
      const until = await executeBy(w, w.proposal)
      await networkHelpers.time.setNextBlockTimestamp(until)
      await expect(w.treasury.connect(w.stranger).release(w.operation))
        .to.be.revertedWithCustomError(w.treasury, 'NotExpired')
        .withArgs(w.operation, until)
      await networkHelpers.time.setNextBlockTimestamp(until + 1n)
      await expect(w.treasury.connect(w.stranger).release(w.operation))
        .to.emit(w.treasury, 'EarmarkEnded')
        .withArgs(w.operation, BUDGET)
      expect(await w.treasury.free()).to.equal(DEPOSIT)
      await expect(w.treasury.release(w.operation))
        .to.be.revertedWithCustomError(w.treasury, 'NoEarmark')
        .withArgs(w.operation)
    })

    it('is executed by nobody, not by the DAO either', async () => {
      const w = await loadFixture(ripe)
      const until = await executeBy(w, w.proposal)
      await networkHelpers.time.increaseTo(until + 1n)
      const dao = await asDao(w)
      const [targets, values, calldatas] = payloadOf(w.proposal)
      const salt = await saltOf(w, w.proposal)
      const send = () => w.treasury.connect(dao).executeBatch(targets, values, calldatas, ZERO_WORD, salt)
      await expect(send()).to.be.revertedWithCustomError(w.treasury, 'OperationExpired').withArgs(w.operation, until)
      await w.treasury.release(w.operation)
      await expect(send()).to.be.revertedWithCustomError(w.treasury, 'NoEarmark').withArgs(w.operation)
    })
  })

  context('when a call fails', () => {
    it('nothing of the proposal is done, and it can be executed later', async () => {
      const w = await loadFixture(badgeDao)
      const refusing = await w.dao.getAddress() // takes no money
      const proposal = await propose(w, [
        { target: w.stranger, value: 7n },
        { target: refusing, value: 2n },
      ])
      await ripen(w, proposal)
      await expect(execute(w, proposal)).to.be.revertedWithCustomError(w.dao, 'GovernorDisabledDeposit')
      expect((await w.treasury.ledger()).paid).to.equal(0n)
      expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Queued)
      expect((await w.treasury.ledger()).earmarked).to.equal(9n)
    })

    it('storage that costs more by now than was voted for is not opened', async () => {
      const w = await loadFixture(ripe)
      await raiseFees(w)
      const { cid, size, terms } = kept(w, w.proposal)
      const need = await w.treasury.quote(cid, size, plain(terms) as StorageTerms)
      expect(need).to.equal(REQUEST_COST + RAISE)
      await expect(execute(w, w.proposal))
        .to.be.revertedWithCustomError(w.treasury, 'BudgetTooLow')
        .withArgs(need, BUDGET)
      expect(await w.pinning.requestCount()).to.equal(0n)
      expect(await w.collection.entryCount()).to.equal(0n)
    })
  })
})

describe('DaoTreasury: who may call', () => {
  it('keep and drop: the treasury itself', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = { serial: 1n, proposer: w.stranger.address, providerId: 0n, size: 1n, cid: '0x' }
    for (const from of [w.members[0], await asDao(w)]) {
      const treasury = w.treasury.connect(from)
      await expect(treasury.keep({ ...proposal, terms: requestTerms() }))
        .to.be.revertedWithCustomError(treasury, 'NotMyself')
        .withArgs(from.address)
      await expect(treasury.drop(1n, '0x', ''))
        .to.be.revertedWithCustomError(treasury, 'NotMyself')
        .withArgs(from.address)
    }
  })

  it('schedule, execute and cancel: the DAO', async () => {
    const w = await loadFixture(ripe)
    const treasury = w.treasury.connect(w.members[0])
    const [targets, values, calldatas] = payloadOf(w.proposal)
    const salt = await saltOf(w, w.proposal)
    const refusals = [
      [
        () => treasury.scheduleBatch(targets, values, calldatas, ZERO_WORD, ZERO_WORD, 300n),
        await treasury.PROPOSER_ROLE(),
      ],
      [() => treasury.schedule(targets[0], 0n, '0x', ZERO_WORD, ZERO_WORD, 300n), await treasury.PROPOSER_ROLE()],
      [() => treasury.executeBatch(targets, values, calldatas, ZERO_WORD, salt), await treasury.EXECUTOR_ROLE()],
      [() => treasury.execute(targets[0], 0n, '0x', ZERO_WORD, ZERO_WORD), await treasury.EXECUTOR_ROLE()],
      [() => treasury.cancel(w.operation), await treasury.CANCELLER_ROLE()],
    ] as const
    for (const [send, role] of refusals) {
      await expect(send())
        .to.be.revertedWithCustomError(treasury, 'AccessControlUnauthorizedAccount')
        .withArgs(w.members[0].address, role)
    }
    expect((await w.treasury.ledger()).earmarked).to.equal(BUDGET)
  })

  it('nobody gives or takes roles, not by proposal either', async () => {
    const w = await loadFixture(badgeDao)
    const role = await w.treasury.PROPOSER_ROLE()
    for (const [name, args] of [
      ['grantRole', [role, w.stranger.address]],
      ['revokeRole', [role, await w.dao.getAddress()]],
    ] as const) {
      const data = w.treasury.interface.encodeFunctionData(name as 'grantRole', args as never)
      const proposal = await propose(w, [{ target: w.treasury, data }])
      await ripen(w, proposal)
      await expect(execute(w, proposal)).to.be.revertedWithCustomError(w.treasury, 'RolesAreFixed').withArgs()
    }
    const dao = await asDao(w)
    await expect(w.treasury.connect(dao).renounceRole(role, dao)).to.be.revertedWithCustomError(
      w.treasury,
      'RolesAreFixed',
    )
  })
})

/** A new version of the operators' rules, in force: each of the two that agree earns {@link RAISE} / 2 more. */
async function raiseFees({ registry, rules, owner, owners }: DaoWorld) {
  const jobs = rules.jobs.map((job) => ({
    ...job,
    stages: job.stages.map((stage, at) => (at === 0 ? { ...stage, base: stage.base + RAISE / 2n } : stage)),
  }))
  await registry.connect(owner).proposeConfig(PROVIDER, { ...rules, jobs })
  for (const [index, operator] of owners.entries()) await registry.connect(operator).optIn(index + 1, 2)
  await mineUpTo((await now()) + (await registry.NOTICE_EPOCHS()))
}

/** A signer that is the DAO: what it itself could do. */
async function asDao({ dao }: DaoWorld) {
  const address = await dao.getAddress()
  await networkHelpers.impersonateAccount(address)
  await networkHelpers.setBalance(address, 10n ** 18n)
  return ethers.getSigner(address)
}
