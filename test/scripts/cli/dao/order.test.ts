import { parseEther } from 'ethers'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { price, resume, suspend, topup } from '../../../../scripts/cli/dao/order.ts'
import { remove } from '../../../../scripts/cli/dao/remove.ts'
import { priceOfRate } from '../../../../scripts/lib/perpetual/rates.ts'
import { describeRevert } from '../../../../scripts/lib/revert.ts'
import { createVotingWorld, refusal, type VotingWorld } from './voting-world.ts'

describe('dao, about the orders of its collection', function () {
  this.timeout(300_000)
  let voting: VotingWorld
  let cid: string

  before(async () => {
    voting = await createVotingWorld()
    await voting.keep('request', 'kept by a request')
    await voting.keep('order', 'kept by an order')
    cid = ((await voting.shown()).facts.entries as { cid: string }[])[1].cid
  })
  after(() => voting?.close())

  type Verb = Parameters<VotingWorld['propose']>[0]
  const order = () => voting.dao.storage.getOrder(1n)
  const refused = (verb: Verb) => refusal(voting.propose(verb))
  const passed = async (verb: Verb) => {
    const { facts } = await voting.propose(verb)
    const { words } = await voting.shown(facts.number)
    await voting.pass(facts.number)
    return words
  }

  it('show lists each entry by its place', async () => {
    const { words } = await voting.shown()

    expect(words)
      .to.match(/^entry +collected/m)
      .and.match(new RegExp(`^1 +${cid}`, 'm'))
  })

  it('topup adds to it from the treasury, to the attoFIL', async () => {
    const [{ free }, held] = [await order(), await voting.dao.treasury.free()]
    const words = await passed((context) => topup(context, '1', voting.about({ amount: '0.000000000000000005' })))

    expect(words).to.include(`top up order 1 (${cid}), with 0.000000000000000005 FIL`)
    expect((await order()).free).to.equal(free + 5n)
    expect(await voting.dao.treasury.free()).to.equal(held - 5n)
  })

  it('price sets what future claims are paid', async () => {
    const words = await passed((context) => price(context, cid, voting.about({ price: '0.05', ceiling: '0.06' })))
    const { pieceSize, price: next, ceiling } = await order()

    expect(words).to.match(/pay replicas of order 1 \(\S+\) 0\.0\d+ FIL for a GiB a year from the next claim on/)
    expect(next).to.equal(priceOfRate(parseEther('0.05'), pieceSize))
    expect(ceiling).to.equal(priceOfRate(parseEther('0.06'), pieceSize))
  })

  it('suspend closes it to claims, resume opens it again', async () => {
    expect((await refused((context) => resume(context, '1', voting.about()))).message).to.equal(
      'order 1 is Live: expected it to be Suspended',
    )
    expect(await passed((context) => suspend(context, '1', voting.about()))).to.include(`suspend order 1 (${cid})`)
    expect((await order()).status).to.equal(2n)

    expect((await refused((context) => suspend(context, '1', voting.about()))).message).to.equal(
      'order 1 is Suspended: expected it to be Live',
    )
    expect(await passed((context) => resume(context, '1', voting.about()))).to.include(`resume order 1 (${cid})`)
    expect((await order()).status).to.equal(1n)
  })

  it('says what PerpetualStorage would refuse, before anything is sent', async () => {
    const count = async () => ((await voting.shown()).facts.proposals as object[]).length
    const before = await count()
    const same = await refused((context) => price(context, '1', voting.about({ price: '0.05', ceiling: '0.06' })))
    expect(describeRevert(same)).to.equal('Unchanged(orderId: 1)')
    const low = await refused((context) => price(context, '1', voting.about({ price: '0.05', ceiling: '0.01' })))
    expect(describeRevert(low)).to.match(/^OutOfBounds\(what: ceiling, minimum: \d+/)
    expect((await refused((context) => price(context, '1', voting.about()))).message).to.include('say what changes')
    expect((await refused((context) => topup(context, '1', voting.about({ amount: '0' })))).message).to.equal(
      '--amount expects more than nothing',
    )

    expect(await count()).to.equal(before)
  })

  it('says of an entry that is a request why not, and what to do instead', async () => {
    for (const verb of [suspend, resume] as const) {
      const error = await refused((context) => verb(context, '0', voting.about()))
      expect(error.message).to.equal('entry 0 is kept by request 1, not by an order')
      expect(error.hint)
        .to.include('dao remove bafk')
        .and.match(/--kind order\.$/)
    }
  })

  it('says of an entry that there is not how many there are', async () => {
    expect((await refused((context) => suspend(context, '2', voting.about()))).message).to.equal(
      'Fishes has no entry 2: it counts 2, from 0',
    )
    const other = 'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
    expect((await refused((context) => suspend(context, other, voting.about()))).message).to.equal(
      `${other} is not in the collection of Fishes`,
    )
    expect((await refused((context) => suspend(context, 'x', voting.about()))).message).to.equal(
      "'x' is neither an entry of the collection nor a CID",
    )
  })

  it('says of an entry that was removed that its order has ended', async () => {
    await passed((context) => remove(context, cid, voting.about({ reason: 'it moved' })))

    const error = await refused((context) => topup(context, '1', voting.about({ amount: '1' })))
    expect(error.message).to.match(/^entry 1 was removed at epoch \d+, and order 1 ended$/)
    expect(error.hint).to.include(`dao propose ${cid} --kind order`)
  })
})
