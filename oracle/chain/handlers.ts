import type { WatcherOptions } from './watcher.ts'

/** Who makes rows of logs. */
export type LogHandler = Pick<WatcherOptions, 'onLogs' | 'onRollback' | 'onCommitted'>

/** Several handlers as one: each gets every log, in this order and in the same transaction. */
export function joinHandlers(...handlers: LogHandler[]): LogHandler {
  return {
    async onLogs(logs, tx) {
      for (const handler of handlers) await handler.onLogs(logs, tx)
    },
    async onRollback(toBlock, tx) {
      for (const handler of handlers) await handler.onRollback(toBlock, tx)
    },
    onCommitted(logs) {
      for (const handler of handlers) handler.onCommitted?.(logs)
    },
  }
}
