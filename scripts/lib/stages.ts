import { JOB } from '../deploy/edge-provider.ts'

/** What the stages of the Edge jobs are called, in order. */
const STAGES: Record<number, readonly string[]> = {
  [JOB.pin]: ['pinned'],
  [JOB.store]: ['pinned', 'packed', 'stored'],
  [JOB.status]: ['reported'],
  [JOB.fetch]: ['fetched'],
  [JOB.pack]: ['pinned', 'packed'],
}

export const stageName = (stage: number, job: number = JOB.store): string => STAGES[job]?.[stage] ?? `stage ${stage}`

/** A stage as a person types it: its number from 0, or its name. */
export function parseStage(text: string): number {
  if (/^[0-7]$/.test(text)) return Number(text)
  for (const names of Object.values(STAGES)) if (names.includes(text)) return names.indexOf(text)
  throw new Error(
    `expected a stage (a number from 0, or ${[...new Set(Object.values(STAGES).flat())].join(', ')}), got '${text}'`,
  )
}
