import type { Connection } from '../lib/hardhat.ts'
import type { ContractEvent } from './events.ts'
import { INDENT, type Progress } from './progress.ts'

/** Tells a play as the contracts' events tell it, in order, each once. */
export interface Narrator<Event extends ContractEvent> {
  /** A headline, with the time. */
  act(title: string): Promise<void>
  /** Tells what has happened since the last time. */
  catchUp(): Promise<void>
  /** Everything that was told. */
  events: readonly Event[]
}

/** What is told, and in which words. */
export interface Telling<Event extends ContractEvent> {
  /** The events between two epochs, both inclusive. */
  read: (from: bigint, to: bigint) => Promise<Event[]>
  /** An event as a progress line; undefined for what another line tells. @param fresh What is told at the same time. */
  tell: (event: Event, fresh: readonly Event[]) => [stage: string, words: string] | undefined
  /** What a headline says of the time beside the epoch, if anything. */
  when?: (epoch: bigint) => string | undefined
}

/** Tells what happens from now on. */
export async function createNarrator<Event extends ContractEvent>(
  { ethers }: Connection,
  progress: Progress,
  { read, tell, when }: Telling<Event>,
): Promise<Narrator<Event>> {
  const head = async () => BigInt(await ethers.provider.getBlockNumber())
  const events: Event[] = []
  let told = await head()
  let acts = 0

  async function catchUp(): Promise<void> {
    const to = await head()
    if (to === told) return
    const fresh = await read(told + 1n, to)
    told = to
    for (const event of fresh) {
      events.push(event)
      const line = tell(event, fresh)
      if (line) progress.done(...line)
    }
  }

  return {
    events,
    catchUp,
    async act(title) {
      await catchUp()
      const epoch = await head()
      const time = [`epoch ${epoch.toLocaleString('en-US')}`, when?.(epoch)].filter(Boolean).join(', ')
      progress.note(`\n${`Act ${++acts}`.padEnd(INDENT.length)}${title} (${time})`)
    },
  }
}
