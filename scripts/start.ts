// npm start : Mooring on this machine, end to end. The command line is explained in local/options.ts.
import { parseEther } from 'ethers'
import { edgeProviderTerms } from './deploy/edge-provider.ts'
import { fil } from './lib/amounts.ts'
import { failWithWords } from './lib/fail.ts'
import { callerDir } from './lib/paths.ts'
import { DEFAULT_TERM_EPOCHS, submitRequest } from './lib/submit.ts'
import { playDao } from './local/dao/play.ts'
import { createListener, followRequest } from './local/follow.ts'
import { servePath } from './local/keep.ts'
import { LOCAL_CHAIN_ID } from './local/ground.ts'
import { LOCAL_KEYS } from './local/keys.ts'
import { parseStartOptions, PLAYS, USAGE, type StartOptions } from './local/options.ts'
import { readOutcome, type Outcome } from './local/outcome.ts'
import { playPerpetual } from './local/perpetual/play.ts'
import { createProgress } from './local/progress.ts'
import { createStory } from './local/story.ts'
import { startWorld, type World } from './local/world.ts'

const progress = createProgress()
const { quorum } = edgeProviderTerms(LOCAL_CHAIN_ID)
const story = createStory(progress, { operators: LOCAL_KEYS.operators.length, quorum })
const listener = createListener(story.hear)
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort())

let world: World | undefined
try {
  const options = parseStartOptions(process.argv.slice(2))
  if (!options) {
    console.log(USAGE)
    process.exit(0)
  }
  if (options.play === 'perpetual') {
    const outcome = await playPerpetual(progress, options.path, interrupted.signal)
    console.log(JSON.stringify(outcome))
    process.exit(outcome.state === 'Settled' ? 0 : 1)
  }
  if (options.play === 'dao') {
    const outcome = await playDao(progress, story.hear, options.path, interrupted.signal)
    if (outcome.state !== 'stored') console.error(`not stored: ${outcome.state}`)
    console.log(JSON.stringify(outcome))
    process.exit(outcome.state === 'stored' ? 0 : 1)
  }
  world = await startWorld({ progress, onExecutorEvent: listener.hear })
  const { outcome, reason } = await keepPath(world, options)

  if (options.once) {
    await world.stop()
    if (reason) console.error(`not stored: ${reason}`)
    console.log(JSON.stringify(outcome))
    process.exit(outcome.state === 'Stored' ? 0 : 1)
  }

  printWhatNext(world, outcome)
  await untilInterrupted()
  await stopWithWords(world)
  process.exit(0)
} catch (error) {
  if (interrupted.signal.aborted) {
    if (world) await stopWithWords(world)
    process.exit(130)
  }
  await world?.stop()
  failWithWords(error)
}

/** Asks for PATH on-chain and follows the request to its end. */
async function keepPath(world: World, options: StartOptions): Promise<{ outcome: Outcome; reason?: string }> {
  const served = await servePath(options.path, world.dir, (bytes) =>
    progress.under('adding', `${bytes.toLocaleString('en-US')} B`),
  )
  try {
    progress.done('added', `${options.path} is ${served.root.toString()}`)
    const started = performance.now()
    const submitted = await submitRequest(world.connection, world.deployment, served.root, served.fetchLink, {
      replicas: options.replicas,
      minTermEpochs: DEFAULT_TERM_EPOCHS,
      deadlineEpochs: 7_200n,
      maxBytes: served.carBytes,
      rewardPerReplica: parseEther('0.05'),
    })
    progress.done('requested', `#${submitted.id}, ${options.replicas} replicas, ${fil(submitted.value)} in escrow`)

    const facts = await followRequest(world, submitted.id, interrupted.signal, (operatorId) =>
      progress.done('assigned', `#${submitted.id} to operator ${operatorId}: its turn to make the deals`),
    )
    const seconds = (performance.now() - started) / 1000
    await listener.lastWords(submitted.id)
    const outcome = await readOutcome(world.connection, world.deployment, submitted.id, seconds)
    progress.done(facts.state.toLowerCase(), `request #${submitted.id} after ${seconds.toFixed(1)} s`)
    const reason = facts.state === 'Stored' ? undefined : [facts.state, facts.failReason].filter(Boolean).join(', ')
    return { outcome, reason }
  } finally {
    await served.stop()
  }
}

function printWhatNext(
  { rpcUrl, edgeUrl, deployment, operators, dir }: World,
  { cid, requestId, state }: Outcome,
): void {
  const { OracleRegistry, PinningRequests, EdgeProvider, PerpetualStorage, DataDAOFactory } = deployment.contracts
  console.log(`
Request #${requestId} is ${state}.
  chain             ${rpcUrl} (chain id ${deployment.chainId})
  OracleRegistry    ${OracleRegistry.address}
  PinningRequests   ${PinningRequests.address}
  EdgeProvider      ${EdgeProvider.address}
  PerpetualStorage  ${PerpetualStorage.address}
  DataDAOFactory    ${DataDAOFactory.address}
${operators.map(({ id, owner, executor }) => `  operator ${id}        owned by ${owner}, process ${executor.pid}`).join('\n')}
  data              ${edgeUrl}/gw/${cid}
  logs              ${dir}/logs

Next, in another terminal:
  npm run mooring -- status ${requestId}
  npm run mooring -- request PATH
  npm run mooring -- operator show 1
  npm run mooring -- storage open PATH
  npm run mooring -- dao create --help
  npm run mooring -- --help
Plays that end by themselves, each on a chain of its own: ${PLAYS.map((play) => `npm start -- --once ${play}`).join(', ')}
Ctrl-C stops everything; the next start goes on from here.`)
}

function untilInterrupted(): Promise<void> {
  if (interrupted.signal.aborted) return Promise.resolve()
  return new Promise((resolve) => interrupted.signal.addEventListener('abort', () => resolve(), { once: true }))
}

async function stopWithWords(world: World): Promise<void> {
  progress.note('stopping …')
  await world.stop()
  progress.note(`stopped; state is kept in ${world.dir.replace(callerDir + '/', '')}`)
}
