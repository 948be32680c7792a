import { parseEther } from 'ethers'

/** Numbers of the Edge jobs, as contracts/oracle/EdgeJobs.sol has them. */
export const JOB = { pin: 1, store: 2, status: 3 } as const

export interface JobTerms {
  job: number
  minDeadlineEpochs: number
  /** The requester proves and accepts the last stage itself; operators can only fail it. */
  concludedByRequester: boolean
  /** attoFIL, one per stage */
  stageFees: bigint[]
}

export interface ProviderTerms {
  name: string
  quorum: number
  windowEpochs: number
  /** FEVM gas units: execution costs about 444 times Ethereum's figure there, so real networks need far more than the local one. */
  callbackGas: bigint
  jobs: JobTerms[]
}

/** The Edge provider's rules on a chain. One operator, quorum 1. */
export function edgeProviderTerms(chainId: number): ProviderTerms {
  return {
    name: 'edge',
    quorum: 1,
    windowEpochs: 0,
    callbackGas: chainId === 31415926 ? 1_000_000n : 450_000_000n,
    jobs: [
      { job: JOB.pin, minDeadlineEpochs: 20, concludedByRequester: false, stageFees: [parseEther('0.01')] },
      {
        job: JOB.store,
        minDeadlineEpochs: 60,
        concludedByRequester: true,
        stageFees: [parseEther('0.01'), parseEther('0.02'), parseEther('0.02')],
      },
      { job: JOB.status, minDeadlineEpochs: 20, concludedByRequester: false, stageFees: [parseEther('0.005')] },
    ],
  }
}
