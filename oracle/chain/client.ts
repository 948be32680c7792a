import type { Logger } from 'pino'
import {
  type Block,
  type ChainLog,
  hexBytes,
  quantity,
  type Receipt,
  readBlock,
  readLogs,
  readReceipt,
} from './answers.ts'
import { createEndpoints, type EndpointsOptions, isFault } from './endpoints.ts'
import { NullRound, RpcBadAnswer } from './rpc.ts'

export interface CallRequest {
  to: string
  /** Calldata, hex. */
  data: string
  from?: string
  /** attoFIL. */
  value?: bigint
}

/** Inclusive range; a topic position is one value, several that all match, or null for any. */
export interface LogFilter {
  address: string | string[]
  topics?: (string | string[] | null)[]
  fromBlock: bigint
  toBlock: bigint
}

/** attoFIL per gas. */
export interface FeeData {
  baseFee: bigint
  tip: bigint
}

/**
 * What the executor asks of a chain, whichever endpoint answers. Any method throws
 * {@link NoEndpoint} when none could.
 */
export interface ChainClient {
  chainId(): Promise<bigint>
  /** The newest block whose transactions are executed. */
  blockNumber(): Promise<bigint>
  /** The newest block that is final (Lotus: F3's certificate or the EC finality calculator). */
  finalizedNumber(): Promise<bigint>
  /** The block at `number`, which must not be above the head; null for a null round, in whatever way the node says it. */
  getBlock(number: bigint): Promise<Block | null>
  /** Logs in chain order. Throws {@link RangeTooWide} when fewer blocks must be asked for. */
  getLogs(filter: LogFilter): Promise<ChainLog[]>
  /** The call's return data. Throws {@link CallReverted} with the revert's bytes. */
  call(call: CallRequest, at?: bigint | 'latest'): Promise<string>
  /** Throws {@link CallReverted}. Lotus adds 25 % by itself. */
  estimateGas(call: CallRequest): Promise<bigint>
  getCode(address: string): Promise<string>
  getBalance(address: string): Promise<bigint>
  /** Null while unmined, and for ever when another transaction took its nonce. */
  getTransactionReceipt(hash: string): Promise<Receipt | null>
  /** Whether a node knows the transaction, mined or not. */
  hasTransaction(hash: string): Promise<boolean>
  /** The account's next nonce, at a block or with the mempool's transactions counted in (`pending`). */
  getTransactionCount(address: string, at: bigint | 'latest' | 'pending'): Promise<number>
  feeData(): Promise<FeeData>
  /** Returns the hash. Throws {@link TransactionRefused}. */
  sendRawTransaction(raw: string): Promise<string>
  /** Hash of block 0; null where the node does not serve it. */
  genesisHash(): Promise<string | null>
}

export type ChainClientOptions = Pick<EndpointsOptions, 'urls'> & { log: Logger } & Partial<EndpointsOptions>

const DEFAULTS = {
  timeoutMs: 20_000,
  cooldownMs: 2_000,
  maxLagBlocks: 5n,
  lagCheckMs: 30_000,
  now: Date.now,
}

export function createChainClient(options: ChainClientOptions): ChainClient {
  const endpoints = createEndpoints({ ...DEFAULTS, ...options })
  const { ask } = endpoints

  async function block(tag: string, needs?: bigint): Promise<Block | null> {
    try {
      return (await ask(
        'eth_getBlockByNumber',
        [tag, false],
        (answer) => answer && readBlock(answer),
        needs,
      )) as Block | null
    } catch (error) {
      if (error instanceof NullRound) return null
      throw error
    }
  }

  async function taggedBlock(tag: 'latest' | 'finalized'): Promise<Block> {
    const found = await block(tag)
    if (found === null) throw new RpcBadAnswer(`no block answers to the tag '${tag}'`)
    return found
  }

  return {
    chainId: endpoints.chainId,
    blockNumber: endpoints.head,
    finalizedNumber: async () => (await taggedBlock('finalized')).number,

    async getBlock(number) {
      const found = await block(hex(number), number)
      // Forest before mid-2026 answers a null round with the tipset before it.
      return found === null || found.number < number ? null : found
    },

    async getLogs({ address, topics, fromBlock, toBlock }) {
      const filter = { address, topics: topics ?? [], fromBlock: hex(fromBlock), toBlock: hex(toBlock) }
      return ask('eth_getLogs', [filter], readLogs, toBlock)
    },

    call: (call, at = 'latest') =>
      ask('eth_call', [callParams(call), tag(at)], (answer) => hexBytes(answer, 'eth_call'), needsOf(at)),

    estimateGas: (call) => ask('eth_estimateGas', [callParams(call)], (answer) => quantity(answer, 'eth_estimateGas')),

    getCode: (address) => ask('eth_getCode', [address, 'latest'], (answer) => hexBytes(answer, 'eth_getCode')),

    getBalance: (address) => ask('eth_getBalance', [address, 'latest'], (answer) => quantity(answer, 'eth_getBalance')),

    getTransactionReceipt: (hash) =>
      ask('eth_getTransactionReceipt', [hash], (answer) => (answer === null ? null : readReceipt(answer))),

    hasTransaction: (hash) => ask('eth_getTransactionByHash', [hash], (answer) => answer !== null),

    getTransactionCount: (address, at) =>
      ask(
        'eth_getTransactionCount',
        [address, tag(at)],
        (answer) => Number(quantity(answer, 'eth_getTransactionCount')),
        needsOf(at),
      ),

    async feeData() {
      const latest = await taggedBlock('latest')
      const tip = await ask('eth_maxPriorityFeePerGas', [], (answer) => quantity(answer, 'eth_maxPriorityFeePerGas'))
      return { baseFee: latest.baseFee ?? 0n, tip }
    },

    sendRawTransaction: (raw) =>
      ask('eth_sendRawTransaction', [raw], (answer) => hexBytes(answer, 'eth_sendRawTransaction', 32)),

    async genesisHash() {
      try {
        return (await block('0x0'))?.hash ?? null
      } catch (error) {
        // Gateways serve the last 24 h only and refuse older blocks.
        if (isFault(error)) return null
        throw error
      }
    },
  }
}

const hex = (number: bigint) => `0x${number.toString(16)}`

const tag = (at: bigint | 'latest' | 'pending') => (typeof at === 'bigint' ? hex(at) : at)

const needsOf = (at: bigint | string) => (typeof at === 'bigint' ? at : undefined)

function callParams({ to, data, from, value }: CallRequest): Record<string, string> {
  return { to, data, ...(from && { from }), ...(value && { value: hex(value) }) }
}
