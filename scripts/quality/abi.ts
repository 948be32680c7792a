import { Interface, type Fragment, type FunctionFragment } from 'ethers'
import hre from 'hardhat'

/** Contracts that the executor and the command line talk to. */
const SPOKEN_TO = [
  'OracleRegistry',
  'PinningRequests',
  'EdgeProvider',
  'CouncilArbiter',
  'SectorLocator',
  'PerpetualStorage',
  'DataDAO',
  'DaoTreasury',
  'Collection',
  'MemberBadge',
  'WeightToken',
  'DataDAOFactory',
] as const

/**
 * Contracts that run the code of others by delegatecall: what is forwarded has no names for its arguments, which the interface has,
 * and reverts with errors that only the code that runs declares.
 */
const FORWARDS: Partial<Record<(typeof SPOKEN_TO)[number], { words: string[]; runs: string[] }>> = {
  OracleRegistry: { words: ['IOracleRegistry'], runs: [] },
  PinningRequests: { words: ['IPinningRequests'], runs: [] },
  PerpetualStorage: { words: ['IPerpetualStorage'], runs: ['OrdersExtension', 'ProofsExtension'] },
  DataDAO: { words: ['IDataDAO', 'GovernorExtension'], runs: ['GovernorExtension', 'ProposalDesk'] },
}

/** The source of oracle/chain/abi.ts: the executor starts without a compiler, so its ABIs are in the repository. */
export async function renderAbi(): Promise<string> {
  const parts = ['// Made from the contracts by `npm run generate`; `npm run check` fails when it is out of date.\n']
  for (const name of SPOKEN_TO) {
    const lines = [...new Set(new Interface(await fragmentsOf(name)).format())].map(
      (line) => `  ${JSON.stringify(line)},`,
    )
    const constant = name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toUpperCase() + '_ABI'
    parts.push(`export const ${constant} = [\n${lines.join('\n')}\n] as const\n`)
  }
  return parts.join('\n')
}

async function fragmentsOf(name: (typeof SPOKEN_TO)[number]): Promise<readonly Fragment[]> {
  const own = (await read(name)).fragments
  const forwards = FORWARDS[name]
  if (forwards === undefined) return own

  const named = await Promise.all(forwards.words.map(read))
  const wordsFor = ({ selector }: FunctionFragment) =>
    named.map((words) => words.getFunction(selector)).find((found) => found !== null)
  const functions = own.map((fragment) =>
    fragment.type === 'function' ? (wordsFor(fragment as FunctionFragment) ?? fragment) : fragment,
  )
  const run = await Promise.all(forwards.runs.map(read))
  const errors = run.flatMap(({ fragments }) => fragments.filter(({ type }) => type === 'error'))
  const known = new Set(functions.map((fragment) => fragment.format('full')))
  return [
    ...functions,
    ...errors.filter((error) => !known.has(error.format('full')) && known.add(error.format('full'))),
  ].sort((a, b) => (a.format('full') < b.format('full') ? -1 : 1))
}

const read = async (name: string) => new Interface((await hre.artifacts.readArtifact(name)).abi as never)
