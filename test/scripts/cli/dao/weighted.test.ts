import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { admit, expel, mint } from '../../../../scripts/cli/dao/members.ts'
import { set } from '../../../../scripts/cli/dao/set.ts'
import { createVotingWorld, refusal, type VotingWorld } from './voting-world.ts'

const NEW = '0x00000000000000000000000000000000000000A1'
/** Members of the voting world, by their places among the simulated network's accounts. */
const MEMBERS = [
  '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
  '0x976EA74026E726554dB657fA54763abd0C3a0aa9',
  '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955',
  '0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f',
  '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720',
]

describe('dao, with votes by weight', function () {
  this.timeout(300_000)
  let voting: VotingWorld

  before(
    async () => void (voting = await createVotingWorld({ members: MEMBERS.map((member) => `${member}=10`).join(',') })),
  )
  after(() => voting?.close())

  it('admit and expel say why not, and what to do instead', async () => {
    const admitted = await refusal(voting.propose((context) => admit(context, [NEW], voting.about())))
    expect(admitted.message).to.equal('Fishes votes by weight: whoever holds FISH is a member')
    expect(admitted.hint)
      .to.include(`the token is at ${voting.dao.token.target as string}`)
      .and.include('dao mint ADDRESS=WEIGHT')

    const expelled = await refusal(voting.propose((context) => expel(context, [MEMBERS[1]], voting.about())))
    expect(expelled.message).to.equal('Fishes votes by weight: nobody can take FISH from who holds it')
    expect(expelled.hint).to.include('dao mint ADDRESS=WEIGHT')
  })

  it('mint gives new weight, and set a threshold in it, once they are executed', async () => {
    const minted = await voting.propose((context) => mint(context, [`${NEW}=2.5`, `${MEMBERS[0]}=1`], voting.about()))
    const lowered = await voting.propose((context) => set(context, 'threshold', '0.5', voting.about()))
    expect((await voting.shown(minted.facts.number)).words).to.include(
      `give ${NEW} 2.5 FISH, give ${MEMBERS[0]} 1 FISH`,
    )
    expect((await voting.shown(lowered.facts.number)).words).to.include('set threshold to 0.5 FISH')
    await voting.pass(minted.facts.number, lowered.facts.number)

    expect(await voting.dao.token.balanceOf(NEW)).to.equal(parseEther('2.5'))
    expect(await voting.dao.token.balanceOf(MEMBERS[0])).to.equal(parseEther('11'))
    expect(await voting.dao.governor.proposalThreshold()).to.equal(parseEther('0.5'))
  })

  it('mint asks for a weight with each address', async () => {
    const error = await refusal(voting.propose((context) => mint(context, [NEW], voting.about())))

    expect(error.message).to.equal(`expected a weight with each address, as ${NEW}=10`)
  })
})
