import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalUrls } from './executor-env.ts'
import { startGround, type Ground, type GroundOptions } from './ground.ts'
import { startOperators, type LocalOperator, type OnExecutorEvent } from './operators.ts'
import type { Progress } from './progress.ts'

/** Everything that `npm start` runs: the chain, Filecoin's actors, the contracts, the Edge node, the operators' executors. */
export interface World extends LocalUrls, Pick<Ground, 'connection' | 'deployment' | 'edge' | 'dir' | 'stop'> {
  operators: LocalOperator[]
}

export interface ExecutorOptions {
  progress: Progress
  onExecutorEvent: OnExecutorEvent
  /** Settings other than executor-env.ts gives. */
  executor?: Record<string, string>
}

export type WorldOptions = GroundOptions & ExecutorOptions

export async function startWorld(options: WorldOptions): Promise<World> {
  const ground = await startGround(options)
  try {
    return await addOperators(ground, options)
  } catch (error) {
    await ground.stop()
    throw error
  }
}

/** Starts the operators' executors; they stop with what they stand on. */
export async function addOperators(ground: Ground, options: ExecutorOptions): Promise<World> {
  const { urls, connection, deployment, edge, dir, atStop, stop } = ground
  const { progress, onExecutorEvent, executor: settings } = options
  const operators = startOperators({ deployment, urls, dir, onEvent: onExecutorEvent, settings })
  atStop(async () => {
    await Promise.all([...operators.map(({ executor }) => executor.stop(2_700)), edge.stop(2_000)])
  })
  await Promise.all(operators.map(({ ready }) => ready))
  progress.done('operators', operators.map(({ id, executor }) => `${id} (process ${executor.pid})`).join(', '))

  writeFileSync(join(dir, 'local.json'), JSON.stringify({ ...urls, dataDir: dir }, null, 2) + '\n')
  atStop(() => Promise.resolve(rmSync(join(dir, 'local.json'), { force: true })))
  return { ...urls, connection, deployment, operators, edge, dir, stop }
}
