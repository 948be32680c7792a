import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { cancel } from '../../../../scripts/cli/dao/cancel.ts'
import { execute } from '../../../../scripts/cli/dao/execute.ts'
import { guardian } from '../../../../scripts/cli/dao/guardian.ts'
import { pay } from '../../../../scripts/cli/dao/pay.ts'
import { vote } from '../../../../scripts/cli/dao/vote.ts'
import { createVotingWorld, refusal, type VotingWorld } from './voting-world.ts'

const NEW = '0x00000000000000000000000000000000000000A1'

describe('dao cancel', function () {
  this.timeout(300_000)
  let voting: VotingWorld
  type Signer = VotingWorld['members'][number]

  before(async () => void (voting = await createVotingWorld({ timelock: '10m' })))
  after(() => voting?.close())

  const cancelling = (signer: Signer, proposal: string) =>
    voting.as(signer, (context) => cancel(context, proposal, voting.about()))
  const paying = (amount: string) => voting.propose((context) => pay(context, NEW, voting.about({ amount })))

  it('ends a pending proposal of its proposer, and nobody else’s', async () => {
    await paying('1')
    const [proposer, other] = voting.members
    const error = await refusal(cancelling(other, '1'))
    expect(error.message)
      .to.include(`${other.address} cannot cancel proposal 1: its proposer ${proposer.address} can up to epoch`)
      .and.include(`its guardian ${voting.world.client.address} up to epoch`)
    expect(error.hint).to.include('dao vote 1 against')

    const { notes, words, facts } = await cancelling(proposer, '1')
    expect(notes[0]).to.equal(`proposal 1 of Fishes is Pending\n  what   pay 1.0 FIL to ${NEW}`)
    expect(words).to.equal('proposal 1 is cancelled: it can neither be voted on nor executed')
    expect(facts).to.include({ state: 'Canceled', freed: 0n })
    expect((await voting.shown('1')).facts.state).to.equal('Canceled')
  })

  it('ends none that is over', async () => {
    expect((await refusal(cancelling(voting.world.client, '1'))).message).to.equal(
      'proposal 1 is Canceled: there is nothing to cancel',
    )
  })

  it('is not the proposer’s any more once voting has begun', async () => {
    await paying('2')
    await voting.world.mine(3n)

    expect((await refusal(cancelling(voting.members[0], '2'))).message).to.match(
      /its proposer \S+ could up to epoch \d+ \(.* ago\), its guardian/,
    )
  })

  it('frees what was promised, when the guardian ends what is queued', async () => {
    for (const member of voting.members.slice(1, 4)) {
      await voting.as(member, (context) => vote(context, '2', 'for', voting.about()))
    }
    await voting.world.mine(41n)
    await voting.as(voting.world.client, (context) => execute(context, '2', voting.about()))
    expect(await voting.dao.treasury.free()).to.equal(parseEther('8'))

    const { words, facts } = await cancelling(voting.world.client, '2')
    expect(words).to.include('2.0 FIL that were promised to it are free again')
    expect(facts).to.include({ freed: parseEther('2') })
    expect(await voting.dao.treasury.free()).to.equal(parseEther('10'))
  })

  it('leaves the guardian no say about itself, nor after its last epoch', async () => {
    await voting.propose((context) => guardian(context, 'none', voting.about()))
    expect((await refusal(cancelling(voting.world.client, '3'))).message).to.equal(
      'proposal 3 is about the guardian: it has no say in that',
    )

    await voting.world.mine(180n * 2_880n)
    await paying('3')
    const error = await refusal(cancelling(voting.world.client, '4'))
    expect(error.message).to.match(/^the guardian could cancel up to epoch \d+ \(/)
    expect(error.hint).to.include(`dao guardian ${voting.world.client.address} --until 180d`)
    expect((await refusal(cancelling(voting.members[1], '4'))).message).to.not.include('its guardian')
  })
})
