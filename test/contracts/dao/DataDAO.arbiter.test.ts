import { expect } from 'chai'
import { BOND, expectBooks, gains, HALF, SLASH } from '../oracle/challenges.ts'
import {
  act,
  ask,
  challenge,
  ONE,
  OTHER,
  RULING,
  STATE,
  vote as answer,
  WINDOW,
  world as oracle,
} from '../oracle/world.ts'
import {
  callTo,
  daoWorld,
  ethers,
  execute,
  loadFixture,
  mineUpTo,
  passDelay,
  passVote,
  plain,
  propose,
  PROPOSAL_STATE,
  queue,
  SUPPORT,
  vote,
} from './world.ts'

const { Upheld, Rejected, Silent } = RULING
const STAGE = 0n
/** What the request paid its two operators, attoFIL. */
const FEES = 960_960n

/** 1 + 20 epochs of voting and one of delay fit into the time to rule. */
const SETTINGS = { votingDelay: 1n, votingPeriod: 20n, lateExtension: 0n, timelockDelay: 1n }
const RULING_EPOCHS = 50

describe('DataDAO as the arbiter of an oracle', () => {
  /** A provider whose challenges the DAO rules on, by its treasury; an answer of its operators 1 and 2, challenged by a stranger. */
  async function challenged() {
    const dao = await daoWorld({ settings: SETTINGS })
    const ruler = await ethers.deployContract('TimelockArbiter', [dao.treasury])
    const rules = { windowEpochs: WINDOW, rulingEpochs: RULING_EPOCHS, slash: SLASH, arbiter: await ruler.getAddress() }
    const service = await oracle(2, 3, rules)
    const { id } = await ask(service, { job: ONE })
    await act(service, 'allowEarly', id)
    await answer(service, id, 0, [0, 1], OTHER)
    await challenge(service, id, 0, service.stranger, { bond: BOND })
    const { deadlineEpoch } = await service.registry.getChallenge(id)
    return { dao, service, ruler, id, deadlineEpoch }
  }
  type World = Awaited<ReturnType<typeof challenged>>

  const proposeRuling = async ({ dao, service, ruler, id }: World, ruling: bigint) => {
    const data = ruler.interface.encodeFunctionData('rule', [service.registry.target, id, STAGE, ruling])
    return propose(dao, [await callTo(ruler, data)])
  }

  /** Two of the five vote for it, one against; it is queued, and its delay passes. */
  async function decide(w: World, ruling: bigint) {
    const proposal = await proposeRuling(w, ruling)
    await vote(w.dao, proposal, w.dao.members.slice(1, 3))
    await vote(w.dao, proposal, w.dao.members.slice(3, 4), SUPPORT.Against)
    await passVote(w.dao, proposal)
    await queue(w.dao, proposal)
    await passDelay(w.dao, proposal)
    return proposal
  }

  context('when members vote that the answer was false', () => {
    it('closes the challenge in the transaction that executes their vote', async () => {
      const w = await loadFixture(challenged)
      const proposal = await decide(w, Upheld)

      await expect(execute(w.dao, proposal))
        .to.emit(w.ruler, 'Ruled')
        .withArgs(w.service.registry, w.id, STAGE, Upheld, true)
        .and.to.emit(w.service.registry, 'ChallengeClosed')
        .withArgs(w.id, STAGE, Upheld, BOND, 0n)

      expect((await w.service.registry.getChallenge(w.id)).ruling).to.equal(Upheld)
      expect((await w.service.registry.getRequest(w.id)).state).to.equal(STATE.Refuted)
      expect(await w.dao.dao.state(proposal.id)).to.equal(PROPOSAL_STATE.Executed)
    })

    it('slashes who agreed: half to the challenger with its bond, the rest to nobody; the fees go back', async () => {
      const w = await loadFixture(challenged)
      const proposal = await decide(w, Upheld)
      const stakes = await stakesOf(w)

      expect(await gains(w.service, () => execute(w.dao, proposal))).to.deep.equal({
        requester: FEES,
        challenger: BOND + 2n * HALF,
        sink: 2n * (SLASH - HALF),
      })
      expect(await stakesOf(w)).to.deep.equal([stakes[0] - SLASH, stakes[1] - SLASH, stakes[2]])
    })

    it('pays the challenger what it is owed, and costs the treasury nothing', async () => {
      const w = await loadFixture(challenged)
      const { registry, stranger } = w.service
      const proposal = await decide(w, Upheld)
      const ledger = plain(await w.dao.treasury.ledger())
      const owed = BOND + 2n * HALF

      await expect(execute(w.dao, proposal)).to.changeEtherBalances(ethers, [w.dao.treasury, registry], [0n, 0n])
      await expect(registry.connect(stranger).withdraw()).to.changeEtherBalances(
        ethers,
        [stranger, registry],
        [owed, -owed],
      )
      expect(plain(await w.dao.treasury.ledger())).to.deep.equal(ledger)
      await expectBooks(w.service)
    })
  })

  context('when members vote that the answer was true', () => {
    it('shares the bond among who agreed, and the answer stands', async () => {
      const w = await loadFixture(challenged)
      const proposal = await decide(w, Rejected)

      expect(await gains(w.service, () => execute(w.dao, proposal))).to.deep.equal({
        'operator 1': BOND / 2n,
        'operator 2': BOND / 2n,
        sink: 1n,
      })
      expect((await w.service.registry.getRequest(w.id)).state).to.equal(STATE.Answered)
    })
  })

  context('when they vote it down', () => {
    it('there is nothing to execute, and the arbiter was silent', async () => {
      const w = await loadFixture(challenged)
      const proposal = await proposeRuling(w, Upheld)
      await vote(w.dao, proposal, w.dao.members.slice(1, 4), SUPPORT.Against)
      await passVote(w.dao, proposal)
      await expect(queue(w.dao, proposal)).to.be.revertedWithCustomError(w.dao.dao, 'GovernorUnexpectedProposalState')
      await mineUpTo(w.deadlineEpoch)

      await expect(w.service.registry.resolve(w.id))
        .to.emit(w.service.registry, 'ChallengeClosed')
        .withArgs(w.id, STAGE, Silent, BOND - FEES, FEES)
    })
  })

  context('when their vote is executed after the deadline of the challenge', () => {
    it('is refused, and stays queued', async () => {
      const w = await loadFixture(challenged)
      const proposal = await decide(w, Upheld)
      await mineUpTo(w.deadlineEpoch)

      await expect(execute(w.dao, proposal))
        .to.be.revertedWithCustomError(w.ruler, 'RulingTooLate')
        .withArgs(w.deadlineEpoch, w.deadlineEpoch + 1n)
      expect(await w.dao.dao.state(proposal.id)).to.equal(PROPOSAL_STATE.Queued)
    })
  })

  it('nobody rules past the treasury: neither a member nor the DAO itself', async () => {
    const w = await loadFixture(challenged)
    const [member] = w.dao.members
    const { registry } = w.service
    await expect(w.ruler.connect(member).rule(registry, w.id, STAGE, Upheld))
      .to.be.revertedWithCustomError(w.ruler, 'NotTimelock')
      .withArgs(w.dao.treasury, member.address)

    const dao = await ethers.getImpersonatedSigner(await w.dao.dao.getAddress())
    await ethers.provider.send('hardhat_setBalance', [dao.address, '0xde0b6b3a7640000'])
    await expect(w.ruler.connect(dao).rule(registry, w.id, STAGE, Upheld))
      .to.be.revertedWithCustomError(w.ruler, 'NotTimelock')
      .withArgs(w.dao.treasury, dao.address)
  })

  const stakesOf = async ({ service: { registry } }: World) =>
    Promise.all([1n, 2n, 3n].map(async (operator) => (await registry.getOperator(operator)).stake))
})
