import { Command } from 'commander'
import { readDeployment, type Deployment } from '../deploy/deployments.ts'
import { failWithWords } from '../lib/fail.ts'
import { build, connect, type Connection } from '../lib/hardhat.ts'

export interface GlobalOptions {
  network: string
  json?: boolean
}

/** What a verb works with: a network, what is deployed there, and two ways to tell the person. */
export interface CliContext extends GlobalOptions {
  connection: Connection
  deployment: Deployment
  /** Prints `facts` as one JSON object with --json, `words` otherwise. */
  say: (words: string, facts: Record<string, unknown>) => void
  /** Progress for people; nothing with --json. */
  note: (words: string) => void
}

/**
 * Wraps a verb's action: opens the network, runs it, closes it, turns errors into words and exit code 1.
 * @param readOnly The verb sends nothing and needs no key.
 */
export function withContext<A extends unknown[]>(
  action: (context: CliContext, ...args: A) => Promise<void>,
  { readOnly = false } = {},
) {
  return async function (this: Command, ...args: A): Promise<void> {
    try {
      const options = this.optsWithGlobals<GlobalOptions>()
      const deployment = readDeployment(options.network)
      await build()
      const connection = await connect(options.network, { readOnly })
      if (connection.chainId !== deployment.chainId) {
        throw new Error(`expected chain ${deployment.chainId} on '${options.network}', found ${connection.chainId}`)
      }
      await action({ ...options, connection, deployment, ...speech(options) }, ...args)
      await connection.close()
      process.exit(process.exitCode ?? 0)
    } catch (error) {
      failWithWords(error)
    }
  }
}

function speech({ json }: GlobalOptions): Pick<CliContext, 'say' | 'note'> {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return {
    say: (words, facts) => console.log(json ? JSON.stringify(facts, plain) : words),
    note: (words) => void (json || console.log(words)),
  }
}

/** A request id as a person types it. */
export function parseRequestId(text: string): bigint {
  if (!/^\d{1,78}$/.test(text) || BigInt(text) >= 2n ** 256n) {
    throw new Error(`expected a request id (a decimal number), got '${text}'`)
  }
  return BigInt(text)
}
