import { hexlify, type BaseContract, type Signer } from 'ethers'
import type { CID } from 'multiformats/cid'
import type { Deployment } from '../deploy/deployments.ts'
import type { Connection } from './hardhat.ts'

/** What a request asks for. Epochs of 30 s on Filecoin; amounts in attoFIL. */
export interface RequestTerms {
  replicas: number
  minTermEpochs: bigint
  deadlineEpochs: bigint
  maxBytes: bigint
  rewardPerReplica: bigint
}

/** 180 days, what a request asks of each deal unless told otherwise; the shortest deal that the market actor takes. */
export const DEFAULT_TERM_EPOCHS = 518_400n

/** What a request costs, attoFIL. */
export interface Cost {
  /** For the operators' work: it grows with `maxBytes`. */
  fee: bigint
  /** For the deals: replicas × rewardPerReplica. */
  rewards: bigint
}

export interface Submitted {
  id: bigint
  /** What was paid in all. */
  value: bigint
  transaction: string
}

/** Sends `submitWithTerms` and waits until it is in a block. @param onQuote Told what it costs before anything is sent. */
export async function submitRequest(
  connection: Connection,
  deployment: Deployment,
  root: CID,
  fetchLink: string,
  terms: RequestTerms,
  { signer, onQuote }: { signer?: Signer; onQuote?: (cost: Cost) => void } = {},
): Promise<Submitted> {
  const { ethers } = connection
  const { address } = deployment.contracts.PinningRequests
  const pinning: BaseContract = await ethers.getContractAt('PinningRequests', address, signer)
  const contractTerms = {
    replicas: terms.replicas,
    minTermEpochs: terms.minTermEpochs,
    deadlineEpoch: BigInt(await ethers.provider.getBlockNumber()) + terms.deadlineEpochs,
    maxBytes: terms.maxBytes,
    rewardPerReplica: terms.rewardPerReplica,
    allowExistingDeals: false,
    pieceCid: '0x',
    pieceSize: 0,
  }
  const [fee, rewards] = (await pinning.getFunction('quote').staticCall(contractTerms)) as unknown as [bigint, bigint]
  onQuote?.({ fee, rewards })
  const sent = await pinning
    .getFunction('submitWithTerms')
    .send(hexlify(root.bytes), ethers.toUtf8Bytes(fetchLink), contractTerms, { value: fee + rewards })
  const receipt = await sent.wait()
  for (const log of receipt?.logs ?? []) {
    const parsed = pinning.interface.parseLog(log)
    if (parsed?.name === 'PinningRequested') {
      return { id: parsed.args[0] as bigint, value: fee + rewards, transaction: sent.hash }
    }
  }
  throw new Error(`transaction ${sent.hash} shows no PinningRequested event`)
}
