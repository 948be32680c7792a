import { Worker } from 'node:worker_threads'
import type { Code, CompilerInput } from './artifacts.ts'

/** By source, then by contract. */
export type Compiled = Record<string, Record<string, Code>>

interface CompilerOutput {
  errors?: { severity: string; formattedMessage: string }[]
  contracts?: Record<string, Record<string, { abi: unknown; evm: { bytecode: Bytecode; deployedBytecode: Bytecode } }>>
}

interface Bytecode {
  object: string
  linkReferences: unknown
  immutableReferences?: unknown
}

export class CompilerError extends Error {
  override name = 'CompilerError'
}

/** The compiler in a thread of its own, loaded once. It answers one question at a time. */
export class Solc {
  readonly #worker = new Worker(new URL('./solc-worker.ts', import.meta.url))

  /** Throws {@link CompilerError} with the compiler's words. */
  async compile(input: CompilerInput): Promise<Compiled> {
    const output = await new Promise<string>((resolve, reject) => {
      this.#worker.once('error', reject)
      this.#worker.once('message', (answer: string) => {
        this.#worker.off('error', reject)
        resolve(answer)
      })
      this.#worker.postMessage(JSON.stringify(input))
    })
    return readOutput(JSON.parse(output) as CompilerOutput)
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}

function readOutput({ errors = [], contracts = {} }: CompilerOutput): Compiled {
  const error = errors.find(({ severity }) => severity === 'error')
  if (error) throw new CompilerError(error.formattedMessage)
  return mapValues(contracts, (ofSource) =>
    mapValues(ofSource, ({ abi, evm: { bytecode, deployedBytecode } }) => ({
      abi,
      bytecode: `0x${bytecode.object}`,
      deployedBytecode: `0x${deployedBytecode.object}`,
      linkReferences: bytecode.linkReferences,
      deployedLinkReferences: deployedBytecode.linkReferences,
      immutableReferences: deployedBytecode.immutableReferences,
    })),
  )
}

function mapValues<From, To>(of: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]))
}
