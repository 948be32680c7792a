import { join } from 'node:path'
import type { DeployedOperator, Deployment } from '../deploy/deployments.ts'
import { startChild, untilReady, type Child } from './child.ts'
import { executorEnv, type LocalUrls } from './executor-env.ts'
import { reporterKeyOf } from './keys.ts'

/** An event of an executor's log, as oracle/logger.ts names them, and whose it is. */
export type OnExecutorEvent = (event: Record<string, unknown>, operatorId: string) => void

export interface LocalOperator extends DeployedOperator {
  executor: Child
  /** Settles when its executor is at work; rejects when it ends before. */
  ready: Promise<void>
  /** Kills its executor, if it still runs, and starts another on the state that it left. */
  restart(): Promise<void>
}

export interface OperatorsOptions {
  deployment: Deployment
  urls: LocalUrls
  /** Each operator keeps its state in a folder of its own in there. */
  dir: string
  onEvent: OnExecutorEvent
  /** Settings other than executor-env.ts gives, for all of them. */
  settings?: Record<string, string>
}

/** Starts one executor for each operator of the deployment: a process with a key and a data folder of its own. */
export function startOperators(options: OperatorsOptions): LocalOperator[] {
  return options.deployment.operators.map((deployed) => {
    const operator: LocalOperator = {
      ...deployed,
      ...startExecutor(options, deployed),
      async restart() {
        await operator.executor.kill()
        Object.assign(operator, startExecutor(options, deployed))
        await operator.ready
      },
    }
    return operator
  })
}

function startExecutor(
  { deployment, urls, dir, onEvent, settings }: OperatorsOptions,
  deployed: DeployedOperator,
): Pick<LocalOperator, 'executor' | 'ready'> {
  const { id, reporter } = deployed
  const pieceUrl = urls.pieceUrls?.[deployment.operators.indexOf(deployed)]
  let started: () => void
  const says = new Promise<void>((resolve) => (started = resolve))
  const logDir = join(dir, 'logs')
  const executor = startChild({
    name: `operator-${id}`,
    script: 'oracle/main.ts',
    env: {
      ...executorEnv(deployment, urls, reporterKeyOf(reporter), join(dir, 'operators', id), pieceUrl),
      ...settings,
    },
    logDir,
    onEvent(event) {
      if (event.event === 'started') started()
      onEvent(event, id)
    },
  })
  return { executor, ready: untilReady(executor, says, logDir) }
}
