import { Transaction, isError } from 'ethers'
import type { JsonRpcProvider, TransactionReceipt, Wallet } from 'ethers'
import type { DevNodeStore } from './store.ts'

/** A transaction that is not in a block after this long is sent again. */
const RESEND_MS = 5_000
const POLL_MS = 100

interface Call {
  to: string
  /** Calldata, hex. */
  data: string
  /** attoFIL. */
  value: bigint
}

export interface TransactionLane {
  /**
   * Sends one transaction (with `value` attoFIL) under `key` and waits for its receipt. It is written down, signed, before it is sent: after a crash the same key
   * finds it or sends the very same again, so it happens once.
   */
  send(key: string, to: string, data: string, value?: bigint): Promise<TransactionReceipt>
}

/** The transactions of one key, one after another. */
export function createTransactionLane(
  wallet: Wallet,
  provider: JsonRpcProvider,
  store: DevNodeStore,
  signal: AbortSignal,
): TransactionLane {
  let last: Promise<unknown> = Promise.resolve()

  function send(key: string, to: string, data: string, value = 0n): Promise<TransactionReceipt> {
    const mine = last.then(() => sendNow(key, { to, data, value }))
    last = mine.catch(() => undefined) // the next one does not fail with it; the caller has the error
    return mine
  }

  async function sendNow(key: string, call: Call): Promise<TransactionReceipt> {
    for (;;) {
      signal.throwIfAborted()
      const { raw, hash } = store.sent(key) ?? (await sign(key, call))
      const receipt = (await provider.getTransactionReceipt(hash)) ?? (await broadcast(raw, hash))
      if (receipt) return receipt

      const used = await provider.getTransactionCount(wallet.address, 'latest')
      const { nonce } = Transaction.from(raw)
      // Someone else used the nonce: this transaction can never happen any more.
      if (used > nonce && !(await provider.getTransactionReceipt(hash))) await sign(key, call)
    }
  }

  async function sign(key: string, call: Call): Promise<{ raw: string; hash: string }> {
    const filled = await wallet.populateTransaction(call) // estimates gas: what would revert is not sent
    const raw = await wallet.signTransaction(filled)
    const hash = Transaction.from(raw).hash!
    store.noteSent(key, raw, hash)
    return { raw, hash }
  }

  async function broadcast(raw: string, hash: string): Promise<TransactionReceipt | null> {
    try {
      await provider.broadcastTransaction(raw)
    } catch (error) {
      if (!isKnown(error)) throw error
    }
    const deadline = Date.now() + RESEND_MS
    while (Date.now() < deadline) {
      signal.throwIfAborted()
      const receipt = await provider.getTransactionReceipt(hash)
      if (receipt) return receipt
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    return null
  }

  return { send }
}

/** The node has it already, or its nonce is used: the receipt tells which. */
function isKnown(error: unknown): boolean {
  return (
    isError(error, 'NONCE_EXPIRED') ||
    (error instanceof Error && /already known|already imported|nonce too low/i.test(error.message))
  )
}
