import { word, type WantedCall } from '../chain/calls.ts'
import { perpetualAbi, SECTOR_CLAIMS } from '../chain/perpetual.ts'
import { slotLabel } from '../chain/slot-id.ts'
import { REASONS, type Due } from './policy.ts'

/** Something that is to be done for a slot. */
export interface Task {
  slot: bigint
  nonce: bigint
  due: Due
  /** Of its sector, hex; for a settlement. */
  location: string
}

const FUNCTIONS = { lapsed: 'lapse', released: 'release', cut: 'cut' } as const

/** The calldata of one task. */
export function callOf({ slot, due, location }: Task): string {
  const { reason, claim } = due
  if (claim === undefined) return perpetualAbi.encodeFunctionData(FUNCTIONS[reason as keyof typeof FUNCTIONS], [slot])
  return perpetualAbi.encodeFunctionData('settle', [slot, SECTOR_CLAIMS.indexOf(claim), location])
}

/** One task in words: `paid 768/1`. */
export const wordsOf = ({ slot, nonce, due }: Task): string => `${due.reason} ${slotLabel(slot, nonce)}`

/** All tasks in one call, which reverts unless each of the first `minDone` that can be done is done. */
export const batchOf = (tasks: Task[], minDone: number): string =>
  perpetualAbi.encodeFunctionData('batch', [tasks.map(callOf), minDone])

/** Which of a batch's calls would be done, from what the simulated batch returned. */
export const readDone = (returned: string): boolean[] => [
  ...(perpetualAbi.decodeFunctionResult('batch', returned)[0] as boolean[]),
]

/** The batch as the sender takes it. All is done or nothing, so any event of the first task's slot shows that all is. */
export function keepCall(address: string, key: string, tasks: Task[]): WantedCall {
  const topics = [null, word(tasks[0]!.slot)]
  return { key, to: address, data: batchOf(tasks, tasks.length), expectEvent: { address, topics } }
}

/** The most urgent first; among equals what is worth most. */
export function byUrgency(a: Task, b: Task): number {
  const urgency = REASONS.indexOf(a.due.reason) - REASONS.indexOf(b.due.reason)
  if (urgency !== 0) return urgency
  return a.due.stake === b.due.stake ? 0 : a.due.stake > b.due.stake ? -1 : 1
}
