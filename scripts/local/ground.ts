import { createHash } from 'node:crypto'
import { join } from 'node:path'
import hre from 'hardhat'
import { CONTRACTS, readDeployment, writeDeployment, type Deployment } from '../deploy/deployments.ts'
import { deployMooring } from '../deploy/deploy-mooring.ts'
import type { ProviderTerms } from '../deploy/edge-provider.ts'
import { build, connect, type Connection } from '../lib/hardhat.ts'
import { dataDir } from '../lib/paths.ts'
import { createMiners, installActors } from './actors.ts'
import { startAnvil, type Anvil } from './anvil.ts'
import { startChild, untilReady, type Child } from './child.ts'
import { edgeEnv, LOCAL_MINERS, type LocalUrls } from './executor-env.ts'
import { LOCAL_KEYS } from './keys.ts'
import { freePort } from './ports.ts'
import { INDENT, type Progress } from './progress.ts'
import { openSession } from './session.ts'

export const LOCAL_CHAIN_ID = 31415926
/** What an epoch lasts on the local chain. */
export const LOCAL_EPOCH_SECONDS = 1
const CHAIN_PORT = 8545
const EDGE_PORT = 1414
/** Of the first operator; the next ones follow. */
const PIECES_PORT = 7071

/** What the operators' executors need to be there: the chain, Filecoin's actors, the contracts, the Edge node. */
export interface Ground {
  /** Where chain and Edge node are, and where the executors are to serve pieces. */
  urls: Required<LocalUrls>
  connection: Connection
  deployment: Deployment
  edge: Child
  dir: string
  /** Called by {@link Ground.stop}, last first. */
  atStop: (end: () => Promise<void>) => void
  /** Stops all of it in order, within five seconds, and saves the chain. */
  stop: () => Promise<void>
}

export interface GroundOptions {
  progress: Progress
  /** Settings of the Edge node other than executor-env.ts gives. */
  edge?: Record<string, string>
  /** Rules of the Edge provider other than those of a local chain. */
  terms?: Partial<ProviderTerms>
  /** A folder in the data folder, for a chain of its own that begins anew each time; without, the chain of `npm start` goes on. */
  folder?: string
}

export async function startGround(options: GroundOptions): Promise<Ground> {
  const { progress, folder } = options
  const stops: (() => Promise<void>)[] = []
  const atStop = (end: () => Promise<void>) => void stops.push(end)
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    progress.under('contracts', 'compiling what changed (all of it takes half a minute)')
    await build()
    progress.done('contracts', 'compiled')

    const session = openSession(join(dataDir(), folder ?? '.'), await fingerprint(), folder !== undefined)
    const { dir, resumed } = session
    atStop(() => Promise.resolve(session.endCleanly()))
    if (session.startedCleanBecause) progress.note(`starting anew: ${session.startedCleanBecause}`)

    const port = await freePort(CHAIN_PORT)
    const chain = await startChain(dir, port, resumed)
    session.chainStarted(chain.pid)
    atStop(() => chain.stop())
    const connection = await connectLocal(chain.url)
    atStop(() => connection.close())
    progress.done(
      'chain',
      `${LOCAL_CHAIN_ID} at ${chain.url}${taken(port, CHAIN_PORT)}, ${resumed ? 'resumed' : 'new'}`,
    )

    const deployment = resumed ? readDeployment('local') : await prepareChain(connection, dir, options.terms)
    progress.done('contracts', resumed ? 'there from the last run' : 'deployed')
    for (const name of CONTRACTS) progress.note(`${INDENT}${name.padEnd(18)} ${deployment.contracts[name].address}`)

    const pieceUrls = await Promise.all(
      deployment.operators.map(async (_, i) => `http://127.0.0.1:${await freePort(PIECES_PORT + i)}`),
    )
    const edgePort = await freePort(EDGE_PORT)
    const { edge, edgeUrl } = await startEdge(
      { ...edgeEnv(deployment, { rpcUrl: chain.url, pieceUrls }, edgePort, join(dir, 'edge')), ...options.edge },
      dir,
    )
    atStop(() => edge.stop(2_000))
    progress.done('edge', `${edgeUrl}${taken(edgePort, EDGE_PORT)}`)

    const urls = { rpcUrl: chain.url, edgeUrl, pieceUrls }
    return { urls, connection, deployment, edge, dir, atStop, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const taken = (port: number, wanted: number) => (port === wanted ? '' : ` (port ${wanted} is busy)`)

/** A hash over the code of everything that is put on the chain. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  const names = [...(await hre.artifacts.getAllFullyQualifiedNames())]
  for (const name of names
    .filter((name) => /^(contracts|@openzeppelin)\//.test(name) && !name.includes('/harness/'))
    .sort()) {
    hash.update((await hre.artifacts.readArtifact(name)).deployedBytecode)
  }
  return hash.digest('hex')
}

/** A new chain mines each transaction at once until the contracts are there; then epochs pass. */
function startChain(dir: string, port: number, resumed: boolean): Promise<Anvil> {
  return startAnvil({
    port,
    statePath: join(dir, 'chain.json'),
    blockTimeSeconds: resumed ? LOCAL_EPOCH_SECONDS : 0,
    chainId: LOCAL_CHAIN_ID,
    logFile: join(dir, 'logs', 'chain.log'),
  })
}

async function connectLocal(url: string): Promise<Connection> {
  const connection = await connect('local', { url })
  if (connection.chainId !== LOCAL_CHAIN_ID) {
    throw new Error(`expected chain ${LOCAL_CHAIN_ID} at ${url}, found chain ${connection.chainId}`)
  }
  return connection
}

async function prepareChain(connection: Connection, dir: string, terms?: Partial<ProviderTerms>): Promise<Deployment> {
  const worker = LOCAL_KEYS.storageProviders.address
  await installActors(connection, hre.artifacts)
  await createMiners(
    connection,
    hre.artifacts,
    LOCAL_MINERS.map((miner, i) => ({ id: BigInt(miner.slice(2)), owner: LOCAL_KEYS.minerOwners[i]!.address, worker })),
  )
  const deployment = await deployMooring(connection, {
    operators: LOCAL_KEYS.operators.map(({ owner, reporter }) => ({
      owner: owner.address,
      reporter: reporter.address,
    })),
    council: LOCAL_KEYS.council.map(({ address }) => address),
    terms,
  })
  await connection.send('evm_setIntervalMining', [LOCAL_EPOCH_SECONDS])
  writeDeployment(deployment, join(dir, 'deployment.json'))
  return deployment
}

async function startEdge(env: Record<string, string>, dir: string): Promise<{ edge: Child; edgeUrl: string }> {
  let listening: (url: string) => void
  const url = new Promise<string>((resolve) => (listening = resolve))
  const edge = startChild({
    name: 'edge',
    script: 'oracle/edge/dev-node/main.ts',
    env,
    logDir: join(dir, 'logs'),
    onEvent: (event) => event.event === 'listening' && listening(event.url as string),
  })
  return { edge, edgeUrl: await untilReady(edge, url, join(dir, 'logs')) }
}
