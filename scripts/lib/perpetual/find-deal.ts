import { getBytes, id as topicOf, toBeHex } from 'ethers'
import { DEAL_STATES, type DealState } from '../../../oracle/chain/jobs.ts'
import { samePiece, type Piece } from '../../../oracle/proofs/piece.ts'
import type { Deployment } from '../../deploy/deployments.ts'
import { MARKET_ADDRESS } from '../../local/market.ts'
import type { Connection } from '../hardhat.ts'

/** The chain whose market actor is a stand-in, which tells of its deals in events; the real one's cannot be asked for by provider. */
const LOCAL_CHAIN_ID = 31415926

const PUBLISHED = topicOf('DealPublished(uint64,address,uint64)')

/** A deal of a provider for a piece. */
export interface FoundDeal {
  dealId: bigint
  state: DealState
}

/** A provider's deals for `piece` that are published or active, the newest first; nothing where the network has no list of them. */
export async function findDeals(
  { ethers, chainId }: Pick<Connection, 'ethers' | 'chainId'>,
  { contracts, block }: Deployment,
  provider: bigint,
  piece: Piece,
): Promise<FoundDeal[]> {
  if (chainId !== LOCAL_CHAIN_ID) return []
  const edge = await ethers.getContractAt('EdgeProvider', contracts.EdgeProvider.address)
  const logs = await ethers.provider.getLogs({
    ...{ address: MARKET_ADDRESS, fromBlock: block, toBlock: 'latest' },
    topics: [PUBLISHED, null, null, toBeHex(provider, 32)],
  })
  const found: FoundDeal[] = []
  for (const log of logs.reverse()) {
    const dealId = BigInt(log.topics[1]!)
    const status = await edge.dealStatus(dealId)
    const state = DEAL_STATES[Number(status.state)]!
    const stored = { digest: getBytes(status.pieceDigest), size: status.pieceSize }
    if ((state === 'Published' || state === 'Active') && samePiece(stored, piece)) found.push({ dealId, state })
  }
  return found
}
