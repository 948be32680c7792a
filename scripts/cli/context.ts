import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { Command } from 'commander'
import { readDeployment, type Deployment } from '../deploy/deployments.ts'
import { failWithWords } from '../lib/fail.ts'
import { build, connect, type Connection } from '../lib/hardhat.ts'
import { signerOf } from '../lib/signer.ts'

export interface GlobalOptions {
  network: string
  from?: string
  json?: boolean
}

/** What a verb works with: a network, what is deployed there, and two ways to tell the person. */
export interface ReadContext extends GlobalOptions {
  connection: Connection
  deployment: Deployment
  /** Prints `facts` as one JSON object with --json, `words` otherwise. */
  say: (words: string, facts: Record<string, unknown>) => void
  /** Progress for people; nothing with --json. */
  note: (words: string) => void
}

/** What a verb works with that sends. */
export interface CliContext extends ReadContext {
  signer: HardhatEthersSigner
}

/** Wraps the action of a verb that sends: opens the network, runs it, closes it, turns errors into words and exit code 1. */
export function withContext<A extends unknown[]>(action: (context: CliContext, ...args: A) => Promise<void>) {
  return wrap<A>(false, async (context, ...args) => {
    await action({ ...context, signer: await signerOf(context.connection, context.from) }, ...args)
  })
}

/** Like {@link withContext}, for a verb that sends nothing and needs no key. */
export function withReader<A extends unknown[]>(action: (context: ReadContext, ...args: A) => Promise<void>) {
  return wrap(true, action)
}

function wrap<A extends unknown[]>(readOnly: boolean, action: (context: ReadContext, ...args: A) => Promise<void>) {
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

function speech({ json }: GlobalOptions): Pick<ReadContext, 'say' | 'note'> {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return {
    say: (words, facts) => console.log(json ? JSON.stringify(facts, plain) : words),
    note: (words) => void (json || console.log(words)),
  }
}

/** A request id as a person types it. */
export const parseRequestId = (text: string): bigint => parseId('a request id (a decimal number)', text)

/** A number in decimal digits that fits an EVM word. @param what What was expected, for the error. */
export function parseId(what: string, text: string): bigint {
  if (!/^\d{1,78}$/.test(text) || BigInt(text) >= 2n ** 256n) throw new Error(`expected ${what}, got '${text}'`)
  return BigInt(text)
}
