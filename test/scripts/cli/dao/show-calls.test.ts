import { AbiCoder, concat, Interface, ZeroAddress } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { createVotingWorld, type VotingWorld } from './voting-world.ts'

const STRANGER = '0x00000000000000000000000000000000000000A1'
const ERC20 = new Interface(['function transfer(address to, uint256 amount)'])

describe('dao show, of calls that anybody may propose', function () {
  this.timeout(300_000)
  let voting: VotingWorld

  before(async () => {
    voting = await createVotingWorld()
    await voting.world.mine(1n)
  })
  after(() => voting?.close())

  let number = 0
  const shown = async (...calls: { to: unknown; value?: bigint; data: string }[]) => {
    const { governor } = voting.dao
    const sent = await governor.propose(
      calls.map(({ to }) => to as string),
      calls.map(({ value = 0n }) => value),
      calls.map(({ data }) => data),
      `Proposal ${++number}`,
    )
    await sent.wait()
    return voting.shown(number)
  }
  const what = ({ words }: { words: string }) => /^  what +(.*)$/m.exec(words)![1]

  it('tells each of several calls', async () => {
    const { governor, badge, treasury } = voting.dao
    const said = await shown(
      { to: badge.target, data: badge.interface.encodeFunctionData('admit', [[STRANGER]]) },
      { to: STRANGER, value: 5n, data: '0x' },
      { to: treasury.target, data: treasury.interface.encodeFunctionData('updateDelay', [3_600n]) },
      { to: governor.target, data: governor.interface.encodeFunctionData('setGuardian', [ZeroAddress, 0n]) },
      { to: badge.target, data: badge.interface.encodeFunctionData('delegate', [STRANGER]) },
    )

    expect(what(said)).to.equal(
      `admit ${STRANGER}; pay 0.000000000000000005 FIL to ${STRANGER}; set timelock to 1 hour (120 epochs); have no guardian; call the membership: delegate(delegatee: ${STRANGER})`,
    )
  })

  it('says plainly what cannot be read, with its bytes', async () => {
    const data = ERC20.encodeFunctionData('transfer', [STRANGER, 1n])
    const said = await shown({ to: STRANGER, value: 1n, data })

    expect(what(said)).to.equal(
      `call ${STRANGER}, with 0.000000000000000001 FIL in a way that cannot be read here (68 B: 0xa9059cbb…)`,
    )
    expect(said.words)
      .to.match(/^  not read +0xa9059cbb/m)
      .and.include(`${data} for ${STRANGER}: ask the proposer what it does before you vote`)
    expect(said.facts.matter).to.deep.include({
      calls: [{ target: STRANGER, value: 1n, data, words: what(said), read: false }],
    })
  })

  it('reads what the DAO relays, however deep', async () => {
    const { governor } = voting.dao
    const relay = (to: string, value: bigint, data: string) =>
      governor.interface.encodeFunctionData('relay', [to, value, data])
    const inner = relay(STRANGER, 3n, '0x')

    expect(what(await shown({ to: governor.target, data: relay(voting.dao.address, 0n, inner) }))).to.equal(
      `have the DAO itself have the DAO itself pay 0.000000000000000003 FIL to ${STRANGER}`,
    )
    const unread = await shown({ to: governor.target, data: relay(STRANGER, 0n, '0x12345678') })
    expect(unread.words).to.include('cannot be read here (4 B: 0x12345678)').and.include('not read ')
  })

  it('is not broken by arguments that are cut off or make no sense', async () => {
    const { governor, treasury, storage, badge } = voting.dao
    const terms = AbiCoder.defaultAbiCoder().encode(
      ['tuple(uint8,uint16,uint64,uint64,uint64,uint128,uint256,bytes,bytes)'],
      [[9, 1, 0, 0, 0, 1, 1, '0x12', '0x']],
    )
    const { selector } = governor.interface.getFunction('setDefaultTerms')
    for (const [to, data, words] of [
      [governor.target, governor.interface.getFunction('setGuardian').selector, 'cannot be read here (4 B'],
      [treasury.target, treasury.interface.getFunction('updateDelay').selector, 'cannot be read here (4 B'],
      [badge.target, '0x12', 'cannot be read here (1 B: 0x12)'],
      [governor.target, concat([selector, terms]), 'call the DAO: setDefaultTerms('],
      [storage.target, storage.interface.encodeFunctionData('suspend', [9n]), 'suspend order 9, which there is not'],
      [
        storage.target,
        storage.interface.encodeFunctionData('setPrice', [9n, 1n, 2n]),
        'call PerpetualStorage: setPrice(orderId: 9, price: 1, ceiling: 2)',
      ],
    ] as const) {
      expect(what(await shown({ to, data }))).to.include(words)
    }
    expect((await voting.shown()).words).to.include('cannot be read here')
  })
})
