import { setTimeout as wait } from 'node:timers/promises'
import { id, toBeHex, zeroPadValue } from 'ethers'
import pino from 'pino'
import { startAnvil } from '../../scripts/local/anvil.ts'
import { freePort } from '../../scripts/local/ports.ts'

/** A real chain process with its controls. */
export interface TestChain {
  url: string
  rpc<T = unknown>(method: string, params?: unknown[]): Promise<T>
  mine(blocks?: number): Promise<void>
  head(): Promise<bigint>
  stop(): Promise<void>
}

/** Accounts 0 and 1 of the chain's well-known test mnemonic: 10,000 coins each. */
export const KEYS = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
] as const

export const silent = pino({ level: process.env.TEST_LOG ?? 'silent' })

/** Starts a chain of its own, id 31415926, with the {@link EMITTER} on it; it mines a block per transaction unless told otherwise. */
export async function startChain({ statePath }: { statePath?: string } = {}): Promise<TestChain> {
  const anvil = await startAnvil({ port: await freePort(0), chainId: 31415926, blockTimeSeconds: 0, statePath })
  const { url } = anvil

  async function rpc<T>(method: string, params: unknown[] = []): Promise<T> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as { result: T; error?: { message: string } }
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  await rpc('anvil_setCode', [EMITTER, EMITTER_CODE])
  return {
    url,
    rpc,
    mine: async (blocks = 1) => void (await rpc('anvil_mine', [toHex(blocks)])),
    head: async () => BigInt(await rpc<string>('eth_blockNumber')),
    stop: anvil.stop,
  }
}

/** Waits for a condition, 20 ms between looks; fails after 10 s. */
export async function until(condition: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await condition()); await wait(20)) {
    if (Date.now() > end) throw new Error(`condition not met within ${timeoutMs} ms: ${condition.toString()}`)
  }
}

const toHex = (number: number) => `0x${number.toString(16)}`

/**
 * A contract that emits `Emitted(bytes32 indexed word)` with the first word of its calldata; while its storage slot 0 is not zero it
 * reverts with `Refused(bytes32 word)` instead.
 */
export const EMITTER = '0x00000000000000000000000000000000000e1117'
export const EMITTER_ABI = ['event Emitted(bytes32 indexed word)', 'error Refused(bytes32 word)']
const EMITTED = id('Emitted(bytes32)')
const REFUSED = id('Refused(bytes32)').slice(0, 10)
export const EMITTER_CODE =
  '0x5f54602c57' + // slot 0 set: go to 0x2c
  `5f357f${EMITTED.slice(2)}5f5fa200` + // log2(0, 0, EMITTED, calldata[0..32]); stop
  `5b63${REFUSED.slice(2)}5f525f35602052` + // memory: …selector at 28, word at 32
  '6024601cfd' // revert(28, 36)

/** Calldata and the expected event for a word, as the sender takes them. */
export function emission(word: number): {
  to: string
  data: string
  expectEvent: { address: string; topics: string[] }
} {
  const data = zeroPadValue(toBeHex(word), 32)
  return { to: EMITTER, data, expectEvent: { address: EMITTER, topics: [EMITTED, data] } }
}

/** Makes the emitter revert, or emit again. */
export async function setRefusing(chain: TestChain, refusing: boolean): Promise<void> {
  await chain.rpc('anvil_setStorageAt', [EMITTER, '0x0', zeroPadValue(toBeHex(refusing ? 1 : 0), 32)])
}

/** Emits a word from account 1, unlocked, and waits for its block (the chain must mine by itself). */
export async function emit(chain: TestChain, word: number): Promise<string> {
  const { to, data } = emission(word)
  const [, from] = await chain.rpc<string[]>('eth_accounts')
  const hash = await chain.rpc<string>('eth_sendTransaction', [{ from, to, data, gas: '0x186a0' }])
  await until(async () => (await chain.rpc('eth_getTransactionReceipt', [hash])) !== null)
  return hash
}

/** How often a word was emitted in the chain as it is now. */
export async function countEmitted(chain: TestChain, word: number): Promise<number> {
  const { address, topics } = emission(word).expectEvent
  return (await chain.rpc<unknown[]>('eth_getLogs', [{ address, topics, fromBlock: '0x0', toBlock: 'latest' }])).length
}
