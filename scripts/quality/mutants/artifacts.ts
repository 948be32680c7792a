import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the compiler makes of a contract, in the words of Hardhat's artifacts. */
export interface Code {
  abi: unknown
  /** 0x and hex, as is `deployedBytecode`; libraries to be linked leave placeholders in it. */
  bytecode: string
  deployedBytecode: string
  linkReferences: unknown
  deployedLinkReferences: unknown
  immutableReferences: unknown
}

/** An artifact of a contract that has code. */
export interface Artifact extends Code {
  /** Of its file, below the project. */
  path: string
  contractName: string
  /** Below the project, or of a package. */
  sourceName: string
  /** As the compiler knows the source. */
  inputSourceName: string
  buildInfoId: string
}

/** What the compiler was given, without what it was asked for. */
export interface CompilerInput {
  language: string
  sources: Record<string, { content: string }>
  settings: { remappings?: string[]; [setting: string]: unknown }
}

/** All contracts with code that Hardhat compiled in this project. */
export function readArtifacts(project: string): Artifact[] {
  return globSync('artifacts/{contracts,test}/**/*.json', { cwd: project })
    .sort()
    .map((path) => ({ ...(JSON.parse(readFileSync(join(project, path), 'utf8')) as Artifact), path }))
    .filter(({ bytecode }) => bytecode !== '0x')
}

/** The input that an artifact was compiled from: the very sources and settings of hardhat.config.ts. */
export function readCompilerInput(project: string, buildInfoId: string): CompilerInput {
  const file = join(project, 'artifacts', 'build-info', `${buildInfoId}.json`)
  return (JSON.parse(readFileSync(file, 'utf8')) as { input: CompilerInput }).input
}
