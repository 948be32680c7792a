import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { judgeRun, type Judgement } from './judge.ts'
import { compilerInput, type Plan } from './plan.ts'
import { makeScratch, putCode, removeScratch } from './scratch.ts'
import { CompilerError, Solc } from './solc.ts'

/** Bytes; actors/evm/src/interpreter/system.rs MAX_CODE_SIZE (as EIP-170). */
const MAX_CODE_SIZE = 24_576
const MAX_RUN_MS = 15 * 60_000

export interface Trial extends Judgement {
  seconds: number
}

export interface Run extends Judgement {
  /** What the tests printed. */
  output: string
}

/** Where mutants are tried one after the other: a compiler and a copy of the project. */
export class Bench {
  readonly #scratch: string
  readonly #solc = new Solc()
  #running: ChildProcess | undefined

  constructor(project: string) {
    this.#scratch = makeScratch(project)
  }

  /** Compiles the mutant, puts its code into the copy, runs the tests, takes the code out again. */
  async try({ mutant, tests, compilations }: Plan): Promise<Trial> {
    const started = Date.now()
    const end = (judgement: Judgement) => ({ ...judgement, seconds: Math.round((Date.now() - started) / 1000) })
    try {
      for (const compilation of compilations) {
        const compiled = await this.#solc.compile(compilerInput(compilation, mutant))
        for (const artifact of compilation.contracts) {
          const code = compiled[artifact.inputSourceName]![artifact.contractName]!
          // it could not be deployed, and every test would be red for that
          if (sizeOf(code) > MAX_CODE_SIZE && sizeOf(artifact) <= MAX_CODE_SIZE) {
            return end({ verdict: 'invalid', why: `${artifact.contractName} has ${sizeOf(code)} bytes of code` })
          }
          putCode(this.#scratch, artifact, code)
        }
      }
      const { verdict, why } = await this.run(tests)
      return end({ verdict, why })
    } catch (error) {
      if (error instanceof CompilerError) return end({ verdict: 'invalid', why: error.message })
      throw error
    } finally {
      for (const artifact of compilations.flatMap(({ contracts }) => contracts)) {
        putCode(this.#scratch, artifact, artifact)
      }
    }
  }

  /** The names of the contracts that this compiler makes otherwise than Hardhat did: there must be none. */
  async compare({ compilations }: Plan): Promise<string[]> {
    const others: string[] = []
    for (const compilation of compilations) {
      const compiled = await this.#solc.compile(compilerInput(compilation))
      for (const { inputSourceName, contractName, bytecode, deployedBytecode } of compilation.contracts) {
        const code = compiled[inputSourceName]![contractName]!
        if (code.bytecode !== bytecode || code.deployedBytecode !== deployedBytecode) others.push(contractName)
      }
    }
    return others
  }

  /** Runs test files, mocha's to the first that is red; invariants on as many sequences as in the suite, up to the first that breaks one. */
  async run(tests: readonly string[]): Promise<Run> {
    const solidity = tests.filter((test) => test.endsWith('.sol'))
    const mocha = tests.filter((test) => !test.endsWith('.sol'))
    let run: Run = { verdict: 'invalid', why: 'it has no tests', output: '' }
    if (mocha.length > 0) run = await this.#hardhat(['test', 'mocha', '--no-compile', '--bail', ...mocha])
    if (solidity.length === 0 || (mocha.length > 0 && run.verdict !== 'survived')) return run
    return await this.#hardhat(['test', 'solidity', '--no-compile', ...solidity])
  }

  async #hardhat(args: string[]): Promise<Run> {
    const child = spawn(join(this.#scratch, 'node_modules', '.bin', 'hardhat'), args, {
      cwd: this.#scratch,
      env: { INV_RUNS: '1024', ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: MAX_RUN_MS,
    })
    this.#running = child
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    this.#running = undefined
    return { ...judgeRun(exitCode, output), output }
  }

  /** Leaves nothing behind; may be called at any time, as it waits for nothing. */
  clear(): void {
    this.#running?.kill()
    void this.#solc.stop()
    removeScratch(this.#scratch)
  }
}

const sizeOf = ({ deployedBytecode }: { deployedBytecode: string }) => (deployedBytecode.length - 2) / 2
