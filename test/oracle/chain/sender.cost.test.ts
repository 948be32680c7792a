import { expect } from 'chai'
import { Transaction } from 'ethers'
import { describe, it } from 'mocha'
import { emission } from '../../helpers/chain.ts'
import { GWEI, useSenderWorld } from './sender-world.ts'

describe('chain/sender, an intent whose gas may cost no more than', () => {
  const world = useSenderWorld()

  const signed = async () => (await world.intentOf(1)).raw.map((raw) => Transaction.from(raw))
  const most = ({ gasLimit, maxFeePerGas }: Transaction) => gasLimit * maxFeePerGas!
  const submit = (maxCost?: bigint) => {
    const sender = world.build({ bumpAfterBlocks: 1 })
    return sender.submit({ key: 'word:1', ...emission(1), maxCost }).then(() => sender)
  }
  /** What the same intent offers without a limit of its own. */
  async function unlimited(): Promise<bigint> {
    const sender = await submit()
    await sender.processAll()
    const [first] = await signed()
    await world.mined(sender)
    await world.db.deleteFrom('intent').execute()
    return most(first)
  }

  it('a certain amount offers no more than that', async () => {
    const maxCost = (await unlimited()) - 1n
    const sender = await submit(maxCost)
    await sender.processAll()

    const [first] = await signed()
    expect(most(first) <= maxCost).to.equal(true)
    await world.mined(sender)
    expect(await world.stateOf(1)).to.equal('confirmed')
  })

  it('the base fee takes waits, unsigned, until it may cost more', async () => {
    const sender = await submit(1_000n)
    await sender.processAll()
    expect(await world.stateOf(1)).to.equal('queued')

    await sender.allow('word:1', 10n ** 18n)
    await sender.processAll()
    expect(await world.stateOf(1)).to.equal('sent')
  })

  it('it offers already is replaced only when it may cost more', async () => {
    const maxCost = await unlimited()
    const sender = await submit(maxCost)
    await sender.processAll()
    await world.chain.rpc('anvil_dropTransaction', [(await world.intentOf(1)).hashes[0]])
    await world.chain.mine(2)
    await sender.processAll()
    expect(await signed()).to.have.lengthOf(1)

    await sender.allow('word:1', 2n * maxCost)
    await sender.processAll()
    const [first, second] = await signed()
    expect(second.nonce).to.equal(first.nonce)
    expect(most(second) > maxCost && most(second) <= 2n * maxCost).to.equal(true)
  })

  it('anything is bounded by the gas cap alone', async () => {
    const sender = world.build({ gasCap: 3n * GWEI })
    await sender.submit({ key: 'word:1', ...emission(1), maxCost: 10n ** 18n })
    await sender.processAll()

    expect((await signed())[0].maxFeePerGas! <= 3n * GWEI).to.equal(true)
  })
})
