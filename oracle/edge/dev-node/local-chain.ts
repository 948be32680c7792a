import { JsonRpcProvider, Network, Wallet } from 'ethers'
import type { DevNodeStore } from './store.ts'
import { createTransactionLane, type TransactionLane } from './transaction-lane.ts'

/** The only chain with Filecoin's actors' stand-ins; named, so that the key signs for no other. */
const LOCAL_CHAIN_ID = 31415926n

export interface LocalChainOptions {
  rpcUrl: string
  /** Controls the miners; pays for gas and collateral. */
  spKey: string
  store: DevNodeStore
}

/** The local chain, and the one lane on which everything is sent that the miners' key signs. */
export interface LocalChain {
  provider: JsonRpcProvider
  /** The key's account. */
  address: string
  lane: TransactionLane
  stop(): void
}

export function createLocalChain({ rpcUrl, spKey, store }: LocalChainOptions): LocalChain {
  const provider = new JsonRpcProvider(rpcUrl, LOCAL_CHAIN_ID, {
    staticNetwork: Network.from(LOCAL_CHAIN_ID),
    cacheTimeout: -1,
  })
  const wallet = new Wallet(spKey, provider)
  const stopping = new AbortController()
  return {
    provider,
    address: wallet.address,
    lane: createTransactionLane(wallet, provider, store, stopping.signal),
    stop() {
      stopping.abort()
      provider.destroy()
    },
  }
}
