import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { startPlayChain, type PlayChain } from '../../../../scripts/local/perpetual/chain.ts'
import { createClock, type Clock } from '../../../../scripts/local/perpetual/clock.ts'

describe('startPlayChain and createClock', function () {
  this.timeout(60_000)
  let chain: PlayChain
  let clock: Clock
  before(async () => {
    chain = await startPlayChain()
    clock = createClock(chain.connection, 300)
  })
  after(() => chain.stop())

  const header = async (number: bigint) =>
    (await chain.connection.send('eth_getBlockByNumber', ['0x' + number.toString(16), false])) as {
      parentHash: string
      hash: string
      timestamp: string
    }

  it('serves the local chain over HTTP to whoever knows the address', async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
    const response = await fetch(chain.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })

    expect(((await response.json()) as { result: string }).result).to.equal('0x1df5e76') // 31415926
  })

  for (const epochs of [1n, 5n, 11n, 12n, 518_400n]) {
    it(`lets exactly ${epochs} epochs pass`, async () => {
      const before = await clock.epoch()

      await clock.pass(epochs)

      expect(await clock.epoch()).to.equal(before + epochs)
    })
  }

  it('lets half a year pass in less than a second, at 30 s an epoch', async () => {
    const before = await clock.epoch()
    const started = performance.now()

    await clock.pass(518_400n)

    expect(performance.now() - started).to.be.lessThan(1_000)
    const seconds = BigInt((await header(before + 518_400n)).timestamp) - BigInt((await header(before)).timestamp)
    expect(seconds)
      .to.be.greaterThan(518_390n * 30n)
      .and.at.most(518_400n * 30n)
  })

  it('stands on real blocks before and after a jump, and tells where it jumped', async () => {
    const before = await clock.epoch()

    await clock.pass(100_000n)

    const { from, to } = clock.jumps.at(-1)!
    expect(from).to.equal(before + 4n)
    expect(to).to.equal(before + 100_000n - 3n)
    for (let number = to + 1n; number <= to + 3n; number++) {
      expect((await header(number)).parentHash).to.equal((await header(number - 1n)).hash)
    }
  })

  it('goes to an epoch, and never back', async () => {
    const target = (await clock.epoch()) + 1_000n

    await clock.passTo(target)
    await clock.passTo(target - 500n)

    expect(await clock.epoch()).to.equal(target)
  })

  describe('until', () => {
    it('lets four epochs pass with every look', async () => {
      const before = await clock.epoch()
      const seen: bigint[] = []

      await clock.until('the third look', async () => {
        seen.push((await clock.epoch()) - before)
        return seen.length === 3 ? true : undefined
      })

      expect(seen).to.deep.equal([0n, 4n, 8n])
    })

    it('gives up with words', async () => {
      const waiting = clock.until('a day that never comes', () => Promise.resolve(undefined))

      expect(await waiting.catch((error: Error) => error.message)).to.equal(
        'waited 0.3 s for a day that never comes, in vain',
      )
    })
  })
})
