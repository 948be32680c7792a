import type { Signer } from 'ethers'
import type { Deployment } from '../deploy/deployments.ts'
import type { Connection } from './hardhat.ts'

/** PinningRequests of a deployment; to be read only where nobody signs. */
export function pinningAt({ ethers }: Pick<Connection, 'ethers'>, { contracts }: Deployment, signer?: Signer) {
  return ethers.getContractAt('IPinningRequests', contracts.PinningRequests.address, signer)
}

export type Pinning = Awaited<ReturnType<typeof pinningAt>>
