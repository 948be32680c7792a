import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'

const require = createRequire(import.meta.url)

const READY_WITHIN_MS = 15_000
const STOP_WITHIN_MS = 2_000

/** The chain process that `startAnvil` started. */
export interface Anvil {
  /** Its JSON-RPC address over HTTP. */
  url: string
  pid: number
  /** Ends it, which writes the state when it keeps one, and waits until it has ended. Rejects when it had to be killed. */
  stop(): Promise<void>
}

export interface AnvilOptions {
  port: number
  chainId: number
  /** Seconds between blocks, fractions allowed; 0 mines each transaction at once. */
  blockTimeSeconds: number
  /** Where the chain is read from at the start, and written to at the end. */
  statePath?: string
  /** Where its output goes; nowhere by default. */
  logFile?: string
}

/** The path of anvil: the binary that npm installed for this platform, else `anvil` on PATH.
 * @throws Error that says how to get one when there is neither. */
export function anvilBinary(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const packageName = `@foundry-rs/anvil-${process.platform}-${arch}`
  const file = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  try {
    return require.resolve(`${packageName}/bin/${file}`)
  } catch (cause) {
    if (!spawnSync(file, ['--version'], { stdio: 'ignore' }).error) return file
    throw new Error(
      `the local chain needs anvil: neither the npm package ${packageName} nor \`anvil\` on PATH was found. ` +
        'Run `npm install --include=optional`, or install Foundry (https://getfoundry.sh).',
      { cause },
    )
  }
}

/** Starts a chain process on 127.0.0.1 and waits until its JSON-RPC answers. `finalized` trails the head by two blocks.
 * @throws Error when it ends before it answers (a busy port, an unreadable state), with its exit code and the log's place. */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  const url = `http://127.0.0.1:${options.port}`
  if (await answers(url)) throw new Error(`port ${options.port} is busy: something answers there already`)

  // An inherited pipe would keep the parent's shell waiting for an orphan.
  const log = options.logFile ? openSync(options.logFile, 'a') : 'ignore'
  // In a group of its own: a terminal's ^C is for its parent, which stops what uses the chain before it.
  const child = spawn(anvilBinary(), flags(options), { stdio: ['ignore', log, log], detached: true })
  if (typeof log === 'number') closeSync(log)

  const settled = new AbortController()
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const killWithParent = () => child.kill('SIGTERM')
  process.once('exit', killWithParent)

  const failure = await Promise.race([ended, ready(url, settled.signal)])
  settled.abort()
  if (failure !== undefined) {
    process.off('exit', killWithParent)
    child.kill('SIGKILL')
    const seeLog = options.logFile ? `; see ${options.logFile}` : ''
    throw new Error(`anvil on port ${options.port} did not come up: ${failure}${seeLog}`)
  }

  return {
    url,
    pid: child.pid!,
    async stop() {
      process.off('exit', killWithParent)
      const hung = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
      child.kill('SIGTERM')
      const how = await ended
      clearTimeout(hung)
      if (how !== 'exit code 0') throw new Error(`the chain did not end by itself (${how}): its state was not saved`)
    },
  }
}

function flags({ port, chainId, blockTimeSeconds, statePath }: AnvilOptions): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId)],
    ...['--hardfork', 'cancun', '--slots-in-an-epoch', '1'],
    ...(blockTimeSeconds > 0 ? ['--block-time', String(blockTimeSeconds)] : []),
    ...(statePath ? ['--state', statePath] : []),
  ]
}

/** Resolves with nothing once the node answers, or with words when it does not in time. */
async function ready(url: string, stopped: AbortSignal): Promise<string | undefined> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline && !stopped.aborted) {
    if (await answers(url)) return undefined
    await delay(25)
  }
  return `no answer within ${READY_WITHIN_MS} ms`
}

async function answers(url: string): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return response.ok
  } catch {
    return false
  }
}
