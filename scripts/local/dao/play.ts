import type { Dao } from '../../lib/dao/contracts.ts'
import type { MadeProposal } from '../../lib/dao/propose.ts'
import { callerDir } from '../../lib/paths.ts'
import { brokenOf, renderCheck } from '../check.ts'
import type { OnExecutorEvent } from '../operators.ts'
import type { Progress } from '../progress.ts'
import { balancesOf } from '../wallets.ts'
import { carryOut } from './acts/carry-out.ts'
import { found } from './acts/found.ts'
import { propose } from './acts/propose.ts'
import { show } from './acts/show.ts'
import { store } from './acts/store.ts'
import { vote } from './acts/vote.ts'
import { readClock } from '../../lib/perpetual/clock.ts'
import { withoutWaiting } from './chain.ts'
import { outcomeOf, type DaoOutcome } from './outcome.ts'
import { accountsAround, checkMoney, type Before } from './money.ts'
import { startExecutors } from './executors.ts'
import { startPlayWorld } from './world.ts'
import type { Stage } from './stage.ts'

/**
 * A DataDAO from its making to the first directory that it keeps: a storage provider proposes, five members vote, what passed is executed,
 * the operators store it. Prints each step, then what must be equal.
 * @param hear Told what the executors say.
 * @param path What is kept.
 */
export async function playDao(
  progress: Progress,
  hear: OnExecutorEvent,
  path: string,
  signal: AbortSignal,
): Promise<DaoOutcome> {
  const { stage, stop } = await startPlayWorld(progress, path, signal)
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  try {
    signal.throwIfAborted()
    return await Promise.race([play(stage, hear), aborted])
  } finally {
    await stop()
  }
}

async function play(stage: Stage, hear: OnExecutorEvent): Promise<DaoOutcome> {
  const started = performance.now()
  const { connection, progress } = stage
  const accounts = accountsAround(stage)
  const before: Before = {
    since: (await readClock(connection)).epoch,
    balances: await balancesOf(connection, accounts),
  }

  const { dao, proposed, requestId, executors } = await withoutWaiting(connection, async () => {
    const dao = await found(stage)
    const [executors, proposed] = await Promise.all([startExecutors(stage, dao, hear), decide(stage, dao)])
    return { dao, proposed, executors, requestId: await carryOut(stage, executors, dao, proposed) }
  })
  const request = await store(stage, executors, requestId)
  const stored = request.state === 'Stored' && (await show(stage, dao))

  const checks = await checkMoney(stage, dao, request, before)
  const broken = brokenOf(checks)
  const holding = `${checks.length - broken.length} of ${checks.length} equations hold`
  progress.note(['', ...checks.map(renderCheck), holding, '', ...lookAround(stage), ''].join('\n'))
  const seconds = (performance.now() - started) / 1000
  return outcomeOf(stage, dao.address, proposed.proposalId, request, { stored, addsUp: broken.length === 0, seconds })
}

async function decide(stage: Stage, dao: Dao): Promise<MadeProposal> {
  const proposed = await propose(stage, dao)
  await vote(stage, dao, proposed)
  return proposed
}

/** How to go on from where the play ended. */
function lookAround({ ground }: Stage): string[] {
  const env = `MOORING_DATA=${ground.dir.replace(callerDir + '/', '')}`
  return [
    'The chain of this play is kept up to the next one. To look around on it:',
    `  ${env} npm start`,
    `  ${env} npm run mooring -- dao show       (in another terminal)`,
  ]
}
