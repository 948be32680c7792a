import { hexlify, toUtf8Bytes } from 'ethers'
import type { CID } from 'multiformats/cid'
import { DEFAULT_MAX_TERM } from '../../../oracle/chain/perpetual-rules.ts'
import { JOB } from '../../deploy/edge-provider.ts'
import type { Deployment } from '../../deploy/deployments.ts'
import type { Connection } from '../hardhat.ts'
import type { Pinning } from '../pinning.ts'
import { done, eventNamed } from './sent.ts'

/** The most that `submitRaaS` has packed, bytes of the CAR; the fee is paid for that. */
export const MAX_CAR_BYTES = 2n ** 30n

/** What is asked of the operators, and of the order that comes of it. Amounts in attoFIL, times in epochs. */
export interface Asking {
  root: CID
  /** Where the operators fetch it now, and providers later. */
  link: string
  replicas: number
  /** What the order is to begin with. */
  deposit: bigint
  /** 0: the contract's own. */
  evictEpochs: bigint
  renewalEpochs: bigint
}

/** What the order pays for a replica and epoch: the deposit is a longest term of all replicas. */
export const priceOfDeposit = (deposit: bigint, replicas: number): bigint =>
  deposit / (BigInt(replicas) * DEFAULT_MAX_TERM)

/** What the operators are paid for packing, attoFIL. */
export async function packingFee({ ethers }: Connection, { contracts, providerId }: Deployment): Promise<bigint> {
  const registry = await ethers.getContractAt('OracleRegistry', contracts.OracleRegistry.address)
  return registry.quote(providerId, JOB.pack, MAX_CAR_BYTES)
}

/** Sends `submitRaaS` and waits until it is in a block. */
export async function askForOrder(
  pinning: Pinning,
  { root, link, replicas, deposit, evictEpochs, renewalEpochs }: Asking,
  fee: bigint,
): Promise<{ id: bigint; value: bigint; transaction: string }> {
  const value = fee + deposit
  const args = [hexlify(root.bytes), toUtf8Bytes(link), replicas, evictEpochs, renewalEpochs] as const
  const result = await done(pinning, await pinning.submitRaaS(...args, { value }))
  const { id } = eventNamed(result, 'PerpetualRequested').args as unknown as { id: bigint }
  return { id, value, transaction: result.transaction }
}
