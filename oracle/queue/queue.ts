/** What a nudge is about. The row is the truth: a nudge carries an id and may be lost, late or doubled. */
export const TOPICS = ['mooring.pin', 'mooring.pack', 'mooring.deal', 'mooring.track', 'mooring.report'] as const

export type Topic = (typeof TOPICS)[number]

/** Handles one nudge. It is never called twice at the same time for the same id by one process. `signal` aborts on stop. */
export type NudgeHandler = (id: string, signal: AbortSignal) => Promise<void>

export interface Queue {
  /** Nudges: "look at row `id`". Cheap; a nudge that is already waiting is not doubled. */
  publish: (topic: Topic, id: string) => Promise<void>
  /** One handler per topic, at most `concurrency` ids of it at a time. Call before start. */
  subscribe: (topic: Topic, handler: NudgeHandler, options: { concurrency: number }) => void
  start: () => Promise<void>
  /** Takes no more nudges, aborts the handlers' signal and waits for them. Nudges still waiting are dropped: rows are not. */
  stop: () => Promise<void>
}
