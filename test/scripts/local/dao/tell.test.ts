import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import type { DaoEvent } from '../../../../scripts/local/dao/events.ts'
import { rulesOf, tell, type Scene } from '../../../../scripts/local/dao/tell.ts'

const ID = 26195219709800201548048301379873276046035976020707344782274993354352262683313n
const [MEMBER, CARRIER] = ['0xMember', '0xCarrier']

let scene: Scene
beforeEach(() => {
  scene = { nameOf: (account) => account.replace('0x', 'the '), quorumPercent: 40, supply: 5n }
})

const event = (name: string, args: Record<string, unknown>, changes: Partial<DaoEvent> = {}): DaoEvent => ({
  ...{ name, args, epoch: 60n, transaction: '0x1', sender: MEMBER },
  ...changes,
})
const PROPOSAL = event('ProposalCreated', { proposalId: ID, voteEnd: 70n, description: 'Keep it' })
const vote = (support: bigint, { reason = '', sender = MEMBER } = {}) =>
  event('VoteCast', { voter: MEMBER, support, weight: 1n, reason }, { sender })

/** Words of the last of `events`, all of which were told. */
const wordsOf = (...events: DaoEvent[]) => events.map((each) => tell(each, events, scene)).at(-1)

describe('tell of a DAO', () => {
  it('tells a proposal by the beginning of its id', () => {
    expect(wordsOf(PROPOSAL)).to.deep.equal(['proposed', "2619521970… by the Member: 'Keep it'"])
  })

  it('tells how the vote stands after each vote: the three sums, quorum, and what is left in epochs and hours', () => {
    expect(wordsOf(PROPOSAL, vote(1n, { reason: 'I want it' }))).to.deep.equal([
      'voted',
      "for, the Member ('I want it'), weight 1: 1 for, 0 against, 0 abstaining; quorum 1 of 2; 10 epochs (0.1 hours at 30 s each) left",
    ])
  })

  it('counts who abstains towards quorum, and who is against not', () => {
    expect(wordsOf(PROPOSAL, vote(0n), vote(0n), vote(1n))![1]).to.include(
      '1 for, 2 against, 0 abstaining; quorum 1 of 2;',
    )
    expect(wordsOf(PROPOSAL, vote(1n), vote(2n))![1]).to.include('1 for, 0 against, 1 abstaining; quorum reached;')
  })

  it('says who carried a signed ballot', () => {
    expect(wordsOf(PROPOSAL, vote(1n, { sender: CARRIER }))![1]).to.match(
      /^for, the Member by a signature that the Carrier carried, weight 1: /,
    )
  })

  it('tells the first deposit with the founding, others by themselves', () => {
    const [first, founded, second] = [
      event('Deposited', { amount: 7n * 10n ** 17n }),
      event('DAOCreated', { name: 'Curators', dao: '0xDao' }),
      event('Deposited', { amount: 3n * 10n ** 17n }, { transaction: '0x2' }),
    ]
    const all = [first, founded, second]

    expect(all.map((each) => tell(each, all, scene))).to.deep.equal([
      undefined,
      ['founded', "'Curators' at 0xDao, by the Member: 5 members, one vote each; 0.7 FIL in its treasury"],
      ['deposited', '0.3 FIL in the treasury, by the Member'],
    ])
  })

  it('leaves out what another line tells', () => {
    expect(wordsOf(event('EarmarkEnded', { amount: 1n }))).to.equal(undefined)
  })
})

describe('rulesOf', () => {
  it('says how long the vote lasts and what it takes to pass', () => {
    wordsOf(PROPOSAL)

    expect(rulesOf(scene, 50n)).to.equal(
      'up to epoch 70, 20 epochs (0.2 hours at 30 s each); it passes with more weight for it than against it, and 2 of 5 for it or abstaining',
    )
  })
})
