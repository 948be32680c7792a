import { relative } from 'node:path'
import type { EventSource } from '../events.ts'
import { createListener } from '../follow.ts'
import { servePath } from '../keep.ts'
import { createNarrator } from '../narrator.ts'
import type { OnExecutorEvent } from '../operators.ts'
import type { Progress } from '../progress.ts'
import { startWorld } from '../world.ts'
import { factoryOf } from '../../lib/dao/contracts.ts'
import { repoRoot } from '../../lib/paths.ts'
import { SETTINGS } from './acts/found.ts'
import { castParts, nameIn } from './cast.ts'
import { daoEventsBetween } from './events.ts'
import type { Stage } from './stage.ts'
import { tell, type Scene } from './tell.ts'

/** A folder of the play's own, so that the chain of `npm start` goes on from where it was. */
const FOLDER = 'dao'

export interface PlayWorld {
  stage: Stage
  stop(): Promise<void>
}

/** Sets the stage: everything that `npm start` runs, on a chain that begins anew, and a storage provider that offers PATH. */
export async function startPlayWorld(
  progress: Progress,
  hear: OnExecutorEvent,
  path: string,
  signal: AbortSignal,
): Promise<PlayWorld> {
  const listener = createListener(hear)
  const world = await startWorld({ progress, onExecutorEvent: listener.hear, folder: FOLDER })
  const stops = [() => world.stop()]
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const { connection, deployment } = world
    const { DataDAOFactory, PinningRequests } = deployment.contracts
    const served = await servePath(path, world.dir, () => {})
    stops.push(() => served.stop())
    progress.done('added', `${relative(repoRoot, path)} is ${served.root.toString()}`)

    const cast = await castParts(connection)
    const factory = await factoryOf(connection, deployment)
    const pinning = await connection.ethers.getContractAt('PinningRequests', PinningRequests.address)
    const sources: EventSource[] = [
      { address: DataDAOFactory.address, abi: factory.interface },
      { address: PinningRequests.address, abi: pinning.interface },
    ]
    const scene: Scene = {
      nameOf: (account) => nameIn(cast, account),
      quorumPercent: Number(SETTINGS.quorumPercent),
      supply: BigInt(cast.members.length),
    }
    const narrator = await createNarrator(connection, progress, {
      read: (from, to) => daoEventsBetween(connection, sources, from, to),
      tell: (event, fresh) => tell(event, fresh, scene),
    })
    const { lastWords } = listener
    return {
      stage: { world, connection, progress, narrator, sources, cast, scene, served, lastWords, signal },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
