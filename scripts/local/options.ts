import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fromCaller, repoRoot } from '../lib/paths.ts'

export interface StartOptions {
  once: boolean
  /** The file or directory to keep, absolute. */
  path: string
  replicas: number
  /** A story to play instead of keeping PATH. */
  play?: Play
}

/** Words that stand for a play where PATH would be; each has a folder of that name in the data folder. */
export const PLAYS = ['perpetual', 'dao'] as const
export type Play = (typeof PLAYS)[number]

/** What is kept where no PATH is given: folders of this repository. */
const OWN_PATHS: Record<Play | 'none', string> = { none: 'contracts', perpetual: 'contracts', dao: 'contracts/dao' }

export const USAGE = `npm start -- [--once] [--replicas N] [PATH]
npm start -- --once perpetual
npm start -- --once dao

Runs Mooring on this machine: a local chain with Filecoin's actors, an Edge node, the contracts, three operators.
Then asks, on-chain, for PATH to be kept, and follows the request until the chain has proven its deals.

  PATH          a file or directory, relative to your folder (default: this repository's contracts/)
  --once        end when the request is over: exit code 0 if it is Stored, 1 with the reason otherwise;
                the last line of standard output is one JSON object
  --replicas N  deals with as many storage providers, 1 to 3 (default 2)
  perpetual     plays a year of perpetual storage in a minute instead, on a chain of its own: three storage providers,
                two replicas, a failed claim, a lost sector, a renewal, and where every attoFIL went; exit code 0 if the
                money adds up (a file or folder of that name is ./perpetual)
  dao           plays a DataDAO instead, on a chain of its own: five members vote on a directory that a storage provider
                proposes, the vote passes and funds its storage, and the operators store it; exit code 0 if its
                collection says so and the money adds up (a file or folder of that name is ./dao)

State is kept in .mooring/ (MOORING_DATA moves it) and the next start goes on from it. Ctrl-C stops everything.`

/** Reads the command line. Throws with words; returns undefined if help was asked for. */
export function parseStartOptions(args: string[]): StartOptions | undefined {
  const { values, positionals } = parse(args)
  if (values.help) return undefined
  if (positionals.length > 1) throw new Error(`expected one PATH, got ${positionals.length}: ${positionals.join(' ')}`)
  if (positionals[0] === '') throw new Error('PATH is empty: name a file or directory to keep (`.` is your folder)')
  const play = PLAYS.find((word) => word === positionals[0])
  if (play && !values.once) {
    throw new Error(`'${play}' is a play, which ends by itself: npm start -- --once ${play} (a folder is ./${play})`)
  }
  if (play && values.replicas !== undefined) throw new Error(`--replicas is for a PATH: '${play}' has 2`)
  const path =
    positionals[0] === undefined || play ? join(repoRoot, OWN_PATHS[play ?? 'none']) : fromCaller(positionals[0])
  if (!existsSync(path)) throw new Error(`PATH ${path} does not exist: name a file or directory to keep`)
  const replicas = Number(values.replicas ?? '2')
  if (![1, 2, 3].includes(replicas)) {
    throw new Error(
      `--replicas expects 1, 2 or 3 (the local network has three storage providers), got '${values.replicas}'`,
    )
  }
  return { once: values.once, path, replicas, ...(play && { play }) }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        once: { type: 'boolean', default: false },
        replicas: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    const [fact] = (error as Error).message.split('. ') // what follows is about the parser, not about this command
    throw Object.assign(new Error(fact, { cause: error }), { hint: '`npm start -- --help` tells what is possible' })
  }
}
