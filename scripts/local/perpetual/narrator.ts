import type { Connection } from '../../lib/hardhat.ts'
import { INDENT, type Progress } from '../progress.ts'
import { eventsBetween, type PerpetualEvent } from './events.ts'
import { dayOf, tell, type Scene } from './tell.ts'

/** Tells the play as the contract's events tell it, in order, each once. */
export interface Narrator {
  /** A headline, with the time. */
  act(title: string): Promise<void>
  /** Tells what has happened since the last time. */
  catchUp(): Promise<void>
  /** Everything that was told. */
  events: readonly PerpetualEvent[]
}

export async function createNarrator(
  connection: Connection,
  address: string,
  progress: Progress,
  nameOf: Scene['nameOf'],
): Promise<Narrator> {
  const head = async () => BigInt(await connection.ethers.provider.getBlockNumber())
  const scene: Scene = { opened: await head(), nameOf }
  const events: PerpetualEvent[] = []
  let told = scene.opened
  let acts = 0

  async function catchUp(): Promise<void> {
    const to = await head()
    if (to === told) return
    const fresh = await eventsBetween(connection, address, told + 1n, to)
    told = to
    for (const event of fresh) {
      events.push(event)
      if (event.name === 'OrderOpened') scene.opened = event.epoch
      const line = isPartOfProof(event, fresh) ? undefined : tell(event, scene)
      if (line) progress.done(...line)
    }
  }

  return {
    events,
    catchUp,
    async act(title) {
      await catchUp()
      const epoch = await head()
      const when = events.length === 0 ? '' : `, ${dayOf(epoch, scene)}`
      progress.note(
        `\n${`Act ${++acts}`.padEnd(INDENT.length)}${title} (epoch ${epoch.toLocaleString('en-US')}${when})`,
      )
    },
  }
}

/** A proof names what it is of: that the slot is bound to that is no news then. */
function isPartOfProof({ name, args, epoch }: PerpetualEvent, all: PerpetualEvent[]): boolean {
  if (name !== 'SlotBound') return false
  return all.some((other) => other.name === 'SlotProven' && other.epoch === epoch && other.args.slot === args.slot)
}
