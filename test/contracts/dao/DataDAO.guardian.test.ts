import { expect } from 'chai'
import {
  badgeDao,
  callTo,
  carry,
  loadFixture,
  maskedOf,
  mineUpTo,
  now,
  operationOf,
  payloadOf,
  propose,
  proposeCid,
  PROPOSAL_STATE,
  ripen,
  stateOf,
  SUBJECT,
  type Call,
  type DaoWorld,
  type Proposal,
} from './world.ts'

const cancelBy = ({ dao }: DaoWorld, proposal: Proposal, who: DaoWorld['stranger']) =>
  dao.connect(who).cancel(...payloadOf(proposal))

const setGuardian = async (w: DaoWorld, until = 50_000n): Promise<Call> =>
  callTo(w.dao, w.dao.interface.encodeFunctionData('setGuardian', [w.stranger.address, until]))

describe('DataDAO: the guardian', () => {
  it('cancels what is queued: its money is free again, its operation gone', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await proposeCid(w)
    await ripen(w, proposal)
    const operation = await operationOf(w, proposal)
    const free = await w.treasury.free()
    await expect(cancelBy(w, proposal, w.guardian))
      .to.emit(w.treasury, 'EarmarkEnded')
      .withArgs(operation, proposal.values[0])
      .to.emit(w.treasury, 'Cancelled')
      .withArgs(operation)
    expect(await w.treasury.free()).to.equal(free + proposal.values[0])
    expect(await w.treasury.isOperation(operation)).to.equal(false)
  })

  it('cancels up to its last epoch, inclusive', async () => {
    const w = await loadFixture(badgeDao)
    const [, until] = await w.dao.guardian()
    await mineUpTo(until - 1n - 50n)
    const proposal = await proposeCid(w)
    await mineUpTo(until - 1n)
    await cancelBy(w, proposal, w.guardian)
    expect(await now()).to.equal(until)
    expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Canceled)
  })

  it('cancels nothing afterwards', async () => {
    const w = await loadFixture(badgeDao)
    const [, until] = await w.dao.guardian()
    await mineUpTo(until - 50n)
    const proposal = await proposeCid(w)
    await mineUpTo(until)
    await expect(cancelBy(w, proposal, w.guardian))
      .to.be.revertedWithCustomError(w.dao, 'GuardianExpired')
      .withArgs(until, until + 1n)
  })

  it('cancels as a proposer like any other after its end', async () => {
    const w = await loadFixture(badgeDao)
    const admit = w.badge.interface.encodeFunctionData('admit', [[w.guardian.address]])
    await carry(w, await propose(w, [await callTo(w.badge, admit)]))
    const [, until] = await w.dao.guardian()
    await mineUpTo(until)
    const proposal = await proposeCid(w, { from: w.guardian })
    await cancelBy(w, proposal, w.guardian)
    expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Canceled)
  })

  it('cannot cancel what is about the guardian and nothing else', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await propose(w, [await setGuardian(w)])
    expect(await w.dao.subjectOf(proposal.id)).to.deep.equal([SUBJECT.GuardianChange, 0n])
    await expect(cancelBy(w, proposal, w.guardian))
      .to.be.revertedWithCustomError(w.dao, 'GuardianItself')
      .withArgs(proposal.id)
  })

  it('can cancel what is about the guardian but would send something with it', async () => {
    const w = await loadFixture(badgeDao)
    const proposal = await propose(w, [{ ...(await setGuardian(w)), value: 1n }])
    expect(await w.dao.subjectOf(proposal.id)).to.deep.equal([SUBJECT.General, 0n])
    await cancelBy(w, proposal, w.guardian)
    expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Canceled)
  })

  for (const [what, more] of [
    ['something else with it', async (w: DaoWorld): Promise<Call> => ({ target: w.stranger, value: 1n })],
    [
      'another of the DAO’s settings with it',
      async (w: DaoWorld): Promise<Call> => {
        return callTo(w.dao, w.dao.interface.encodeFunctionData('setVotingDelay', [20]))
      },
    ],
    [
      'the same call to another with it',
      async (w: DaoWorld): Promise<Call> => {
        return { target: w.stranger, data: (await setGuardian(w)).data }
      },
    ],
  ] as const) {
    for (const first of [true, false]) {
      it(`can cancel what is about the guardian and ${what}, ${first ? 'before' : 'after'} that`, async () => {
        const w = await loadFixture(badgeDao)
        const calls = [await more(w), await setGuardian(w)]
        const proposal = await propose(w, first ? calls : calls.reverse())
        expect(await w.dao.subjectOf(proposal.id)).to.deep.equal([SUBJECT.General, 0n])
        await cancelBy(w, proposal, w.guardian)
        expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Canceled)
      })
    }
  }

  it('is replaced: the old one cancels no more, the new one does', async () => {
    const w = await loadFixture(badgeDao)
    await carry(w, await propose(w, [await setGuardian(w)]))
    const proposal = await proposeCid(w)
    await expect(cancelBy(w, proposal, w.guardian))
      .to.be.revertedWithCustomError(w.dao, 'GovernorUnableToCancel')
      .withArgs(proposal.id, w.guardian.address)
    await cancelBy(w, proposal, w.stranger)
    expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Canceled)
  })

  it('that was appointed by its masked id cancels by its own address', async () => {
    const w = await loadFixture(badgeDao)
    const data = w.dao.interface.encodeFunctionData('setGuardian', [await maskedOf(w.stranger), 50_000n])
    await carry(w, await propose(w, [await callTo(w.dao, data)]))
    const proposal = await proposeCid(w)
    await cancelBy(w, proposal, w.stranger)
    expect(await stateOf(w, proposal)).to.equal(PROPOSAL_STATE.Canceled)
  })
})
