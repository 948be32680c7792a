import { Transaction, Wallet } from 'ethers'
import { ConfigError } from '../errors.ts'
import type { Fees } from './sender-fees.ts'

/** A transaction to sign: EIP-1559 with an empty access list, the only typed kind that Filecoin takes (FIP-0091). */
export interface Unsigned extends Fees {
  chainId: bigint
  nonce: number
  to: string
  data: string
  value: bigint
  gasLimit: bigint
}

/** Holds the private key and gives it to nobody. */
export interface SigningKey {
  address: string
  sign(transaction: Unsigned): Promise<{ raw: string; hash: string }>
}

/** @param privateKey 32 bytes, hex. */
export function createSigningKey(privateKey: string): SigningKey {
  const wallet = readWallet(privateKey)
  return {
    address: wallet.address,
    async sign(transaction) {
      const raw = await wallet.signTransaction({ type: 2, ...transaction })
      return { raw, hash: Transaction.from(raw).hash! }
    },
  }
}

/** A stored transaction's hash and terms. */
export function readSigned(raw: string): Unsigned & { hash: string } {
  const { hash, chainId, nonce, to, data, value, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(raw)
  return {
    hash: hash!,
    chainId,
    nonce,
    to: to!,
    data,
    value,
    gasLimit,
    maxFeePerGas: maxFeePerGas!,
    maxPriorityFeePerGas: maxPriorityFeePerGas!,
  }
}

function readWallet(privateKey: string): Wallet {
  try {
    return new Wallet(privateKey)
  } catch {
    // The library's own message may hold the key.
    throw new ConfigError(['the signing key is not a private key; expected 32 bytes as hex (0x and 64 digits)'])
  }
}
