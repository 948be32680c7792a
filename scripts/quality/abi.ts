import { Interface, type FunctionFragment } from 'ethers'
import hre from 'hardhat'

/** Contracts that the executor and the command line talk to. */
const SPOKEN_TO = [
  'OracleRegistry',
  'PinningRequests',
  'EdgeProvider',
  'CouncilArbiter',
  'SectorLocator',
  'IPerpetualStorage',
] as const

/** The source of oracle/chain/abi.ts: the executor starts without a compiler, so its ABIs are in the repository. */
export async function renderAbi(): Promise<string> {
  const parts = ['// Made from the contracts by `npm run generate`; `npm run check` fails when it is out of date.\n']
  for (const name of SPOKEN_TO) {
    const { abi } = await hre.artifacts.readArtifact(name)
    const named = name === 'OracleRegistry' ? await namedFunctions(abi) : abi
    const lines = new Interface(named as never).format().map((line) => `  ${JSON.stringify(line)},`)
    const constant =
      name
        .replace(/^I(?=[A-Z])/, '')
        .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
        .toUpperCase() + '_ABI'
    parts.push(`export const ${constant} = [\n${lines.join('\n')}\n] as const\n`)
  }
  return parts.join('\n')
}

/** What OracleRegistry forwards to its extension has no names for its arguments; the interface has them. */
async function namedFunctions(abi: readonly unknown[]): Promise<unknown[]> {
  const named = new Interface((await hre.artifacts.readArtifact('IOracleRegistry')).abi as never)
  return new Interface(abi as never).fragments.map((fragment) =>
    fragment.type === 'function' ? (named.getFunction((fragment as FunctionFragment).selector) ?? fragment) : fragment,
  )
}
