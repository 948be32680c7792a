import { AbiCoder, ZeroHash } from 'ethers'
import hre from 'hardhat'
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { edgeProviderTerms, JOB } from '../../../scripts/deploy/edge-provider.ts'
import type { EdgeProvider } from '../../../types/ethers-contracts/index.js'
import { connect } from '../../helpers/network.ts'
import { PROVIDER, serve, type Service } from '../../helpers/registry.ts'

export const { ethers, networkHelpers } = await connect()
export const { loadFixture, mine, mineUpTo, setBalance } = networkHelpers
export { JOB, PROVIDER }

/** Whether the contracts carry coverage's counters, which cost gas: what a call costs says nothing then. */
export const instrumented = hre.globalOptions.coverage

export const CID = '0x01551220' + '11'.repeat(32)
export const LINK = '0x2f697034'
export const GIB = 1n << 30n
export const DAY = 2_880n

/** {EdgeJobs-DealState} */
export const DEAL = { Unknown: 0n, Published: 1n, Active: 2n, Ended: 3n, Removed: 4n }

const TERMS = edgeProviderTerms(31415926)

/** What those that agree on a failure earn together, attoFIL. */
export const FAILURE_FEE = 2n * TERMS.jobs[0].failureFee

export interface EdgeWorld extends Service {
  edge: EdgeProvider
  stranger: HardhatEthersSigner
  asker: HardhatEthersSigner
  challenger: HardhatEthersSigner
}

/** The Edge provider's jobs at the prices of `npm start`, served by three operators of whom two make the quorum. With a window of 0
 * answers are final at their quorum. Signers: 0 owns the provider, 1 is a stranger, 2 the storage provider, 3 asks, 4 challenges. */
export async function edgeWorld(windowEpochs = 0): Promise<EdgeWorld> {
  const [owner, stranger, , asker, challenger, ...others] = await ethers.getSigners()
  const seats = others.slice(0, 3).map((operator) => ({ owner: operator, reporter: operator }))
  const service = await serve({ name: 'edge', owner, seats, rules: { quorum: 2, windowEpochs, jobs: TERMS.jobs } })
  const edge = await ethers.deployContract('EdgeProvider', [service.registry, PROVIDER])
  return { ...service, edge, stranger, asker, challenger }
}

const abi = AbiCoder.defaultAbiCoder()

/** The answer of a *pin* job. */
export const pinned = (carBytes = 77n): string => abi.encode(['uint64'], [carBytes])

/** {EdgeJobs-StatusAnswer}; what is left out is zero. */
export interface Status {
  dealId: bigint
  state: bigint
  providerId?: bigint
  pieceDigest?: string
  pieceSize?: bigint
  activatedEpoch?: bigint
  startEpoch?: bigint
  endEpoch?: bigint
}

export const statusFields = (status: Status): (bigint | string)[] => [
  ...[status.dealId, status.state, status.providerId ?? 0n, status.pieceDigest ?? ZeroHash, status.pieceSize ?? 0n],
  ...[status.activatedEpoch ?? 0n, status.startEpoch ?? 0n, status.endEpoch ?? 0n],
]

const STATUS_TYPES = ['uint64', 'uint8', 'uint64', 'bytes32', 'uint64', 'int64', 'int64', 'int64']

/** The answer of a *status* job. */
export const reported = (status: Status): string => abi.encode(STATUS_TYPES, statusFields(status))
