import { parseEther } from 'ethers'

/** Numbers of the Edge jobs, as contracts/oracle/EdgeJobs.sol has them. */
export const JOB = { pin: 1, store: 2, status: 3, fetch: 4, pack: 5 } as const

const LOCAL_CHAIN_ID = 31415926

/** What each operator that agrees on a stage earns, attoFIL. */
export interface StageFee {
  base: bigint
  /** For each GiB of the request's limit, which is counted in MiB. */
  perGiB: bigint
}

export interface JobTerms {
  job: number
  minDeadlineEpochs: number
  /** The requester proves and accepts the last stage itself; operators can only fail it. */
  concludedByRequester: boolean
  /** What each operator that agrees on a failure earns, attoFIL. */
  failureFee: bigint
  stages: StageFee[]
}

/** The Edge provider's rules on a chain: epochs of 30 s on Filecoin, amounts in attoFIL. */
export interface ProviderTerms {
  name: string
  /** Whether anybody with the stake may join; otherwise the owner admits. */
  open: boolean
  /** Operators that must agree on an answer. */
  quorum: number
  /** In which an answer can be challenged. */
  windowEpochs: number
  /** For which a request is one operator's to spend on. */
  turnEpochs: number
  /** That the arbiter has to rule. */
  rulingEpochs: number
  /** FEVM gas units: execution costs about 444 times Ethereum's figure there, so real networks need far more than the local one. */
  callbackGas: bigint
  minStake: bigint
  /** What one vote puts at stake. */
  slash: bigint
  /** The least bond of a challenge. */
  minBond: bigint
  jobs: JobTerms[]
}

const fee = (base: string, perGiB = '0'): StageFee => ({ base: parseEther(base), perGiB: parseEther(perGiB) })
const FAILURE_FEE = parseEther('0.0025')

/** Filecoin: 12 hours to challenge, 3 days for a turn, 7 days to rule. */
const FILECOIN = {
  ...{ open: false, quorum: 2, windowEpochs: 1_440, turnEpochs: 8_640, rulingEpochs: 20_160 },
  ...{ callbackGas: 450_000_000n, minStake: parseEther('50'), slash: parseEther('5'), minBond: parseEther('2') },
}

/** A chain on one machine, where an epoch lasts a second and anybody may try everything. */
const LOCAL = {
  ...{ open: true, quorum: 2, windowEpochs: 3, turnEpochs: 40, rulingEpochs: 30 },
  ...{ callbackGas: 1_000_000n, minStake: parseEther('10'), slash: parseEther('1'), minBond: parseEther('0.5') },
}

/** @param changes Rules that a test wants otherwise. */
export function edgeProviderTerms(chainId: number, changes: Partial<ProviderTerms> = {}): ProviderTerms {
  const rules = { ...(chainId === LOCAL_CHAIN_ID ? LOCAL : FILECOIN), ...changes }
  const answered = { concludedByRequester: false, failureFee: FAILURE_FEE }
  // Deals are shown when *Packed* cannot be challenged any more; the deadline leaves as much again to make them.
  const storeEpochs = Math.max(60, 2 * rules.windowEpochs)
  const [pinned, packed] = [fee('0.005', '0.001'), fee('0.01', '0.002')]
  return {
    name: 'edge',
    jobs: [
      { job: JOB.pin, minDeadlineEpochs: 20, ...answered, stages: [pinned] },
      {
        ...{ job: JOB.store, minDeadlineEpochs: storeEpochs, concludedByRequester: true, failureFee: FAILURE_FEE },
        stages: [pinned, packed, fee('0.01', '0.01')],
      },
      { job: JOB.status, minDeadlineEpochs: 20, ...answered, stages: [fee('0.0025')] },
      { job: JOB.fetch, minDeadlineEpochs: 20, ...answered, stages: [fee('0.005', '0.001')] },
      { job: JOB.pack, minDeadlineEpochs: 40, ...answered, stages: [pinned, packed] },
    ],
    ...rules,
  }
}

/** `IOracleProviders.ProviderConfig` of these terms. */
export function providerConfig(terms: ProviderTerms, arbiter: string, evidence: string) {
  const { name: _name, open: _open, ...config } = terms
  return { ...config, arbiter, evidence }
}
