import type { CliContext, ReadContext } from './context.ts'

/** The registry, signing as whom the person is; only to be read where nobody signs. */
export function registryOf({ connection, deployment, signer }: ReadContext & Partial<Pick<CliContext, 'signer'>>) {
  return connection.ethers.getContractAt('OracleRegistry', deployment.contracts.OracleRegistry.address, signer)
}

export type Registry = Awaited<ReturnType<typeof registryOf>>
