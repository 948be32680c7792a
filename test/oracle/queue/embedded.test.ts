import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createLogger } from '../../../oracle/logger.ts'
import { createEmbeddedQueue } from '../../../oracle/queue/embedded.ts'

const TOPIC = 'mooring.pin'
const log = createLogger('silent')

/** A handler whose runs end when the test says so. */
function gated() {
  const started: string[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  let wake = Promise.withResolvers<void>()
  return {
    started,
    async handler(id: string) {
      started.push(id)
      gates.set(id, Promise.withResolvers())
      wake.resolve()
      wake = Promise.withResolvers()
      await gates.get(id)!.promise
    },
    release: (id: string) => gates.get(id)!.resolve(),
    async until(count: number) {
      while (started.length < count) await wake.promise
    },
  }
}

describe('embedded queue', () => {
  it('handles ids in the order they came, at most `concurrency` at a time', async () => {
    const queue = createEmbeddedQueue({ log })
    const work = gated()
    queue.subscribe(TOPIC, work.handler, { concurrency: 2 })
    await queue.start()

    for (const id of ['1', '2', '3', '4']) await queue.publish(TOPIC, id)
    await work.until(2)
    expect(work.started).to.deep.equal(['1', '2'])

    work.release('2')
    await work.until(3)
    expect(work.started).to.deep.equal(['1', '2', '3'])

    for (const id of ['1', '3']) work.release(id)
    await work.until(4)
    work.release('4')
    await queue.stop()
  })

  it('does not double a nudge that is waiting, and runs an id once more when it is nudged while it runs', async () => {
    const queue = createEmbeddedQueue({ log })
    const work = gated()
    queue.subscribe(TOPIC, work.handler, { concurrency: 3 })
    await queue.start()

    await queue.publish(TOPIC, '1')
    await work.until(1)
    await queue.publish(TOPIC, '1')
    await queue.publish(TOPIC, '1')
    await queue.publish(TOPIC, '2')
    await work.until(2)
    expect(work.started).to.deep.equal(['1', '2'])

    work.release('1')
    await work.until(3)
    expect(work.started).to.deep.equal(['1', '2', '1'])

    for (const id of ['1', '2']) work.release(id)
    await queue.stop()
    expect(work.started).to.have.lengthOf(3)
  })

  it('goes on after a handler that throws', async () => {
    const queue = createEmbeddedQueue({ log })
    const done = Promise.withResolvers<string>()
    queue.subscribe(
      TOPIC,
      async (id) => {
        if (id === 'poison') throw new Error('poisoned')
        done.resolve(id)
      },
      { concurrency: 1 },
    )
    await queue.start()

    await queue.publish(TOPIC, 'poison')
    await queue.publish(TOPIC, 'next')

    expect(await done.promise).to.equal('next')
    await queue.stop()
  })

  it('keeps topics apart: a full one does not delay another', async () => {
    const queue = createEmbeddedQueue({ log })
    const work = gated()
    const other = Promise.withResolvers<string>()
    queue.subscribe(TOPIC, work.handler, { concurrency: 1 })
    queue.subscribe('mooring.track', async (id) => other.resolve(id), { concurrency: 1 })
    await queue.start()

    await queue.publish(TOPIC, 'slow')
    await queue.publish(TOPIC, 'waiting')
    await queue.publish('mooring.track', 'quick')

    expect(await other.promise).to.equal('quick')
    work.release('slow')
    await queue.stop()
  })

  it('holds nudges that come before start and takes none after stop', async () => {
    const queue = createEmbeddedQueue({ log })
    const work = gated()
    queue.subscribe(TOPIC, work.handler, { concurrency: 1 })
    await queue.publish(TOPIC, 'early')
    expect(work.started).to.be.empty

    await queue.start()
    await work.until(1)
    work.release('early')
    await queue.stop()
    await queue.publish(TOPIC, 'late')

    expect(work.started).to.deep.equal(['early'])
  })

  it('aborts the handlers and waits for them on stop', async () => {
    const queue = createEmbeddedQueue({ log })
    const running = Promise.withResolvers<void>()
    let ended = false
    queue.subscribe(
      TOPIC,
      async (_id, signal) => {
        running.resolve()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        ended = true
      },
      { concurrency: 1 },
    )
    await queue.start()
    await queue.publish(TOPIC, '1')
    await running.promise

    await queue.stop()

    expect(ended).to.equal(true)
  })
})
