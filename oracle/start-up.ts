import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs } from './backoff.ts'
import type { ChainClient } from './chain/client.ts'
import type { Contracts } from './chain/contracts.ts'
import { NotADao, readDaoParts, type DaoParts } from './chain/dao.ts'
import type { Config } from './config.ts'
import { createEdgeClient, type EdgeClient } from './edge/client.ts'
import { ConfigError, RetryableError } from './errors.ts'
import type { Logger } from './logger.ts'

/** Repeats what needs the chain until an endpoint answers: an executor may be started before its node. */
export async function untilReachable<T>(work: () => Promise<T>, log: Logger): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error
      const waitMs = backoffMs(failures, { baseMs: 1_000, capMs: 30_000 })
      log.warn({ err: error, waitMs }, 'the chain cannot be reached yet')
      await sleep(waitMs)
    }
  }
}

/** The operator whose votes `reporter` casts. @throws ConfigError when it is no operator's, or one of another provider. */
export async function findOperator(contracts: Contracts, reporter: string, providerId: bigint): Promise<bigint> {
  const operatorId = await contracts.operatorOf(reporter)
  const serves = operatorId === 0n ? undefined : await contracts.providerOf(operatorId)
  if (serves === providerId) return operatorId

  const found =
    serves === undefined ? 'no active operator’s' : `operator ${operatorId}’s, which serves provider ${serves}`
  throw new ConfigError([
    `MOORING_REPORTER_KEY: expected the key of a reporter of provider ${providerId}, got that of ${reporter}, which is ${found}. Join the provider with it (OracleRegistry.join, acceptReporter), or correct MOORING_PROVIDER_ID.`,
  ])
}

/** The DataDAOs at `addresses`. @throws ConfigError that names each address at which there is none. */
export async function findDaos(chain: Pick<ChainClient, 'call'>, addresses: string[]): Promise<DaoParts[]> {
  const found: DaoParts[] = []
  const faults: string[] = []
  for (const address of addresses) {
    try {
      found.push(await readDaoParts(chain, address))
    } catch (error) {
      if (!(error instanceof NotADao)) throw error
      faults.push(
        `MOORING_DAOS: expected addresses of DataDAOs, but ${error.message}. Correct the address, or remove it.`,
      )
    }
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return found
}

/** A client for each configured Edge node, in order. */
export function createEdgeClients({ edgeUrls, edgeKeys }: Config, log: Logger): EdgeClient[] {
  return edgeUrls.map((baseUrl, i) => createEdgeClient({ baseUrl, apiKey: edgeKeys[i] ?? edgeKeys[0]!, log }))
}
