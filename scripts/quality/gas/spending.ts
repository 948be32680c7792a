import type { ContractTransactionReceipt } from 'ethers'
import type { Connection } from '../../lib/hardhat.ts'

/** Where the gas of one transaction went, EVM gas by kind. */
export type Spending = Record<SpendingKind, bigint>
export const SPENDING_KINDS = [
  'intrinsic',
  'newWords',
  'changedWords',
  'coldWords',
  'coldCode',
  'logs',
  'rest',
] as const
export type SpendingKind = (typeof SPENDING_KINDS)[number]

interface Step {
  op: string
  gasCost: number
  depth: number
  stack: string[]
}

/** EIP-2929 and EIP-2200: what the first touch of a word or an account costs, and a write beside it. */
const COLD_WORD = 2_100n
const COLD_ACCOUNT = 2_600n
const NEW_WORD = 20_000n
const WORD_BYTES = 32
const CALLS = ['CALL', 'STATICCALL', 'DELEGATECALL', 'CALLCODE']

/** Reads it off the transaction's trace: the first touch of each word and account, writes, logs; the rest is computing. */
export async function spendingOf(
  connection: Connection,
  { hash, gasUsed }: ContractTransactionReceipt,
): Promise<Spending> {
  const { structLogs } = (await connection.send('debug_traceTransaction', [hash, { disableMemory: true }])) as {
    structLogs: Step[]
  }
  const tx = (await connection.ethers.provider.getTransaction(hash))!
  const touched = new Set([tx.from.toLowerCase(), tx.to!.toLowerCase()])
  const spent: Spending = {
    intrinsic: intrinsicOf(tx.data),
    newWords: 0n,
    changedWords: 0n,
    coldWords: 0n,
    coldCode: 0n,
    logs: 0n,
    rest: 0n,
  }
  for (const { op, gasCost, stack } of structLogs) {
    const cost = BigInt(gasCost)
    if (op === 'SLOAD' && cost >= COLD_WORD) spent.coldWords += cost
    else if (op === 'SSTORE') spent[cost >= NEW_WORD ? 'newWords' : 'changedWords'] += cost
    else if (op.startsWith('LOG')) spent.logs += cost
    else if (CALLS.includes(op)) {
      const address = accountOf(stack.at(-2)!)
      if (!touched.has(address) && !isPrecompile(address)) spent.coldCode += COLD_ACCOUNT
      touched.add(address)
    }
  }
  const told = SPENDING_KINDS.reduce((sum, kind) => sum + spent[kind], 0n)
  return { ...spent, rest: gasUsed - told }
}

/** EIP-2028: 21,000, and 4 or 16 a byte of the call. */
function intrinsicOf(data: string): bigint {
  const bytes = Buffer.from(data.slice(2), 'hex')
  return 21_000n + bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n)
}

const accountOf = (word: string) =>
  '0x' +
  word
    .replace(/^0x/, '')
    .padStart(2 * WORD_BYTES, '0')
    .slice(-40)
const isPrecompile = (address: string) => BigInt(address) < 0x20n
