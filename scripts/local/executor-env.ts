import type { Deployment } from '../deploy/deployments.ts'
import { LOCAL_KEYS } from './keys.ts'

/** Storage providers of the local network. */
export const LOCAL_MINERS = ['t01000', 't01001', 't01002'] as const

/** Those of them that claim slots of storage orders by themselves; the others' are for a person to take. */
const CLAIMING_MINERS = ['t01001', 't01002']

/** The API key that the local Edge node takes; it listens on 127.0.0.1 only. */
export const LOCAL_EDGE_KEY = 'ESTlocal-developmentARY'

export interface LocalUrls {
  rpcUrl: string
  edgeUrl: string
  /** Where each operator serves pieces, in the order of the deployment's operators; they serve none without. */
  pieceUrls?: string[]
}

/** The environment of an operator's executor on the local network: what it would write for a real one. */
export function executorEnv(
  deployment: Deployment,
  urls: LocalUrls,
  reporterKey: string,
  dataDir: string,
  pieceUrl?: string,
): Record<string, string> {
  return {
    MOORING_RPC_URL: urls.rpcUrl,
    MOORING_CHAIN_ID: String(deployment.chainId),
    MOORING_REGISTRY: deployment.contracts.OracleRegistry.address,
    MOORING_PINNING: deployment.contracts.PinningRequests.address,
    MOORING_EDGE_PROVIDER: deployment.contracts.EdgeProvider.address,
    MOORING_PERPETUAL: deployment.contracts.PerpetualStorage.address,
    MOORING_SECTOR_LOCATOR: deployment.contracts.SectorLocator.address,
    MOORING_PROVIDER_ID: deployment.providerId,
    MOORING_START_BLOCK: String(deployment.block),
    MOORING_REPORTER_KEY: reporterKey,
    MOORING_EDGE_URLS: urls.edgeUrl,
    MOORING_EDGE_KEYS: LOCAL_EDGE_KEY,
    MOORING_MINERS: LOCAL_MINERS.join(','),
    MOORING_DATA: dataDir,
    MOORING_CONFIRMATIONS: '1',
    MOORING_POLL_MS: '300',
    MOORING_DEAL_POLL_MS: '700',
    MOORING_ALLOW_PRIVATE: '1', // blocks and deals come from this very machine
    MOORING_IPFS_LISTEN: '/ip4/127.0.0.1/tcp/0',
    MOORING_IPFS_ROUTING: 'off',
    MOORING_FETCH_TIMEOUT_MS: '60000',
    MOORING_HTTP: pieceUrl ? new URL(pieceUrl).host : 'off',
    MOORING_LOG_LEVEL: 'info',
  }
}

export function edgeEnv(
  deployment: Deployment,
  { rpcUrl, pieceUrls }: Pick<LocalUrls, 'rpcUrl' | 'pieceUrls'>,
  port: number,
  dataDir: string,
): Record<string, string> {
  return {
    EDGE_PORT: String(port),
    EDGE_DATA: dataDir,
    EDGE_API_KEYS: LOCAL_EDGE_KEY,
    EDGE_RPC_URL: rpcUrl,
    EDGE_SP_KEY: LOCAL_KEYS.storageProviders.privateKey,
    EDGE_MINERS: LOCAL_MINERS.join(','),
    EDGE_PERPETUAL: deployment.contracts.PerpetualStorage.address,
    EDGE_PERPETUAL_MINERS: CLAIMING_MINERS.join(','),
    EDGE_PERPETUAL_PIECES: (pieceUrls ?? []).join(','),
    EDGE_PERPETUAL_SEAL_AFTER_MS: '30000', // the executors' turn to have the deal made comes first
    EDGE_BUCKET_AGE_MS: '2000',
    EDGE_STEP_MS: '150',
    EDGE_START_EPOCHS: '6', // a real deal starts days later; the contract counts it from its start on
  }
}
