import type { ChainClient } from '../chain/client.ts'
import type { Perpetual } from '../chain/perpetual.ts'
import type { SectorLocator } from '../chain/sector-locator.ts'
import type { Sender } from '../chain/sender.ts'
import type { KeepingStore } from '../db/keeping.ts'

/** What a keeper needs beyond what every operator has. */
export interface KeeperParts {
  chain: Pick<ChainClient, 'blockNumber' | 'getBalance' | 'call' | 'estimateGas' | 'feeData' | 'getTransactionReceipt'>
  perpetual: Perpetual
  locator: SectorLocator
  keepings: KeepingStore
  sender: Pick<Sender, 'address' | 'submit' | 'status' | 'allow'>
}
