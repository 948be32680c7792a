import type { ReadContext } from './context.ts'
import type { Registry } from './registry.ts'

/** A provider with the rules that are in force. */
export interface ProviderFacts {
  id: bigint
  name: string
  owner: string
  open: boolean
  version: bigint
  /** The version that is announced; 0 if none is. */
  proposedVersion: bigint
  proposedEpoch: bigint
  quorum: bigint
  /** attoFIL */
  minStake: bigint
  /** Operators that have a seat under the version in force. */
  operators: bigint[]
}

/** The id of a provider as a person types it: `edge`, the one that is deployed here, or a number. */
export function parseProvider({ deployment }: ReadContext, text: string): bigint {
  if (text === 'edge') return BigInt(deployment.providerId)
  if (/^[1-9]\d{0,77}$/.test(text)) return BigInt(text)
  throw new Error(`--provider expects edge or a provider's id, got '${text}'`)
}

export async function readProvider(registry: Registry, id: bigint): Promise<ProviderFacts> {
  const provider = await registry.getProvider(id)
  const config = await registry.getConfig(id, provider.version)
  return {
    id,
    name: provider.name,
    owner: provider.owner,
    open: provider.open,
    version: provider.version,
    proposedVersion: provider.proposedVersion,
    proposedEpoch: provider.proposedEpoch,
    quorum: config.quorum,
    minStake: config.minStake,
    operators: [...(await registry.operatorsOf(id, provider.version))],
  }
}
