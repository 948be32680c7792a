import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createLogger } from '../../../oracle/logger.ts'
import type { Topic } from '../../../oracle/queue/queue.ts'
import { createSweeper } from '../../../oracle/queue/sweeper.ts'

const log = createLogger('silent')

describe('sweeper', () => {
  it('nudges every row that is due, in the order it is given them', async () => {
    const nudges: [Topic, string][] = []
    const sweeper = createSweeper({
      due: async (limit) => {
        expect(limit).to.equal(7)
        return [
          { id: '2', topic: 'mooring.pin' },
          { id: '1', topic: 'mooring.track' },
        ]
      },
      publish: async (topic, id) => void nudges.push([topic, id]),
      intervalMs: 60_000,
      limit: 7,
      log,
    })

    await sweeper.processAll()

    expect(nudges).to.deep.equal([
      ['mooring.pin', '2'],
      ['mooring.track', '1'],
    ])
  })

  it('sweeps again after a sweep that failed, until it is stopped', async () => {
    let sweeps = 0
    const third = Promise.withResolvers<void>()
    const sweeper = createSweeper({
      due: async () => {
        if (++sweeps === 3) third.resolve()
        throw new Error('database is busy')
      },
      publish: async () => {},
      intervalMs: 1,
      log,
    })

    sweeper.start()
    await third.promise
    await sweeper.stop()

    const seen = sweeps
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(sweeps).to.equal(seen)
  })
})
