import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export interface MutantOptions {
  /** Only mutants whose file and words hold this. */
  word: string
  /** How many are tried at the same time. */
  jobs: number
  /** The first to be tried, counted from 1: an earlier run came so far. */
  from: number
}

export const USAGE = `npm run test:mutants -- [--jobs N] [--from N] [WORD]

Seeds one bug at a time into contracts/ and expects the tests to find it. The faster ones come first, in the same order each time.

  WORD      only mutants with this in their file or their words, such as perpetual/Claims.sol
  --jobs N  how many at the same time (default: one for each processor, as far as memory goes)
  --from N  begins at the Nth, where an earlier run was stopped`

/** Reads the command line. Throws with words; returns undefined if help was asked for. */
export function parseMutantOptions(args: string[]): MutantOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { jobs: { type: 'string' }, from: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return undefined
  if (positionals.length > 1) throw new Error(`expected one word at most, got ${positionals.join(' ')}`)
  return {
    word: positionals[0] ?? '',
    jobs: atLeastOne('--jobs', values.jobs) ?? defaultJobs(),
    from: atLeastOne('--from', values.from) ?? 1,
  }
}

/** A compiler and a test run take up to this many bytes. */
const MEMORY_OF_A_JOB = 1_500_000_000

export function defaultJobs(processors = availableParallelism(), memory = process.availableMemory()): number {
  return Math.max(1, Math.min(processors, Math.floor(memory / MEMORY_OF_A_JOB)))
}

function atLeastOne(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,5}$/.test(text)) return text === undefined ? undefined : Number(text)
  throw new Error(`${option} expects a whole number from 1, got '${text}'`)
}
