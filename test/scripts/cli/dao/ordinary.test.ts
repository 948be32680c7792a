import { formatEther, parseEther, ZeroAddress } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { defaultTerms } from '../../../../scripts/cli/dao/default-terms.ts'
import { guardian } from '../../../../scripts/cli/dao/guardian.ts'
import { admit, expel, mint } from '../../../../scripts/cli/dao/members.ts'
import { pay } from '../../../../scripts/cli/dao/pay.ts'
import { set } from '../../../../scripts/cli/dao/set.ts'
import { nextStep } from '../../../../scripts/lib/next-step.ts'
import { describeRevert } from '../../../../scripts/lib/revert.ts'
import { createVotingWorld, refusal, type VotingWorld } from './voting-world.ts'

const NEW = '0x00000000000000000000000000000000000000A1'
const DAY = 2_880n

describe('dao, by ordinary proposals', function () {
  this.timeout(300_000)
  let voting: VotingWorld

  before(async () => void (voting = await createVotingWorld()))
  after(() => voting?.close())

  const made = async (verb: Parameters<VotingWorld['propose']>[0]) => {
    const said = await voting.propose(verb)
    return { ...said, calls: said.facts.calls as { target: string; value: bigint; data: string; words: string }[] }
  }
  const refused = (verb: Parameters<VotingWorld['propose']>[0]) => refusal(voting.propose(verb))

  context('pay', () => {
    it('says what is put to the vote and when, and what is next', async () => {
      const { notes, words, facts, calls } = await made((context) =>
        pay(context, NEW, voting.about({ amount: '0.000000000000000007' })),
      )

      expect(calls).to.deep.equal([
        { target: NEW, value: 7n, data: '0x', words: `pay 0.000000000000000007 FIL to ${NEW}` },
      ])
      expect(notes[0])
        .to.match(/^for the vote of Fishes$/m)
        .and.match(new RegExp(`^  what +pay 0.000000000000000007 FIL to ${NEW}$`, 'm'))
        .and.match(/^  voting +begins 1 minute after it is proposed, goes on for 20 minutes$/m)
        .and.match(/^  ends in +about 43 epochs/m)
        .and.match(/^  treasury +10.0 FIL free$/m)
      expect(words).to.include('proposal 1 of Fishes').and.include('dao vote 1 for|against|abstain')
      expect(facts).to.include({ number: 1, description: `Pay 0.000000000000000007 FIL to ${NEW}` })
    })

    it('pays to the attoFIL once it is executed, and the ledger says so', async () => {
      const { words } = await voting.shown(1)
      expect(words).to.match(new RegExp(`^  what +pay 0.000000000000000007 FIL to ${NEW}$`, 'm'))
      await voting.pass(1)

      expect(await voting.world.connection.ethers.provider.getBalance(NEW)).to.equal(7n)
      expect((await voting.dao.treasury.ledger()).paid).to.equal(7n)
      expect((await voting.shown(1)).facts.state).to.equal('Executed')
    })

    it('is another proposal the second time only if it says why', async () => {
      const options = voting.about({ amount: '0.000000000000000007' })
      const error = await refused((context) => pay(context, NEW, options))
      expect(error.message).to.equal('that is proposal 1 already, word for word')
      expect(error.hint).to.include('dao show 1').and.include('--description')

      const { facts } = await made((context) => pay(context, NEW, { ...options, description: 'May' }))
      expect(facts).to.include({ number: 2, description: 'May' })
    })

    it('says what the treasury lacks', async () => {
      const { notes } = await made((context) => pay(context, NEW, voting.about({ amount: '12' })))
      const free = parseEther('10') - 7n

      expect(await voting.dao.treasury.free()).to.equal(free)
      expect(notes[0]).to.include('2.000000000000000007 FIL less than this needs to be queued')
      expect((await voting.shown(3)).words).to.include('2.000000000000000007 FIL less than this needs to be queued')
    })

    it('refuses nothing, nobody, the treasury itself, and who does not take it', async () => {
      const { treasury, collection } = voting.dao
      for (const [to, amount, words] of [
        [NEW, '0', '--amount expects more than nothing'],
        [ZeroAddress, '1', 'is nobody: what is sent there is lost'],
        [treasury.target as string, '1', 'is the treasury itself'],
        ['0x12', '1', "expected an address, 0x and 40 hex digits, got '0x12'"],
        [collection.target as string, '1', 'does not take that call'],
      ] as const) {
        const error = await refused((context) => pay(context, to, voting.about({ amount })))
        expect(error.message).to.include(words)
      }
    })

    it('tells a stranger, before anything is sent, that it has no weight', async () => {
      const { other } = voting.world
      const nonce = await other.getNonce()
      const poor = voting.as(other, (context) => pay(context, NEW, voting.about({ amount: '1' })))

      expect(describeRevert(await refusal(poor))).to.match(/^GovernorInsufficientProposerVotes/)
      expect(await other.getNonce()).to.equal(nonce)
    })
  })

  context('members', () => {
    it('admit makes members once it is executed', async () => {
      const { other, provider } = voting.world
      const { facts, calls } = await made((context) =>
        admit(context, [other.address, provider.address], voting.about()),
      )
      expect(calls[0].words).to.equal(`admit ${other.address}, ${provider.address}`)
      await voting.pass(facts.number)

      expect(await voting.dao.badge.totalSupply()).to.equal(7n)
      for (const { address } of [other, provider]) expect(await voting.dao.badge.balanceOf(address)).to.equal(1n)
    })

    it('expel ends them', async () => {
      const { other, provider } = voting.world
      const { facts } = await made((context) => expel(context, [other.address, provider.address], voting.about()))
      expect((await voting.shown(facts.number)).words).to.include(`expel ${other.address}, ${provider.address}`)
      await voting.pass(facts.number)

      expect(await voting.dao.badge.totalSupply()).to.equal(5n)
      expect(await voting.dao.badge.balanceOf(other.address)).to.equal(0n)
    })

    it('admit says who is a member already, expel who is none and how few would remain', async () => {
      const [first, ...others] = voting.members.map(({ address }) => address)
      const again = describeRevert(await refused((context) => admit(context, [NEW, first], voting.about())))!
      expect(again).to.equal(`AlreadyMember(account: ${first})`)
      expect(nextStep(again)).to.include('It is a member already')

      const none = await refused((context) => expel(context, [NEW], voting.about()))
      expect(none.message).to.equal(`${NEW} is no member of Fishes`)
      const all = await refused((context) => expel(context, others, voting.about()))
      expect(all.message).to.equal('Fishes has 5 members: expected at least 2 to remain, not 1')
      expect(all.hint).to.include('Admit others first')
    })

    it('mint says that there is no weight to give', async () => {
      const error = await refused((context) => mint(context, [`${NEW}=1`], voting.about()))

      expect(error.message).to.equal('in Fishes each member has one vote: there is no weight to give')
      expect(error.hint).to.include('dao admit ADDRESS')
    })
  })

  context('guardian', () => {
    it('sets who may cancel, and up to when, once it is executed', async () => {
      const epoch = await voting.world.epoch()
      const { facts, calls } = await made((context) => guardian(context, NEW, voting.about({ until: '90d' })))
      const until = epoch + 90n * DAY
      expect(calls[0].words).to.equal(`have ${NEW} as the guardian, to the end of epoch ${until}`)
      expect((await voting.shown(facts.number)).facts.subject).to.equal('GuardianChange')

      const renewal = await made((context) =>
        guardian(context, voting.world.client.address, voting.about({ until: `${until}` })),
      )
      await voting.pass(facts.number, renewal.facts.number)
      expect(await voting.dao.governor.guardian()).to.deep.equal([voting.world.client.address, until])
    })

    it('none has nobody', async () => {
      const { calls } = await made((context) => guardian(context, 'none', voting.about()))

      expect(calls).to.deep.equal([
        {
          ...{ target: voting.dao.address, value: 0n, words: 'have no guardian' },
          data: voting.dao.governor.interface.encodeFunctionData('setGuardian', [ZeroAddress, 0n]),
        },
      ])
    })

    it('refuses an end that would have passed or lies too far ahead when it is executed', async () => {
      const last = (await voting.world.epoch()) + 43n + 365n * DAY
      for (const until of ['42epochs', `${last + 1n}`]) {
        const error = await refused((context) => guardian(context, NEW, voting.about({ until })))
        expect(error.message).to.include('--until expects').and.include(`to epoch ${last} (`)
      }
      const none = await refused((context) => guardian(context, NEW, voting.about()))
      expect(none.message).to.equal('say up to when: --until, as 180d from now, or an epoch')
    })
  })

  context('terms', () => {
    it('sets on which terms a CID is proposed without any, once it is executed', async () => {
      const options = { replicas: '3', days: '200', deadline: '5760', reward: '0.02', maxBytes: '1000000' }
      const { facts, calls } = await made((context) => defaultTerms(context, voting.about(options)))
      expect(calls[0].words).to.match(
        /^set the terms of who proposes without terms: a request: 3 replicas for 200 days at least, 0.02 FIL each, stored within 2 days; 0\.\d+ FIL at most$/,
      )
      await voting.pass(facts.number)

      const { kind, replicas, termEpochs, deadlineEpochs, price, budget } = await voting.dao.governor.defaultTerms()
      expect([kind, replicas, termEpochs, deadlineEpochs, price]).to.deep.equal([
        ...[0n, 3n, 200n * DAY, 5_760n, parseEther('0.02')],
      ])
      expect(calls[0].words).to.include(`${formatEther(budget)} FIL at most`)
    })

    it('says what the contracts would refuse of them', async () => {
      const options = { replicas: '3', days: '2000', deadline: '5760', reward: '0.02' }

      expect(describeRevert(await refused((context) => defaultTerms(context, voting.about(options))))).to.match(
        /^BadTerm\(/,
      )
    })
  })

  context('set', () => {
    const CHANGES = [
      ['voting-delay', '3epochs', 'set voting-delay to 1.5 minutes (3 epochs)'],
      ['voting-period', '41epochs', 'set voting-period to 20.5 minutes (41 epochs)'],
      ['quorum', '50', 'set quorum to 50 %'],
      ['threshold', '2', 'set threshold to 2 votes'],
      ['late', '10epochs', 'set late to 5 minutes (10 epochs)'],
      ['timelock', '1d', 'set timelock to 24 hours (2880 epochs)'],
    ] as const

    it('refuses what is no setting, what lies outside its bounds, and what it is already', async () => {
      for (const [name, value, words] of [
        ['constructor', '1', 'expected one of voting-delay, voting-period, quorum, threshold, late, timelock'],
        ['voting-delay', '15d', 'voting-delay expects 0.5 minutes (1 epochs) to 14 days (40320 epochs), got 15 days'],
        ['voting-period', '39epochs', 'voting-period expects 20 minutes (40 epochs) to 42 days'],
        ['late', '41epochs', 'late expects 0 minutes (0 epochs) to 20 minutes (40 epochs), got 20.5 minutes'],
        ['threshold', '3', 'threshold expects 1 vote to 2 votes, got 3 votes'],
        ['quorum', '51%', 'quorum expects 1 % to 50 %, got 51 %'],
        ['timelock', '31d', 'timelock expects 0 minutes (0 epochs) to 30 days'],
        ['timelock', '7', "timelock expects a time, as 90m, 2h, 3d or 20epochs, got '7'"],
        ['quorum', '40', 'quorum is 40 % already'],
      ]) {
        const error = await refused((context) => set(context, name, value, voting.about()))
        expect(error.message).to.include(words)
      }
    })

    it('changes each setting once it is executed', async () => {
      const numbers: unknown[] = []
      for (const [name, value, words] of CHANGES) {
        const { facts, calls } = await made((context) => set(context, name, value, voting.about()))
        expect(calls[0].words).to.equal(words)
        numbers.push(facts.number)
      }
      await voting.pass(...numbers)

      expect((await voting.shown()).facts.settings).to.deep.equal({
        ...{ votingDelay: 3n, votingPeriod: 41n, quorumPercent: 50n, proposalThreshold: 2n },
        ...{ lateExtension: 10n, timelockDelay: 2_880n },
      })
    })
  })
})
