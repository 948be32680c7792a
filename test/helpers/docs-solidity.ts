import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import solc from 'solc'
import { repoRoot } from '../../scripts/lib/paths.ts'

/** The Solidity blocks of a page of docs/: the text after ```solidity is the file that each would be. */
export function solidityBlocks(page: string): Map<string, string> {
  const text = readFileSync(join(repoRoot, page), 'utf8')
  return new Map([...text.matchAll(/^```solidity (\S+)\n(.*?)^```$/gms)].map(([, path, block]) => [path, block]))
}

/** The package's types leave it out. */
const compileStandard = (solc as { compile: (input: string, callbacks: { import: typeof readImport }) => string })
  .compile

export interface Compiled {
  abi: []
  bytecode: string
}

/** Compiles a block where it would stand, with the settings of hardhat.config.ts. */
export function compileBlock(path: string, content: string): Compiled {
  const input = {
    language: 'Solidity',
    sources: { [path]: { content } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { [path]: { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(compileStandard(JSON.stringify(input), { import: readImport })) as {
    errors?: { severity: string; formattedMessage: string }[]
    contracts: Record<string, Record<string, { abi: []; evm: { bytecode: { object: string } } }>>
  }
  const faults = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  expect(faults.map(({ formattedMessage }) => formattedMessage)).to.deep.equal([])
  const [{ abi, evm }] = Object.values(output.contracts[path]) as [{ abi: []; evm: { bytecode: { object: string } } }]
  return { abi, bytecode: '0x' + evm.bytecode.object }
}

function readImport(path: string): { contents: string } | { error: string } {
  const file = [path, join('node_modules', path)].map((name) => join(repoRoot, name)).find((name) => existsSync(name))
  return file ? { contents: readFileSync(file, 'utf8') } : { error: `${path} is neither here nor in node_modules` }
}
