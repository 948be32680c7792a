import { pino } from 'pino'
import { ConfigError, wordsOf } from '../../errors.ts'
import { parseDevNodeConfig } from './config.ts'
import { startDevNode } from './node.ts'

/** A stop that takes longer is cut short: the state is on disk in any case. */
const STOP_MS = 1_500

const log = pino({ level: 'info', base: { name: 'edge-dev-node' } }, pino.destination({ fd: 2, sync: true }))

try {
  const config = parseDevNodeConfig(process.env)
  const node = await startDevNode(config, log)
  process.stdout.write(`${JSON.stringify({ event: 'listening', url: node.url })}\n`)

  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(0), STOP_MS).unref()
    node.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, 'stop failed')
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop) // the parent is gone
} catch (error) {
  log.fatal({ error: wordsOf(error) }, 'the Edge node cannot start')
  process.exitCode = error instanceof ConfigError ? 2 : 1
}
