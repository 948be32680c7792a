import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import hre from 'hardhat'
import { deployMooring } from '../../deploy/deploy-mooring.ts'
import type { Deployment } from '../../deploy/deployments.ts'
import { build } from '../../lib/hardhat.ts'
import { dataDir } from '../../lib/paths.ts'
import { locatorAt, perpetualAt } from '../../lib/perpetual/contract.ts'
import { installActors } from '../actors.ts'
import { LOCAL_KEYS } from '../keys.ts'
import { startOperators } from '../operators.ts'
import type { Progress } from '../progress.ts'
import { openSession } from '../session.ts'
import { castParts, createProviders, nameIn } from './cast.ts'
import { startPlayChain } from './chain.ts'
import { createClock } from './clock.ts'
import { createPlayNarrator } from './narrator.ts'
import { packPath, serveSeed } from './piece.ts'
import type { Stage } from './stage.ts'

/** A folder of the play's own, so that the chain of `npm start` goes on from where it was. */
const playDir = () => join(dataDir(), 'perpetual')

/** Nothing listens there: in the play the providers find the work by themselves. */
const NO_EDGE = 'http://127.0.0.1:9'

export interface PlayWorld {
  stage: Stage
  stop: () => Promise<void>
}

/** Sets the stage: a chain that can jump, Filecoin's actors, the contracts, one executor whose keeper is on, the piece of `path`. */
export async function startPlayWorld(progress: Progress, path: string): Promise<PlayWorld> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    progress.under('contracts', 'compiling what changed (all of it takes half a minute)')
    await build()
    progress.done('contracts', 'compiled')
    const session = openSession(playDir(), randomUUID())
    stops.push(() => Promise.resolve(session.endCleanly()))

    const chain = await startPlayChain()
    stops.push(() => chain.stop())
    const { connection } = chain
    progress.done('chain', `${connection.chainId} at ${chain.url}, on which time can jump`)

    const cast = await castParts(connection)
    await installActors(connection, hre.artifacts)
    await createProviders(connection, cast)
    const deployment = await deploy(connection)
    const { PerpetualStorage } = deployment.contracts
    progress.done('contracts', `deployed; PerpetualStorage ${PerpetualStorage.address}`)

    const piece = await packPath(path, session.dir)
    const seed = await serveSeed(piece)
    stops.push(() => seed.stop())
    progress.done('packed', `${path}: a CAR of ${piece.carBytes.toLocaleString('en-US')} B at ${seed.url}`)

    const [keeper] = startOperators({
      deployment,
      urls: { rpcUrl: chain.url, edgeUrl: NO_EDGE },
      dir: session.dir,
      onEvent: () => {},
      settings: { MOORING_POLL_MS: '150' },
    })
    const { executor, ready } = keeper!
    stops.push(() => executor.stop())
    await ready
    progress.done('executor', `process ${executor.pid}, whose keeper settles what is due`)

    const clock = createClock(connection)
    const narrator = await createPlayNarrator(connection, PerpetualStorage.address, progress, (account) =>
      nameIn(cast, account),
    )
    const stage: Stage = {
      ...{ dir: session.dir, connection, clock, progress, narrator, cast, piece, seed },
      perpetual: await perpetualAt(connection, PerpetualStorage.address, cast.client),
      locator: await locatorAt(connection, deployment.contracts.SectorLocator.address),
      until: (what, look) =>
        clock.until(what, async () => {
          const ended = executor.ended()
          if (ended) throw new Error(`${ended} while it was waited for ${what}: see ${session.dir}/logs`)
          const found = await look()
          await narrator.catchUp()
          return found
        }),
    }
    return { stage, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function deploy(connection: Parameters<typeof deployMooring>[0]): Promise<Deployment> {
  const [{ owner, reporter }] = LOCAL_KEYS.operators
  return deployMooring(connection, {
    operators: [{ owner: owner.address, reporter: reporter.address }],
    council: LOCAL_KEYS.council.map(({ address }) => address),
  })
}
