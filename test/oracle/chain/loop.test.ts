import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createLoop, type LoopOptions } from '../../../oracle/chain/loop.ts'
import { createLogger } from '../../../oracle/logger.ts'

const loopOf = (pass: LoopOptions['pass'], everyMs = 60_000) =>
  createLoop({ name: 'test', pass, everyMs, log: createLogger('silent') })

/** A pass that ends when it is told to stop. */
function patient() {
  const begun = Promise.withResolvers<AbortSignal>()
  const pass = async (stopping: AbortSignal) => {
    begun.resolve(stopping)
    if (!stopping.aborted) await new Promise((resolve) => stopping.addEventListener('abort', resolve))
  }
  return { pass, begun: begun.promise }
}

describe('loop', () => {
  it('passes again after the time between passes, also after a pass that failed', async () => {
    let passes = 0
    const third = Promise.withResolvers<void>()
    const loop = loopOf(async () => {
      if (++passes === 3) third.resolve()
      if (passes === 1) throw new Error('the node is away')
    }, 1)

    loop.start()
    await third.promise
    await loop.stop()

    expect(passes).to.be.at.least(3)
  })

  it('passes at once when it is nudged', async () => {
    let passes = 0
    const second = Promise.withResolvers<void>()
    const loop = loopOf(async () => {
      if (++passes === 2) second.resolve()
      loop.nudge()
    })

    loop.start()
    await second.promise
    await loop.stop()
  })

  describe('stop', () => {
    it('tells the pass in hand, and resolves when that is over', async () => {
      const { pass, begun } = patient()
      const loop = loopOf(pass)
      loop.start()
      const stopping = await begun
      expect(stopping.aborted).to.equal(false)

      await loop.stop()

      expect(stopping.aborted).to.equal(true)
    })

    it('lets no pass begin after it', async () => {
      let passes = 0
      const loop = loopOf(async () => void passes++, 1)
      loop.start()
      await loop.runNow()
      await loop.stop()
      const seen = passes

      loop.nudge()
      await new Promise((resolve) => setTimeout(resolve, 10))

      expect(passes).to.equal(seen)
    })
  })

  describe('runNow', () => {
    it('rejects when the pass fails', async () => {
      const failure = new Error('the node is away')

      expect(
        await loopOf(() => Promise.reject(failure))
          .runNow()
          .catch((error: unknown) => error),
      ).to.equal(failure)
    })

    it('waits for the pass in hand: passes never overlap', async () => {
      let atWork = 0
      let most = 0
      const loop = loopOf(async () => {
        most = Math.max(most, ++atWork)
        await new Promise((resolve) => setImmediate(resolve))
        atWork--
      })

      await Promise.all([loop.runNow(), loop.runNow(), loop.runNow()])

      expect(most).to.equal(1)
    })

    it('makes a whole pass after a stop', async () => {
      const signals: AbortSignal[] = []
      const loop = loopOf(async (stopping) => void signals.push(stopping))
      await loop.runNow()
      await loop.stop()

      await loop.runNow()

      expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, false])
    })
  })
})
