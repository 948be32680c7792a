import { RpcBadAnswer } from './rpc.ts'

/** A block as far as this program needs it. */
export interface Block {
  number: bigint
  hash: string
  parentHash: string
  /** Unix second. */
  timestamp: bigint
  /** attoFIL per gas; null on a chain without base fee. */
  baseFee: bigint | null
}

/** A log of a mined transaction. */
export interface ChainLog {
  address: string
  topics: string[]
  data: string
  blockNumber: bigint
  blockHash: string
  transactionHash: string
  /** Position within the block, as eth_getLogs counts it; on Filecoin built-in events leave gaps. */
  logIndex: number
}

export interface Receipt {
  transactionHash: string
  blockNumber: bigint
  blockHash: string
  succeeded: boolean
  gasUsed: bigint
  /** attoFIL; Lotus counts what is burned for a too high limit in, so that times `gasUsed` it is the whole cost. */
  effectiveGasPrice: bigint
  logs: ChainLog[]
}

/** A JSON-RPC quantity (0x…) as bigint. */
export function quantity(value: unknown, what: string): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-f]+$/i.test(value)) throw bad(what, 'a hex quantity', value)
  return BigInt(value)
}

/** Hex bytes; with `length`, exactly that many. */
export function hexBytes(value: unknown, what: string, length?: number): string {
  if (typeof value !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(value)) throw bad(what, 'hex bytes', value)
  if (length !== undefined && value.length !== 2 + 2 * length) throw bad(what, `${length} hex bytes`, value)
  return value.toLowerCase()
}

export function readBlock(value: unknown): Block {
  const block = fields(value, 'block')
  return {
    number: quantity(block.number, 'block.number'),
    hash: hexBytes(block.hash, 'block.hash', 32),
    parentHash: hexBytes(block.parentHash, 'block.parentHash', 32),
    timestamp: quantity(block.timestamp, 'block.timestamp'),
    baseFee: block.baseFeePerGas == null ? null : quantity(block.baseFeePerGas, 'block.baseFeePerGas'),
  }
}

/** Logs in chain order, without those that a reorg removed. */
export function readLogs(value: unknown): ChainLog[] {
  // Lotus answers null where there are none.
  if (value === null) return []
  if (!Array.isArray(value)) throw bad('logs', 'an array', value)
  return value
    .map((entry) => fields(entry, 'log'))
    .filter((log) => log.removed !== true)
    .map(readLog)
    .toSorted((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex)
}

function readLog(log: Record<string, unknown>): ChainLog {
  if (!Array.isArray(log.topics)) throw bad('log.topics', 'an array', log.topics)
  return {
    address: hexBytes(log.address, 'log.address', 20),
    topics: log.topics.map((topic) => hexBytes(topic, 'log.topics', 32)),
    data: hexBytes(log.data, 'log.data'),
    blockNumber: quantity(log.blockNumber, 'log.blockNumber'),
    blockHash: hexBytes(log.blockHash, 'log.blockHash', 32),
    transactionHash: hexBytes(log.transactionHash, 'log.transactionHash', 32),
    logIndex: Number(quantity(log.logIndex, 'log.logIndex')),
  }
}

export function readReceipt(value: unknown): Receipt {
  const receipt = fields(value, 'receipt')
  return {
    transactionHash: hexBytes(receipt.transactionHash, 'receipt.transactionHash', 32),
    blockNumber: quantity(receipt.blockNumber, 'receipt.blockNumber'),
    blockHash: hexBytes(receipt.blockHash, 'receipt.blockHash', 32),
    succeeded: quantity(receipt.status, 'receipt.status') === 1n,
    gasUsed: quantity(receipt.gasUsed, 'receipt.gasUsed'),
    effectiveGasPrice: quantity(receipt.effectiveGasPrice, 'receipt.effectiveGasPrice'),
    logs: readLogs(receipt.logs),
  }
}

function fields(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw bad(what, 'an object', value)
  return value as Record<string, unknown>
}

function bad(what: string, expected: string, actual: unknown): RpcBadAnswer {
  const shown = JSON.stringify(actual)?.slice(0, 80)
  return new RpcBadAnswer(`${what} of a JSON-RPC answer: expected ${expected}, got ${shown}`)
}
