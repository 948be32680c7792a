import type { Connection } from '../../lib/hardhat.ts'
import { eventsBetween, type ContractEvent } from '../events.ts'
import { createNarrator, type Narrator } from '../narrator.ts'
import type { Progress } from '../progress.ts'
import { dayOf, tell, type Scene } from './tell.ts'

/** Tells the play as the events of PerpetualStorage tell it. */
export async function createPlayNarrator(
  connection: Connection,
  address: string,
  progress: Progress,
  nameOf: Scene['nameOf'],
): Promise<Narrator<ContractEvent>> {
  const { interface: abi } = await connection.ethers.getContractAt('IPerpetualStorage', address)
  let scene: Scene | undefined
  return createNarrator(connection, progress, {
    read: (from, to) => eventsBetween(connection, [{ address, abi }], from, to),
    tell(event, fresh) {
      scene ??= { opened: event.epoch, nameOf }
      if (event.name === 'OrderOpened') scene.opened = event.epoch
      return isPartOfProof(event, fresh) ? undefined : tell(event, scene)
    },
    when: (epoch) => scene && dayOf(epoch, scene),
  })
}

/** A proof names what it is of: that the slot is bound to that is no news then. */
function isPartOfProof({ name, args, epoch }: ContractEvent, all: readonly ContractEvent[]): boolean {
  if (name !== 'SlotBound') return false
  return all.some((other) => other.name === 'SlotProven' && other.epoch === epoch && other.args.slot === args.slot)
}
