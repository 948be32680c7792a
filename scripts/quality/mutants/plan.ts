import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArtifacts, readCompilerInput, type Artifact, type CompilerInput } from './artifacts.ts'
import { modulesOf, sourcesOf } from './closures.ts'
import { mutate, type Mutant } from './mutant.ts'

/** Contracts that one run of the compiler makes. */
export interface Compilation {
  input: CompilerInput
  contracts: Artifact[]
}

/** How a mutant is tried. */
export interface Plan {
  mutant: Mutant
  /** Test files below the project, each of mocha's or of Solidity's. */
  tests: string[]
  /** What must be compiled anew: the contracts that the tests use and that hold the broken source. */
  compilations: Compilation[]
}

const ASKED_FOR = [
  'abi',
  ...['object', 'linkReferences'].map((part) => `evm.bytecode.${part}`),
  ...['object', 'linkReferences', 'immutableReferences'].map((part) => `evm.deployedBytecode.${part}`),
]

export const compilerName = ({ file }: Mutant): string => `project/contracts/${file}`

/** Plans mutants of a project that Hardhat has compiled, tests included. */
export function planner(project: string): (mutant: Mutant) => Plan {
  const artifacts = readArtifacts(project)
  const inputs = new Map<string, CompilerInput>()
  const words = new Map<string, Set<string>>()
  const closures = new Map<Artifact, Set<string>>()

  const inputOf = ({ buildInfoId }: Artifact) =>
    lookUp(inputs, buildInfoId, () => readCompilerInput(project, buildInfoId))
  const closureOf = (artifact: Artifact) =>
    lookUp(closures, artifact, () => sourcesOf(inputOf(artifact), [artifact.inputSourceName]))
  const isUsedBy = (artifact: Artifact, test: string) =>
    test.endsWith('.sol')
      ? artifact.sourceName === test
      : lookUp(words, test, () => wordsOf(join(project, test))).has(artifact.contractName)

  return (mutant) => {
    const tests = mutant.tests.flatMap((pattern) => globSync(`test/contracts/${pattern}`, { cwd: project }).sort())
    const broken = artifacts
      .filter((artifact) => tests.some((test) => isUsedBy(artifact, test)))
      .filter((artifact) => closureOf(artifact).has(compilerName(mutant)))
    if (broken.length === 0) {
      throw new Error(`mutant '${mutant.what}': expected its tests to use a contract with ${mutant.file}, none does`)
    }
    const compilations = Object.values(Object.groupBy(broken, ({ buildInfoId }) => buildInfoId)).map((contracts) => ({
      input: inputOf(contracts![0]!),
      contracts: contracts!,
    }))
    return { mutant, tests: [...new Set(tests)], compilations }
  }
}

/**
 * What the compiler is to be asked: as Hardhat asked it, for these contracts and the sources they need, the broken one in the place of
 * its original.
 */
export function compilerInput({ input, contracts }: Compilation, mutant?: Mutant): CompilerInput {
  const names = sourcesOf(
    input,
    contracts.map(({ inputSourceName }) => inputSourceName),
  )
  const sources = Object.fromEntries([...names].map((name) => [name, { content: input.sources[name]!.content }]))
  if (mutant) {
    const source = sources[compilerName(mutant)]!
    source.content = mutate(source.content, mutant)
  }
  const outputSelection: Record<string, Record<string, string[]>> = {}
  for (const { inputSourceName, contractName } of contracts) {
    outputSelection[inputSourceName] = { ...outputSelection[inputSourceName], [contractName]: ASKED_FOR }
  }
  return { language: input.language, sources, settings: { ...input.settings, outputSelection } }
}

/** What is compiled for a mutant: where two have the same, the compiler does the same but for the bug. */
export const keyOf = ({ compilations }: Plan): string =>
  compilations.flatMap(({ contracts }) => contracts.map(({ path }) => path)).join(' ')

/** The fast ones first: little to compile, then few tests; Solidity's random calls at the end. */
export function inOrder(plans: readonly Plan[]): Plan[] {
  const isRandom = ({ tests }: Plan) => Number(tests.some((test) => test.endsWith('.sol')))
  const codeOf = ({ compilations }: Plan) =>
    compilations.flatMap(({ contracts }) => contracts).reduce((sum, { bytecode }) => sum + bytecode.length, 0)
  return [...plans].sort(
    (a, b) => isRandom(a) - isRandom(b) || codeOf(a) - codeOf(b) || a.tests.length - b.tests.length,
  )
}

/** The contracts that a test names: all capitalised words in quotes, its own and of what it imports. */
function wordsOf(test: string): Set<string> {
  const text = [...modulesOf(test)].map((file) => readFileSync(file, 'utf8')).join('\n')
  return new Set([...text.matchAll(/(['"`])([A-Z]\w*)\1/g)].map(([, , word]) => word!))
}

function lookUp<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  if (!known.has(key)) known.set(key, make())
  return known.get(key)!
}
