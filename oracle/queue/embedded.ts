import type { Logger } from '../logger.ts'
import type { NudgeHandler, Queue, Topic } from './queue.ts'

interface Lane {
  handler: NudgeHandler
  concurrency: number
  /** Ids in the order they came. */
  waiting: Set<string>
  running: Map<string, Promise<void>>
}

/** The default queue: inside the process, first come first served within a topic, gone with the process. */
export function createEmbeddedQueue({ log }: { log: Logger }): Queue {
  const lanes = new Map<Topic, Lane>()
  const abort = new AbortController()
  let open = false

  function fill(lane: Lane): void {
    if (!open) return
    for (const id of lane.waiting) {
      if (lane.running.size >= lane.concurrency) return
      if (lane.running.has(id)) continue // it waits for its own run to end; the others need not

      lane.waiting.delete(id)
      lane.running.set(id, run(lane, id))
    }
  }

  async function run(lane: Lane, id: string): Promise<void> {
    await Promise.resolve() // the entry in `running` is set first
    try {
      await lane.handler(id, abort.signal)
    } catch (error) {
      log.error({ err: error, requestId: id }, 'nudge handler failed')
    } finally {
      lane.running.delete(id)
      fill(lane)
    }
  }

  return {
    publish(topic, id) {
      const lane = lanes.get(topic)
      lane?.waiting.add(id) // if nobody here serves the topic, the sweeper of one that does will find the row
      if (lane) fill(lane)
      return Promise.resolve()
    },
    subscribe(topic, handler, { concurrency }) {
      lanes.set(topic, { handler, concurrency, waiting: new Set(), running: new Map() })
    },
    start() {
      open = true
      for (const lane of lanes.values()) fill(lane)
      return Promise.resolve()
    },
    async stop() {
      open = false
      abort.abort()
      for (const lane of lanes.values()) {
        lane.waiting.clear()
        await Promise.all(lane.running.values())
      }
    },
  }
}
